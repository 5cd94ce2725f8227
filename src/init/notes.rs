//! What `init` finds in a project and leaves alone, although its user should know of it.

use std::path::Path;

use crate::catalog::connectors::Connectors;
use crate::project::files;
use crate::project::language::{Language, Layout};

/// Notes about packages that the manifest `text` of a project in `language` takes for connectors.
pub(super) fn strangers(language: &Language, text: &str) -> Vec<String> {
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

/// Notes about files in `root` that say what the program of `layout` may use, and do not say what it uses. They are only read, and
/// what cannot be read decides nothing.
pub(super) fn beside(root: &Path, layout: &Layout) -> Vec<String> {
    let silent = layout.beside.iter().filter(|beside| {
        let content = files::read_outside(&root.join(&beside.file));
        let content = content.ok().flatten();
        content.is_some_and(|it| !beside.says.any_in(&String::from_utf8_lossy(&it)))
    });
    silent
        .map(|beside| format!("{} {}", beside.file, beside.note))
        .collect()
}
