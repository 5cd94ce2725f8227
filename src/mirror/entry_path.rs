//! Paths of files in a mirror.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The longest path, in bytes.
const LONGEST_PATH: usize = 512;
/// The longest name of a file or directory, in bytes: what every file system has.
const LONGEST_NAME: usize = 255;

/// The path of a file from the mirror's directory, with `/`. It stays below the directory on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EntryPath(String);

impl EntryPath {
    /// Returns `text` as a path; `None` if it is empty, absolute, too long, leads outside, or has characters that not every system has in names.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain =
            !text.is_empty() && text.len() <= LONGEST_PATH && text.split('/').all(is_plain_name);
        is_plain.then(|| Self(text.to_owned()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path below `directory`.
    pub fn below(&self, directory: &Path) -> PathBuf {
        let mut path = directory.to_path_buf();
        path.extend(self.0.split('/'));
        path
    }
}

/// Whether `name` is the same name everywhere: no dots alone, no separators, none of the characters that Windows refuses, nothing that cannot be
/// printed. Names with `.taos-setup` in front are this program's own.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name != "."
        && name != ".."
        && !name.ends_with(['.', ' '])
        && !name.starts_with(".taos-setup")
        && name.chars().all(|c| {
            !c.is_control() && !matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        })
}

impl fmt::Display for EntryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EntryPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("invalid path"))
    }
}
