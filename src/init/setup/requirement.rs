//! What the manifest is asked for.

use super::ProjectSetup;
use crate::catalog::connectors::Choice;
use crate::error::Result;
use crate::init::included_files;
use crate::init::parents::{self, ParentManifest};
use crate::project::manifest;
use crate::project::requirement::Requirement;

impl ProjectSetup<'_> {
    /// The first of the releases `newer` that the manifest asks for as it stands.
    pub(in crate::init) fn newer_that_is_there(
        &self,
        newer: Vec<Choice>,
    ) -> Result<Option<Choice>> {
        let Some(manifest) = self.directory.read(&self.language.manifest.file)? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&manifest);
        let parents = parents::of_project(self.root, &self.language.manifest, &text);
        let others = self.others(&text, parents);
        Ok(newer.into_iter().find(|choice| {
            let requirement = Requirement {
                upgrade: false,
                ..self.requirement(choice, &[], &others)
            };
            let format = self.language.manifest.format;
            let edit = manifest::edit(format, "", &manifest, requirement);
            edit.is_ok_and(|edit| edit.insertion.is_none())
        }))
    }

    /// The manifests `parents`, and the files that the project's own, `text`, includes: their paths and texts.
    pub(super) fn others(&self, text: &str, parents: Vec<ParentManifest>) -> Vec<(String, String)> {
        let included = included_files::of_project(self.root, &self.language.manifest, text);
        let all = parents.into_iter().chain(included);
        all.map(|it| (it.path, it.text)).collect()
    }

    /// What the manifest is to name for `choice`, with what is read beside it.
    pub(super) fn requirement<'r>(
        &'r self,
        choice: &'r Choice,
        retired: &'r [(&'r str, &'r str)],
        parents: &'r [(String, String)],
    ) -> Requirement<'r> {
        Requirement {
            package: if choice.built_in { "" } else { choice.package },
            version: choice.version,
            runtime: choice.runtime,
            runtime_below: choice.runtime_below,
            classifier: self.classifier,
            retired,
            parts: choice.parts,
            or_parts: choice.or_parts,
            companions: choice.companions,
            parents,
            upgrade: self.upgrade,
            location: self.location,
        }
    }
}
