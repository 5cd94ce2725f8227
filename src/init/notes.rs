//! What `init` finds in a project and leaves alone, although its user should know of it.

use crate::catalog::connectors::Connectors;
use crate::project::language::ProjectLanguage;

/// Notes about packages that the manifest `text` of a project in `language` takes for connectors.
pub(super) fn strangers(language: &ProjectLanguage, text: &str) -> Vec<String> {
    let manifest = &language.manifest;
    let strangers = Connectors::built_in().strangers(language.id);
    let notes = strangers.filter_map(|stranger| {
        let line = manifest
            .format
            .reader()
            .line_that_names(text, &stranger.package)?;
        Some(format!(
            "{}:{line} names {}, which is no connector: {}; take it out",
            manifest.file, stranger.package, stranger.why
        ))
    });
    notes.collect()
}
