//! `trust.toml`: the digests that this user gave or trusted on first use. They are enforced afterwards.

use std::ffi::OsStr;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Lock, Store, Verified, disk, is_no_text, read_own_text, unreadable, unwritable};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::safety::printable::{printable, printable_path};
use crate::signature::{AcceptedLists, SignedList};
use crate::tdengine::digest::Sha256;

pub(super) const NAME: &str = "trust.toml";
/// The signed lists that were accepted.
pub(super) const LISTS: &str = "accepted-lists.toml";

/// All that is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// The form of the file: 1.
    pub schema: u32,
    /// One entry a package file.
    #[serde(default, rename = "package")]
    pub packages: Vec<TrustedPackage>,
}

/// A package file and the bytes that are right for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedPackage {
    /// The file's name, as the vendor gives it.
    pub file: String,
    /// Its SHA-256.
    pub sha256: Sha256,
    /// How it came to be trusted.
    pub verified: Verified,
}

impl Trust {
    /// What is recorded for `file`.
    pub fn of(&self, file: &str) -> Option<&TrustedPackage> {
        self.packages.iter().find(|package| package.file == file)
    }
}

impl Store {
    fn trust_path(&self) -> PathBuf {
        self.home.join(NAME)
    }

    /// What is recorded; nothing where the file is missing. A file that does not parse is an error, never ignored: it
    /// may hold the digest that would have caught a forged package.
    pub fn trust(&self) -> Result<Trust> {
        read_toml(self, NAME)
    }

    /// The signed lists that were accepted; none if the file is missing.
    ///
    /// # Errors
    /// `file-unreadable`, `file-unparsable`: without it, an older list could be accepted.
    pub fn accepted_lists(&self) -> Result<AcceptedLists> {
        read_toml(self, LISTS)
    }
}

pub(super) fn read_toml<T: DeserializeOwned + Default>(store: &Store, name: &str) -> Result<T> {
    let path = store.home.join(name);
    let text = match read_own_text(store, name) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(T::default());
        }
        Err(error) if is_no_text(&error) => {
            return Err(Error::new(
                ErrorId::FileUnparsable,
                message!("store-read", path = printable_path(&path)),
                describe_io_error(&error),
                message!("store-trust-next"),
            ));
        }
        Err(error) => return Err(unreadable(&path, &error)),
    };
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].lines().count().max(1));
        Error::new(
            ErrorId::FileUnparsable,
            message!("store-read", path = printable_path(&path)),
            message!(
                "store-trust-line",
                line = line,
                why = printable(error.message())
            ),
            message!("store-trust-line-next"),
        )
    })
}

impl Lock {
    /// Records that `list` was accepted, so that no older one is from then on. Error `file-unwritable`.
    pub fn accept_list(&self, list: &SignedList) -> Result<()> {
        let mut accepted = self.store().accepted_lists()?;
        if !accepted.accept(list) {
            return Ok(());
        }
        let path = self.store().home.join(LISTS);
        let text = super::toml_text(&path, &accepted)?;
        disk::replace(self.home(), OsStr::new(LISTS), text.as_bytes())
            .map_err(|error| unwritable(&path, &error))
    }

    /// Records `package`, in place of what was recorded for the same file. Error `file-unwritable`.
    pub fn record_trust(&self, package: TrustedPackage) -> Result<()> {
        let mut trust = self.store().trust()?;
        trust.schema = 1;
        trust.packages.retain(|known| known.file != package.file);
        trust.packages.push(package);
        trust.packages.sort_by(|a, b| a.file.cmp(&b.file));
        let path = self.store().trust_path();
        let text = super::toml_text(&path, &trust)?;
        disk::replace(self.home(), OsStr::new(NAME), text.as_bytes())
            .map_err(|error| unwritable(&path, &error))
    }
}

#[cfg(test)]
mod tests;
