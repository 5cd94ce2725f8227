//! What is recorded of an installed client, beside its files.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Client, Parts, is_no_text, read_own_text_in, unreadable};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::system::directory::Directory;
use crate::tdengine::digest::Sha256;
use crate::tdengine::version::{Edition, Version};

/// The receipt's name in the client's folder.
pub(super) const FILE: &str = "receipt.toml";

/// How a package was found to be the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// Its SHA-256 stands in the catalog.
    Catalog,
    /// Its SHA-256 was given with `--sha256`.
    Given,
    /// Its SHA-256 is in a `taos-setup.lock`.
    LockFile,
    /// Its SHA-256 is in a list that a key of `--trust-key` signed.
    SignedList,
    /// Its size and MD5 stand in the vendor's own list, which came from the vendor.
    VendorList,
    /// It had no known digest, and was trusted with `--trust-on-first-use`.
    FirstUse,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Catalog => "catalog",
            Self::Given => "given",
            Self::LockFile => "lock-file",
            Self::SignedList => "signed-list",
            Self::VendorList => "vendor-list",
            Self::FirstUse => "first-use",
        })
    }
}

/// The record of one installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The form of this record: 1.
    pub schema: u32,
    /// Community or Enterprise.
    pub edition: Edition,
    /// The client's version.
    pub version: Version,
    /// The platform, `linux-x64`.
    pub platform: String,
    /// The name of the package's file; never its address.
    pub source: String,
    /// The package's size in bytes.
    pub size: u64,
    /// The package's SHA-256.
    pub sha256: Sha256,
    /// How it was found to be the right one.
    pub verified: Verified,
    /// Which parts of it are installed.
    #[serde(default)]
    pub parts: Parts,
    /// When it was installed, RFC 3339 in UTC.
    pub installed_at: String,
    /// Every file.
    pub files: Vec<InstalledFile>,
    /// Every symbolic link.
    #[serde(default)]
    pub links: Vec<InstalledLink>,
}

/// A file of an installed client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledFile {
    /// Its path inside the client's folder, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
}

/// A symbolic link of an installed client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledLink {
    /// Its path inside the client's folder, with `/`.
    pub path: String,
    /// What it points to, relative to its own folder.
    pub target: String,
}

impl Receipt {
    /// Reads the receipt at `path`. Errors: `file-unreadable`, `file-unparsable`.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let folder = path.parent().unwrap_or(path);
        let opened = Directory::open_named(folder).map_err(|error| unreadable(path, &error))?;
        Self::read_in(&opened, folder)
    }

    /// Reads the receipt in the open directory `folder`, whose path is `at`. Errors as for [`Self::read`].
    pub(super) fn read_in(folder: &Directory, at: &Path) -> Result<Self> {
        let path = &at.join(FILE);
        let broken = |observed: Message| {
            let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
            let folder = folder.to_string_lossy();
            let version = folder.split('-').nth(1).unwrap_or("VERSION");
            Error::new(
                ErrorId::FileUnparsable,
                message!("store-read", path = printable_path(path)),
                observed,
                message!("store-receipt-next", version = version),
            )
        };
        let text = read_own_text_in(folder, FILE).map_err(|error| match is_no_text(&error) {
            true => broken(describe_io_error(&error)),
            false => unreadable(path, &error),
        })?;
        toml::from_str(&text).map_err(|error| broken(Message::quoted(printable(error.message()))))
    }

    /// Whether it tells of `client`: a prefix may hold another one.
    pub fn is_of(&self, client: &Client) -> bool {
        (self.edition, self.version) == (client.edition, client.version)
            && self.platform == client.platform.to_string()
    }

    /// The first file or link that is no longer as it was installed in `prefix`, by presence and size: quick, not thorough.
    /// Files in `etc/` are the user's to change; of them presence is enough.
    pub fn first_difference(&self, prefix: &Path) -> Option<String> {
        let changed_file = |file: &&InstalledFile| {
            fs::symlink_metadata(prefix.join(&file.path)).map_or(true, |found| {
                !found.is_file() || (found.len() != file.size && !file.path.starts_with("etc/"))
            })
        };
        let changed_link = |link: &&InstalledLink| {
            fs::read_link(prefix.join(&link.path))
                .map_or(true, |target| target != Path::new(&link.target))
        };
        let file = self
            .files
            .iter()
            .find(changed_file)
            .map(|file| file.path.clone());
        file.or_else(|| {
            self.links
                .iter()
                .find(changed_link)
                .map(|link| link.path.clone())
        })
    }
}
