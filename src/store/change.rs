//! Changes of a locked store other than an installation: another current client, a client that goes.

use super::journal::Entry;
use super::{Client, Lock, Removal, current, removal};
use crate::error::Result;
use crate::tdengine::platform::Platform;

impl Lock {
    /// Makes an installed `client` the current one, unless it is for another platform. Error `file-unwritable`.
    pub fn make_current(&self, client: &Client) -> Result<()> {
        if !client.is_for_this_machine() || !client.is_in_store() {
            return Ok(());
        }
        self.point(Some(client.folder_name()))
    }

    /// Chooses the machine's own driver in place of a current client. Error `file-unwritable`.
    pub fn use_system(&self) -> Result<()> {
        self.point(Some(current::SYSTEM.to_owned()))
    }

    fn point(&self, name: Option<String>) -> Result<()> {
        if current::read(&self.store().home)? == name {
            return Ok(());
        }
        self.carry_out(&Entry::use_client(self.store(), name)?)
    }

    /// Deletes what `client`'s receipt tells, and nothing else. Where it was the current client, the newest of those that
    /// remain for this machine takes its place. Says what went and what stays. On an error before anything is deleted the
    /// store is as it was; after that the next command that writes finishes it. Errors: `file-unreadable`,
    /// `file-unparsable`, `file-unwritable`.
    pub fn uninstall(&self, client: &Client) -> Result<Removal> {
        let store = self.store();
        let removal = removal::plan(&client.prefix, &client.receipt()?)?;
        let before = current::read(&store.home)?;
        let after = if before.as_deref() == Some(client.folder_name().as_str()) {
            let remaining = store.installed()?.into_iter();
            remaining
                .filter(|other| other != client && Platform::host() == Some(other.platform))
                .max_by_key(|other| other.version)
                .map(|other| other.folder_name())
        } else {
            before
        };
        self.carry_out(&Entry::uninstall(store, client, after)?)?;
        Ok(removal)
    }
}
