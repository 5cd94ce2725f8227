//! Notes on packages that `init` finds in a project and does not change.

use crate::catalog::connectors::Connectors;
use crate::message::{Message, message};
use crate::project::language::ProjectLanguage;

/// Notes about packages in the manifest `text` of a project in `language` that have the name of a connector, but are not one.
pub(super) fn unrelated_packages(language: &ProjectLanguage, text: &str) -> Vec<Message> {
    let manifest = &language.manifest;
    let strangers = Connectors::built_in().strangers(language.id);
    let notes = strangers.filter_map(|stranger| {
        let line = manifest
            .format
            .reader()
            .line_that_names(text, &stranger.package)?;
        Some(message!(
            "init-unrelated-package",
            file = manifest.file,
            line = line,
            package = stranger.package,
            why = Message::from(stranger.why.clone())
        ))
    });
    notes.collect()
}

/// Notes about packages in the manifest `text` of a project in `language` that others maintain.
pub(super) fn community_packages(language: &ProjectLanguage, text: &str) -> Vec<Message> {
    let manifest = &language.manifest;
    let packages = Connectors::built_in().community(language.id);
    let notes = packages.filter_map(|package| {
        let line = manifest
            .format
            .reader()
            .line_that_names(text, &package.package)?;
        Some(message!(
            "init-community-package",
            file = manifest.file,
            line = line,
            package = package.package,
            what = Message::from(package.what.clone())
        ))
    });
    notes.collect()
}
