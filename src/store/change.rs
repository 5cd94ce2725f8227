//! Changes of a locked store other than an installation: another current client, a client that is removed.

use super::journal::completed_later;
use super::{Client, Lock, Removal, current, open_files, removal, staging, unreadable};
use crate::error::Result;
use crate::tdengine::platform::Platform;

impl Lock {
    /// Makes an installed `client` the current one, unless it is for another platform.
    ///
    /// # Errors
    ///
    /// `file-unwritable`.
    pub fn make_current(&self, client: &Client) -> Result<()> {
        if !client.is_for_this_machine() || !client.is_in_store() {
            return Ok(());
        }
        self.point(Some(&client.folder_name()))
    }

    /// Selects the machine's own driver instead of a current client.
    ///
    /// # Errors
    ///
    /// `file-unwritable`.
    pub fn use_system(&self) -> Result<()> {
        self.point(Some(current::SYSTEM))
    }

    fn point(&self, name: Option<&str>) -> Result<()> {
        if current::read_in(self.store(), self.home())?.as_deref() == name {
            return Ok(());
        }
        current::write(self.store(), self.home(), name)
    }

    /// Deletes the files that the receipt of `client` lists, and nothing else. If it was the current client, the newest of those
    /// that remain for this machine becomes current. Returns what was removed and what is kept.
    ///
    /// The turning point is one rename, which needs no space; what remains is done by the next command that writes.
    ///
    /// # Errors
    ///
    /// `file-unreadable`, `file-unparsable`, `file-unwritable`.
    pub fn uninstall(&self, client: &Client) -> Result<Removal> {
        let removal = removal::plan(&client.prefix, &client.receipt()?)?;
        open_files::refuse(&client.prefix)?;
        let name = client.folder_name();
        self.rename_client(&name, &trash_name(&name))?;
        self.finish_removal(&name).map_err(completed_later)?;
        Ok(removal)
    }

    /// Returns the names of clients whose removal was interrupted.
    pub(super) fn interrupted_removals(&self) -> Result<Vec<String>> {
        let names = self
            .clients()
            .names()
            .map_err(|error| unreadable(&self.store().clients(), &error))?;
        Ok(names
            .iter()
            .filter_map(|name| staging::trashed_client(self.store(), name))
            .collect())
    }

    /// Completes the removal of the client `name`, which was renamed. May be repeated after any step.
    pub(super) fn finish_removal(&self, name: &str) -> Result<()> {
        self.sync_clients()?;
        // On a full disk this has to wait until the files are gone.
        let early = self.leave_current(name);
        let trash = trash_name(name);
        if removal::empty(self.clients(), &self.store().clients(), trash.as_ref())? {
            self.rename_client(&trash, name)?;
        }
        if early.is_err() {
            self.leave_current(name)?;
        }
        self.sync_clients()
    }

    /// If `current` is the client `name`, makes the newest of those that remain for this machine current.
    fn leave_current(&self, name: &str) -> Result<()> {
        if current::read_in(self.store(), self.home())?.as_deref() != Some(name) {
            return Ok(());
        }
        let next = self
            .store()
            .installed()?
            .into_iter()
            .filter(|other| Platform::host() == Some(other.platform))
            .max_by_key(|other| other.version)
            .map(|other| other.folder_name());
        current::write(self.store(), self.home(), next.as_deref())
    }
}

fn trash_name(client: &str) -> String {
    format!("{}{client}", staging::TRASH)
}
