//! Files that a project's manifest includes.

use std::path::Path;

use super::parents::{ParentManifest, read, real};
use crate::project::language::ManifestFile;

/// The files that the manifest `text` of the project in `root` includes, and those that they include, as far as they can be read:
/// they are only read, and what cannot be read decides nothing.
pub(super) fn of_project(root: &Path, manifest: &ManifestFile, text: &str) -> Vec<ParentManifest> {
    /// Projects do not include more.
    const MOST: usize = 32;
    let of = |folder: &str, text: &str| -> Vec<String> {
        let paths = manifest.format.reader().includes(text).into_iter();
        paths.map(|path| format!("{folder}{path}")).collect()
    };
    let root = real(root);
    let mut included: Vec<ParentManifest> = Vec::new();
    let mut waiting = of("", text);
    while let Some(path) = waiting.pop().filter(|_| included.len() < MOST) {
        if included.iter().any(|known| known.path == path) {
            continue;
        }
        if let Some(file) = read(&root, manifest, path) {
            // Catalogs and properties include nothing.
            if !is_list(&file.path) {
                waiting.extend(of(file.folder(), &file.text));
            }
            included.push(file);
        }
    }
    included
}

/// Whether the file at `path` is a list that includes no others.
fn is_list(path: &str) -> bool {
    let endings = [".toml", ".properties", ".gradle", ".kts"];
    endings.iter().any(|ending| path.ends_with(ending))
}
