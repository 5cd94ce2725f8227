//! The requirement that is put to the manifest.

use super::ProjectSetup;
use crate::catalog::connectors::{Choice, Connectors, VersionRules, numbers};
use crate::error::Result;
use crate::init::parents::ParentManifest;
use crate::init::surroundings::Surroundings;
use crate::init::{imported_manifests, included_files};
use crate::project::edit::Edit;
use crate::project::files;
use crate::project::pins::{Pin, ranged_pin};
use crate::project::requirement::{RequiredSection, Requirement};
use crate::project::template::render_file;

impl ProjectSetup<'_> {
    /// Returns what is known of other versions of the package of `choice`.
    fn rules(&self, choice: &Choice) -> VersionRules<'static> {
        let connector = Connectors::built_in().of_language(self.language.id, choice.package);
        VersionRules::new(connector, self.transport, self.server)
    }

    /// Returns the release whose program runs with the version that the manifest has after `edit`: `text`.
    pub(super) fn release_of_program(
        &self,
        text: &str,
        edit: &Edit,
        requirement: Requirement,
    ) -> Choice {
        let reader = self.language.manifest.format.reader();
        let package = self.choice.package;
        let asked = edit.asked.as_deref();
        let pin_of = |asked: &str| ranged_pin(package, asked, true, "");
        let is_ours = |pin: Pin| pin.numbers() == numbers(self.choice.version);
        if edit.insertion.is_some() && asked.and_then(pin_of).is_some_and(is_ours) {
            return self.choice.clone();
        }
        let pins = reader.pins(text, "").unwrap_or_default();
        let named = pins.into_iter().find(|pin| pin.package == package);
        let Some(pin) = named.or_else(|| asked.and_then(pin_of)) else {
            return self.choice.clone();
        };
        let versions = requirement.asked(&pin.asked, |it| reader.admits(&pin.asked, it));
        let version = versions.taken.unwrap_or(&pin.version);
        let catalog = Connectors::built_in();
        let (language, transport) = (self.language.id, self.transport);
        let older = catalog.release_for_program(&self.choice, language, transport, version);
        older.unwrap_or_else(|| self.choice.clone())
    }

    /// The versions of the connector that the lock files of the project hold.
    pub(super) fn locked_versions(&self, around: &Surroundings) -> Vec<String> {
        let mut versions: Vec<String> = Vec::new();
        for found in self.locks(around) {
            let Some(format) = found.lock.format else {
                continue;
            };
            // What cannot be read decides nothing.
            let Ok(Some(bytes)) = files::read_lock(&found.file) else {
                continue;
            };
            let text = String::from_utf8_lossy(&bytes);
            let pins = format.reader().pins(&text, "").unwrap_or_default();
            let ours = pins
                .into_iter()
                .filter(|pin| pin.package == self.choice.package);
            versions.extend(ours.map(|pin| pin.version));
        }
        versions
    }

    /// The manifests `parents`, and the files that the project's own, `text`, includes: their paths and texts.
    pub(super) fn others(&self, text: &str, parents: Vec<ParentManifest>) -> Vec<(String, String)> {
        let manifest = &self.language.manifest;
        let included = included_files::of_project(self.root, manifest, text);
        let imported = imported_manifests::of_project(self.root, manifest, text, &parents);
        let all = parents.into_iter().chain(included).chain(imported);
        all.map(|it| (it.path, it.text)).collect()
    }

    /// What the manifest is to name for `choice`, with what is read beside it.
    pub(super) fn requirement<'r>(
        &'r self,
        choice: &'r Choice,
        retired: &'r [&'r str],
        parents: &'r [(String, String)],
        locked: &'r [String],
    ) -> Requirement<'r> {
        Requirement {
            file: &self.language.manifest.file,
            package: choice.manifest_package(),
            version: choice.manifest_version(),
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
            is_pinned: self.is_pinned,
            location: self.location,
            locked,
            // What is known is known of the connector, not of what loads it.
            rules: match choice.loader {
                Some(_) => VersionRules::NONE,
                None => self.rules(choice),
            },
            list: self.list,
            sections: &[],
        }
    }

    /// Returns the sections that the manifest, and the files that it includes, are to have.
    pub(super) fn sections(&self, around: &Surroundings) -> Result<Vec<RequiredSection>> {
        let values = self.values(&self.language.existing, around)?;
        let templates = self.language.manifest.sections.iter();
        let section = |template: &String| {
            Ok(RequiredSection {
                text: render_file(self.language.id, template, &values)?,
                is_assumed: self.asked.is_none(),
            })
        };
        templates.map(section).collect()
    }
}
