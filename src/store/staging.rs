//! Where a client is put together before it takes its place: a folder in the same file system, so that one rename publishes
//! it.

use std::ffi::OsStr;
#[cfg(unix)]
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::journal::JournalEntry;
use super::prefix::Beside;
use super::{Client, Lock, Store, TrustedPackage, disk, open_files, unwritable};
use crate::error::Result;
use crate::system::directory::{Directory, remove_tree};

/// Staging folders begin with this, so that a sweep finds what a killed process left.
pub(super) const PREFIX: &str = ".staging-";
/// Clients that are being deleted begin with this.
pub(super) const TRASH: &str = ".trash-";

/// A folder that becomes a client, or vanishes when it is dropped.
#[derive(Debug)]
pub struct Staging {
    folder: Folder,
}

#[derive(Debug)]
enum Folder {
    InStore(TempDir),
    Beside(Beside),
}

impl Staging {
    /// An empty staging folder for `client`: of a locked store, or beside the client's own prefix. Error `file-unwritable`.
    pub fn new(lock: &Lock, client: &Client) -> Result<Self> {
        if !client.is_in_store() {
            let folder = Folder::Beside(Beside::new(&client.prefix)?);
            return Ok(Self { folder });
        }
        let clients = lock.store().clients();
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        // The folder becomes the client's prefix, which other users may read; the umask still applies.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o755));
        }
        let folder = builder
            .tempdir_in(&clients)
            .map_err(|error| unwritable(&clients, &error))?;
        let folder = Folder::InStore(folder);
        Ok(Self { folder })
    }

    /// Where the client's files go.
    pub fn path(&self) -> &Path {
        match &self.folder {
            Folder::InStore(folder) => folder.path(),
            Folder::Beside(folder) => folder.path(),
        }
    }

    /// Gives the folder, once it is on the disk, its place as `client`, makes one of the store the current client and records
    /// `trust`.
    /// What is in that place is replaced. On an error the store is as it was.
    pub fn publish(
        self,
        lock: &Lock,
        client: &Client,
        trust: Option<TrustedPackage>,
    ) -> Result<()> {
        open_files::refuse(&client.prefix)?;
        let folder = match self.folder {
            Folder::InStore(folder) => folder,
            Folder::Beside(folder) => {
                if let Some(trust) = trust {
                    lock.record_trust(trust)?;
                }
                return folder.publish(&client.prefix);
            }
        };
        disk::sync_tree(folder.path()).map_err(|error| unwritable(folder.path(), &error))?;
        let name = folder.path().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let replaced = format!("{name}-old");
        let entry = JournalEntry::publish(lock, client, name, trust)?;
        let ended = lock.carry_out(&entry);
        if ended.is_ok() || lock.store().has_journal() {
            // It has moved away, or the next command looks for it to roll the change back.
            let _ = folder.keep();
        }
        if !lock.store().has_journal() {
            let _ = remove_tree(lock.clients(), OsStr::new(&replaced));
        }
        ended
    }
}

/// Removes staging directories that a killed process left in `clients`. What cannot be removed stays: it is never read.
pub(super) fn sweep(clients: &Directory) {
    for name in clients.names().unwrap_or_default() {
        if is_staging(&name) {
            let _ = remove_tree(clients, &name);
        }
    }
}

/// Returns whether a name in `clients` is that of a staging directory.
pub(super) fn is_staging(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX))
}

/// Returns the client whose removal was begun in the directory `name` of `clients`.
pub(super) fn trashed_client(store: &Store, name: &OsStr) -> Option<String> {
    let client = name.to_str()?.strip_prefix(TRASH)?;
    Client::from_folder_name(store, client).map(|client| client.folder_name())
}

/// Returns whether a name in `clients` begins as that of a removal does, and no client has the rest of it.
pub(super) fn is_stray_trash(store: &Store, name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(TRASH))
        && trashed_client(store, name).is_none()
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
