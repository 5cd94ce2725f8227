//! A change of the system's directories, as its use case requests it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::message::{Message, message};
use crate::tdengine::digest::Sha256;
use crate::tdengine::version::Version;

/// The name of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemChangeName {
    /// A client of this version is installed for all users.
    Installation(Version),
    /// It is removed.
    Removal(Version),
}

impl SystemChangeName {
    /// A noun phrase.
    pub fn describe(self) -> Message {
        match self {
            Self::Installation(version) => message!("system-installation", version = version),
            Self::Removal(version) => message!("system-removal", version = version),
        }
    }
}

/// One path that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The path, from the root.
    pub path: String,
    /// What comes there.
    pub comes: Comes,
    /// What becomes of what is there.
    pub goes: Goes,
}

/// What comes to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comes {
    /// Nothing.
    Nothing,
    /// A copy of this file, which is read again and must have this digest; root's, 0755 or 0644.
    Copy {
        /// The file.
        from: PathBuf,
        /// Its SHA-256.
        sha256: Sha256,
    },
    /// A file with these bytes; with the owner and the permissions of the file that goes, else root's, 0644.
    Bytes(Vec<u8>),
    /// A symbolic link to this.
    Link(String),
    /// What has this name in the folder of backups.
    Restored(String),
}

/// What becomes of what is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Nothing is there.
    Nothing,
    /// It is deleted once all is done.
    Deleted,
    /// It is kept in the folder of backups, under this name.
    Kept(String),
}
