//! The lists that were accepted before: no older one is accepted from then on.

use serde::{Deserialize, Serialize};

use super::{SignatureFault, SignedList};
use crate::tdengine::digest::Sha256;

/// The newest list of each key, as the file `accepted-lists.toml` of the store records them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedLists {
    /// The form of the file: 1.
    pub schema: u32,
    #[serde(default, rename = "list")]
    lists: Vec<AcceptedList>,
}

/// The newest list of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AcceptedList {
    key: String,
    file: String,
    version: u64,
    sha256: Sha256,
}

impl AcceptedLists {
    /// Checks that `list` is not older than what was accepted, and no other list of the same version.
    pub fn check(&self, list: &SignedList) -> Result<(), SignatureFault> {
        match self.find(list) {
            Some(known) if known.version > list.version => Err(SignatureFault::RolledBack {
                accepted: known.version,
                found: list.version,
            }),
            Some(known) if known.version == list.version && known.sha256 != list.sha256 => {
                Err(SignatureFault::SameVersion(list.version))
            }
            _ => Ok(()),
        }
    }

    /// Notes that `list` was accepted. Returns whether that is new.
    pub fn accept(&mut self, list: &SignedList) -> bool {
        let is_known = self
            .find(list)
            .is_some_and(|known| known.version >= list.version);
        if is_known {
            return false;
        }
        self.schema = 1;
        self.lists
            .retain(|known| known.key != list.key || known.file != list.file);
        self.lists.push(AcceptedList {
            key: list.key.clone(),
            file: list.file.clone(),
            version: list.version,
            sha256: list.sha256,
        });
        true
    }

    fn find(&self, list: &SignedList) -> Option<&AcceptedList> {
        self.lists
            .iter()
            .find(|known| known.key == list.key && known.file == list.file)
    }
}
