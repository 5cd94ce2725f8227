//! What of a Spring Boot project is read next to its manifest: its settings, and the package of its classes.

use std::path::Path;

use super::surroundings::Surroundings;
use crate::project::files::ProjectRoot;
use crate::project::manifest::ManifestFormat;
use crate::project::spring::{self, SettingsFile};

/// The files with settings of the project in `directory`, in the order in which Spring Boot looks for them. A module without any is
/// part of an application whose settings are in another module: those are returned. They are only read, and what cannot be read
/// decides nothing.
pub(super) fn settings(directory: &ProjectRoot, around: &Surroundings) -> Vec<SettingsFile> {
    let own = of_directory(directory, "");
    if !own.is_empty() {
        return own;
    }
    let mut found = Vec::new();
    for (place, path, member) in &around.siblings {
        if let Ok(sibling) = ProjectRoot::open(&place.join(member)) {
            found.extend(of_directory(&sibling, &format!("{path}{member}/")));
        }
    }
    found
}

/// The files in `directory`, whose path is `prefix` with a `/` at its end.
fn of_directory(directory: &ProjectRoot, prefix: &str) -> Vec<SettingsFile> {
    /// Applications have fewer profiles.
    const MOST: usize = 64;
    let mut files = Vec::new();
    for folder in spring::DIRECTORIES {
        let names = directory.names_in(folder);
        for name in names.iter().filter(|it| spring::is_settings_file(it)) {
            let path = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            if files.len() >= MOST {
                return files;
            }
            if let Ok(Some(bytes)) = directory.read(&path) {
                files.push(SettingsFile {
                    path: format!("{prefix}{path}"),
                    text: String::from_utf8_lossy(&bytes).into_owned(),
                });
            }
        }
    }
    files
}

/// The directories of the other modules of the build that the manifest `text` in `place` leads, at most 64.
pub(super) fn modules(format: ManifestFormat, text: &str) -> Vec<String> {
    let mut modules = format.reader().workspace_members(text);
    modules.retain(|it| !Path::new(it).is_absolute() && !it.split('/').any(|part| part == ".."));
    modules.truncate(64);
    modules
}

/// The package of the application's classes: the names of the directories below `src/main/java` down to the first that has a source, or
/// several directories.
pub(super) fn package(directory: &ProjectRoot) -> String {
    /// Packages have fewer parts.
    const DEEPEST: usize = 8;
    let mut folder = String::from("src/main/java");
    let mut parts: Vec<String> = Vec::new();
    while parts.len() < DEEPEST {
        let names = directory.names_in(&folder);
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match names.as_slice() {
            [only] if is_name(only) => {
                folder = format!("{folder}/{only}");
                parts.push(only.clone());
            }
            _ => break,
        }
    }
    if parts.is_empty() {
        return "com.example".into();
    }
    parts.join(".")
}
