//! `own-catalog.toml`: the company's catalog that this user accepted, with its signature and the key that made it.

use std::ffi::OsStr;
use std::io::ErrorKind;

use serde::{Deserialize, Serialize};

use super::trust::read_toml;
use super::{Lock, Store, disk, unwritable};
use crate::error::Result;

/// The name of the file in the store.
pub(super) const NAME: &str = "own-catalog.toml";

/// A catalog that was accepted. All of it is in one file, so that its parts always fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedCatalog {
    /// The form of the file: 1; 0 if there is no catalog.
    pub schema: u32,
    /// The key that signed it, as minisign writes public keys.
    #[serde(default)]
    pub key: String,
    /// The signature file.
    #[serde(default)]
    pub signature: String,
    /// The catalog.
    #[serde(default)]
    pub catalog: String,
}

impl Store {
    /// The catalog that was accepted, if there is one.
    ///
    /// # Errors
    /// `file-unreadable`, `file-unparsable`.
    pub fn accepted_catalog(&self) -> Result<Option<AcceptedCatalog>> {
        // A store that cannot be used is reported by what uses more of it.
        let missing = std::fs::symlink_metadata(self.home().join(NAME)).is_err_and(|error| {
            matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
        });
        if missing {
            return Ok(None);
        }
        let accepted: AcceptedCatalog = read_toml(self, NAME)?;
        Ok((accepted.schema > 0).then_some(accepted))
    }
}

impl Lock {
    /// Records the catalog that is used from then on. Error `file-unwritable`.
    pub fn record_catalog(&self, accepted: &AcceptedCatalog) -> Result<()> {
        let path = self.store().home().join(NAME);
        let text = super::toml_text(&path, accepted)?;
        disk::replace(self.home(), OsStr::new(NAME), text.as_bytes())
            .map_err(|error| unwritable(&path, &error))
    }
}
