//! The requirement that is put to the manifest.

use super::ProjectSetup;
use crate::catalog::connectors::{Choice, Connectors, VersionRules};
use crate::init::included_files;
use crate::init::parents::ParentManifest;
use crate::project::requirement::Requirement;

impl ProjectSetup<'_> {
    /// Returns what is known of other versions of the package of `choice`.
    fn rules(&self, choice: &Choice) -> VersionRules<'static> {
        let connector = Connectors::built_in().of_language(self.language.id, choice.package);
        VersionRules::new(connector, self.transport, self.server)
    }

    /// Returns the release whose program runs with what the manifest `text` asks for.
    pub(super) fn release_of_program(&self, text: &str) -> Choice {
        let reader = self.language.manifest.format.reader();
        let pins = reader.pins(text, "").unwrap_or_default();
        let package = self.choice.package;
        let ours = pins.iter().find(|pin| pin.package == package);
        let catalog = Connectors::built_in();
        let (language, transport) = (self.language.id, self.transport);
        let older = ours.and_then(|pin| {
            catalog.release_for_program(&self.choice, language, transport, &pin.version)
        });
        older.unwrap_or_else(|| self.choice.clone())
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
        retired: &'r [&'r str],
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
            all_parts: choice.all_parts,
            companions: choice.companions,
            parents,
            upgrade: self.upgrade,
            location: self.location,
            rules: self.rules(choice),
            list: self.list,
        }
    }
}
