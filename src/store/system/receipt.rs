//! The record of what was put into the system's folders.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::place::Found;
use crate::store::{Parts, Verified};
use crate::tdengine::digest::Sha256;
use crate::tdengine::version::{Edition, Version};

/// Where files are put.
const OURS: &[&str] = &["/usr/local/lib", "/usr/local/include", "/usr/local/bin"];
/// Where the vendor's installer makes links, which are moved out of the way and back, and nothing is ever put.
const VENDORS: &[&str] = &["/usr/lib", "/usr/lib64", "/usr/include", "/usr/bin"];
/// The one file of configuration.
const CONFIG: &str = "/etc/taos/taos.cfg";

/// What is installed for every user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemReceipt {
    /// The form of this record: 1.
    pub schema: u32,
    /// Community or Enterprise.
    pub edition: Edition,
    /// The client's version.
    pub version: Version,
    /// The platform, `linux-x64`.
    pub platform: String,
    /// The name of the package's file.
    pub source: String,
    /// The package's SHA-256.
    pub sha256: Sha256,
    /// How it was found to be the right one.
    pub verified: Verified,
    /// Which parts of it are placed.
    #[serde(default)]
    pub parts: Parts,
    /// When its files were placed, RFC 3339 in UTC.
    pub installed_at: String,
    /// The store that they are copies from.
    pub store: PathBuf,
    /// The folders that were made for them, outer ones first.
    #[serde(default)]
    pub folders: Vec<String>,
    /// What was placed and what was moved away.
    #[serde(default)]
    pub paths: Vec<PlacedPath>,
}

/// A path of the system that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedPath {
    /// The path, from the root.
    pub path: String,
    /// What was put there; nothing where something was only moved away.
    pub put: Option<Put>,
    /// What was there before, by its name in the folder of backups.
    pub backup: Option<String>,
}

/// What was put at a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Put {
    /// A file.
    File {
        /// Its size in bytes.
        size: u64,
        /// Its SHA-256.
        sha256: Sha256,
    },
    /// A symbolic link.
    Link {
        /// What it points to.
        target: String,
    },
}

impl Put {
    /// Whether it is what was found.
    pub fn is(&self, found: &Found) -> bool {
        match (self, found) {
            (Self::File { size, sha256 }, Found::File { size: s, sha256: d }) => {
                size == s && sha256 == d
            }
            (Self::Link { target }, Found::Link(found)) => found.as_os_str() == target.as_str(),
            _ => false,
        }
    }
}

impl SystemReceipt {
    /// What is recorded of `path`.
    pub fn of(&self, path: &str) -> Option<&PlacedPath> {
        self.paths.iter().find(|placed| placed.path == path)
    }

    /// Whether every path is one that this program changes: a forged record cannot lead elsewhere.
    pub(super) fn is_honest(&self) -> bool {
        self.schema == 1
            && self.folders.iter().all(|folder| is_folder(folder))
            && self.paths.iter().all(|placed| {
                let here = match placed.put {
                    Some(_) => is_target(&placed.path),
                    None => is_changeable(&placed.path),
                };
                here && placed.backup.as_deref().is_none_or(is_backup)
            })
    }
}

/// Whether files are put at `path`.
pub(super) fn is_target(path: &str) -> bool {
    is_plain(path) && (path == CONFIG || is_below(path, OURS))
}

/// Whether anything is ever changed at `path`.
pub(super) fn is_changeable(path: &str) -> bool {
    is_target(path) || (is_plain(path) && is_below(path, VENDORS))
}

/// Whether `name` is one in the folder of backups.
pub(super) fn is_backup(name: &str) -> bool {
    name.split_once('/').is_some_and(|(number, path)| {
        number.parse::<u32>().is_ok() && is_changeable(&format!("/{path}"))
    })
}

/// Whether `path` is a folder that is made for files.
pub(super) fn is_folder(path: &str) -> bool {
    is_plain(path)
        && (path == "/etc/taos"
            || path == "/usr/local"
            || OURS.contains(&path)
            || is_below(path, OURS))
}

fn is_below(path: &str, folders: &[&str]) -> bool {
    folders.iter().any(|folder| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

fn is_plain(path: &str) -> bool {
    let plain = |component| matches!(component, Component::RootDir | Component::Normal(_));
    // A path that is written in one way only.
    let normal: PathBuf = Path::new(path).components().collect();
    Path::new(path).components().all(plain) && normal.to_str() == Some(path) && !path.contains('\0')
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
