//! Which files are read, which directories are skipped (`manifests/migrations.toml`).

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::syntax::Syntax;
use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};

static BUILT_IN: BuiltIn<Migrations> = BuiltIn::new("manifests/migrations.toml", || {
    parsed(toml::from_str(include_str!(
        "../../manifests/migrations.toml"
    )))
});

/// The content of `manifests/migrations.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migrations {
    /// The first release of a package that has what the new connection needs.
    pub first_release: BTreeMap<String, String>,
    skipped: Skipped,
    kind: Vec<FileKind>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skipped {
    directories: Vec<String>,
    build: Vec<BuildDirectory>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildDirectory {
    directory: String,
    next_to: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKind {
    syntax: Syntax,
    #[serde(default)]
    extensions: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    prefixes: Vec<String>,
}

/// Checks the data that is built in.
///
/// # Errors
/// `unexpected` if it is damaged.
pub fn check_built_in() -> Result<()> {
    BUILT_IN.get().map(|_| ())
}

impl Migrations {
    /// The data that is built in.
    pub fn built_in() -> &'static Self {
        BUILT_IN.checked()
    }

    /// Returns how the file `name` is written; `None` if such files are not read.
    pub fn syntax(&self, name: &str) -> Option<Syntax> {
        let extension = Path::new(name).extension().and_then(|it| it.to_str());
        let has = |kind: &&FileKind| {
            kind.names.iter().any(|known| known == name)
                || kind
                    .prefixes
                    .iter()
                    .any(|prefix| name.starts_with(prefix.as_str()))
                || extension.is_some_and(|extension| {
                    kind.extensions
                        .iter()
                        .any(|known| known.eq_ignore_ascii_case(extension))
                })
        };
        self.kind.iter().find(has).map(|kind| kind.syntax)
    }

    /// Returns whether the directory `name` has other people's code or a build's results; `parent` is the directory it is in.
    pub fn skips(&self, name: &str, parent: &Path) -> bool {
        self.skipped.directories.iter().any(|known| known == name)
            || self
                .skipped
                .build
                .iter()
                .filter(|build| build.directory == name)
                .any(|build| build.next_to.iter().any(|file| has_file(parent, file)))
    }
}

/// Whether `directory` has the file `pattern`, which may begin with `*`.
fn has_file(directory: &Path, pattern: &str) -> bool {
    let Some(ending) = pattern.strip_prefix('*') else {
        return directory.join(pattern).is_file();
    };
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .take(10_000)
        .any(|entry| entry.file_name().to_string_lossy().ends_with(ending))
}

#[cfg(test)]
mod tests;
