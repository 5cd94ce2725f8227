//! `journal.toml`: the installation that is being published. It is on disk before the first step and is removed after the last;
//! the next command that changes the store completes or rolls back what a killed process left.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Client, Lock, Store, TrustedPackage, current, disk, staging};
use super::{is_no_text, read_own_text, unreadable, unwritable};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::safety::shell::quoted;
use crate::system::directory::{Directory, EntryType};

pub(super) const NAME: &str = "journal.toml";

/// A change of the store. Names are of directories in `clients/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct JournalEntry {
    schema: u32,
    /// The content of `current` before.
    before: Option<String>,
    /// Its content afterwards.
    after: Option<String>,
    change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Change {
    /// The directory `staging` becomes `client`.
    Publish {
        client: String,
        staging: String,
        trust: Option<TrustedPackage>,
    },
}

impl JournalEntry {
    /// `staging` becomes `client`, which becomes the current one; `trust` is recorded.
    pub(super) fn publish(
        lock: &Lock,
        client: &Client,
        staging: String,
        trust: Option<TrustedPackage>,
    ) -> Result<Self> {
        let before = current::read_in(lock.store(), lock.home())?;
        // A client for another platform cannot be the current one here.
        let after = if client.is_for_this_machine() {
            Some(client.folder_name())
        } else {
            before.clone()
        };
        Ok(Self {
            schema: 1,
            before,
            after,
            change: Change::Publish {
                client: client.folder_name(),
                staging,
                trust,
            },
        })
    }

    /// Does every step that remains, in order. May be repeated after any of them.
    fn finish(&self, lock: &Lock) -> Result<()> {
        let Change::Publish {
            client,
            staging,
            trust,
        } = &self.change;
        let names = Names::new(client, staging);
        if has_directory(lock.clients(), &names.staging) {
            if exists(lock.clients(), &names.client) {
                lock.rename_client(&names.client, &names.replaced)?;
            }
            lock.rename_client(&names.staging, &names.client)?;
        }
        lock.sync_clients()?;
        current::write(lock.store(), lock.home(), self.after.as_deref())?;
        if let Some(trust) = trust {
            lock.record_trust(trust.clone())?;
        }
        Ok(())
    }

    /// Undoes every step that was done. May be repeated.
    fn roll_back(&self, lock: &Lock) -> Result<()> {
        let Change::Publish {
            client, staging, ..
        } = &self.change;
        let names = Names::new(client, staging);
        let clients = lock.clients();
        if !has_directory(clients, &names.staging) && exists(clients, &names.client) {
            lock.rename_client(&names.client, &names.staging)?;
        }
        if has_directory(clients, &names.replaced) && !exists(clients, &names.client) {
            lock.rename_client(&names.replaced, &names.client)?;
        }
        lock.sync_clients()?;
        current::write(lock.store(), lock.home(), self.before.as_deref())
    }

    /// Returns whether an interrupted change is completed: only the small steps remain.
    fn is_past_the_turn(&self, clients: &Directory) -> bool {
        let Change::Publish {
            client, staging, ..
        } = &self.change;
        !has_directory(clients, staging) && exists(clients, client)
    }

    /// Describes the change, as a phrase.
    fn describe(&self) -> Message {
        let Change::Publish { client, .. } = &self.change;
        message!("store-installation", client = client)
    }

    /// Returns whether every name is one that this program gives: a forged journal cannot lead out of the store.
    fn is_honest(&self, store: &Store) -> bool {
        let is_client = |name: &String| Client::from_folder_name(store, name).is_some();
        let is_current = |name: &Option<String>| {
            name.as_ref()
                .is_none_or(|name| name == current::SYSTEM || is_client(name))
        };
        let Change::Publish {
            client, staging, ..
        } = &self.change;
        self.schema == 1
            && is_current(&self.before)
            && is_current(&self.after)
            && is_client(client)
            && staging.starts_with(staging::PREFIX)
            && !staging.contains(['/', '\\', ':', '\0'])
    }
}

/// The names of a change, in `clients/`.
struct Names {
    client: String,
    staging: String,
    /// The client that is replaced, until the change is done.
    replaced: String,
}

impl Names {
    fn new(client: &str, staging: &str) -> Self {
        Self {
            client: client.to_owned(),
            staging: staging.to_owned(),
            replaced: format!("{staging}-old"),
        }
    }
}

fn exists(clients: &Directory, name: &str) -> bool {
    clients.entry_type(OsStr::new(name)).is_ok()
}

fn has_directory(clients: &Directory, name: &str) -> bool {
    clients
        .entry_type(OsStr::new(name))
        .is_ok_and(|found| found == EntryType::Directory)
}

impl Lock {
    /// Renames a directory of clients.
    pub(super) fn rename_client(&self, from: &str, to: &str) -> Result<()> {
        disk::rename(self.clients(), OsStr::new(from), OsStr::new(to))
            .map_err(|error| unwritable(&self.store().clients().join(from), &error))
    }

    /// Flushes the names of clients to disk.
    pub(super) fn sync_clients(&self) -> Result<()> {
        disk::step()
            .and_then(|()| self.clients().sync())
            .map_err(|error| unwritable(&self.store().clients(), &error))
    }

    /// Carries `entry` out, or leaves the store unchanged; if neither succeeds, the next command that writes tries again.
    pub(super) fn carry_out(&self, entry: &JournalEntry) -> Result<()> {
        let path = self.store().journal_path();
        let text = super::toml_text(&path, entry)?;
        disk::replace(self.home(), OsStr::new(NAME), text.as_bytes()).map_err(|error| {
            let _ = self.home().remove(OsStr::new(NAME));
            unwritable(&path, &error)
        })?;
        let ended = entry.finish(self);
        if ended.is_ok() || entry.roll_back(self).is_ok() {
            let _ = disk::remove(self.home(), OsStr::new(NAME));
            return ended;
        }
        ended.map_err(completed_later)
    }

    /// Completes or rolls back what a killed process left, and describes it; `None` if there is nothing.
    ///
    /// # Errors
    ///
    /// Those of reading and writing; `file-unparsable` if the journal is not this program's.
    pub(super) fn recover(&self) -> Result<Option<Message>> {
        let mut done = Vec::new();
        let store = self.store();
        if let Some(entry) = store.journal()? {
            let is_completed = entry.is_past_the_turn(self.clients());
            if is_completed {
                entry.finish(self)?;
            } else {
                entry.roll_back(self)?;
            }
            disk::remove(self.home(), OsStr::new(NAME))
                .map_err(|error| unwritable(&store.journal_path(), &error))?;
            done.push(message!(
                "store-recovered",
                change = entry.describe(),
                is_completed = is_completed
            ));
        }
        for name in self.interrupted_removals()? {
            self.finish_removal(&name)?;
            let change = message!("store-removal", client = name);
            done.push(message!(
                "store-recovered",
                change = change,
                is_completed = true
            ));
        }
        Ok((!done.is_empty()).then(|| Message::joined(done, "; ")))
    }
}

/// Adds to `error` that the next command that changes the store completes or rolls back what was begun.
pub(super) fn completed_later(mut error: Error) -> Error {
    error.next = error
        .next
        .then(Message::quoted("\n"))
        .then(message!("store-completed-later-next"));
    error
}

impl Store {
    fn journal_path(&self) -> PathBuf {
        self.home.join(NAME)
    }

    /// Returns whether an installation is being published or was interrupted.
    pub(super) fn has_journal(&self) -> bool {
        self.journal_path().is_file()
    }

    /// Returns whether a change was interrupted, or another process makes one: then a command that finds the store as it should be
    /// takes the lock all the same, which completes the change or rolls it back.
    pub fn is_interrupted(&self) -> bool {
        let names = self.open_clients().ok().flatten();
        let names = names.and_then(|clients| clients.names().ok());
        self.has_journal()
            || names
                .unwrap_or_default()
                .iter()
                .any(|name| staging::trashed_client(self, name).is_some())
    }

    /// Describes an interrupted installation, as a phrase.
    ///
    /// # Errors
    ///
    /// Those of reading the journal.
    pub(super) fn interrupted(&self) -> Result<Option<Message>> {
        Ok(self.journal()?.map(|entry| entry.describe()))
    }

    fn journal(&self) -> Result<Option<JournalEntry>> {
        let path = self.journal_path();
        let broken = |observed: Message| {
            Error::new(
                ErrorId::FileUnparsable,
                message!("store-read", path = printable_path(&path)),
                observed,
                message!("store-move-next", path = quoted(&path.to_string_lossy())),
            )
        };
        let text = match read_own_text(self, NAME) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if is_no_text(&error) => {
                return Err(broken(describe_io_error(&error)));
            }
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let entry: JournalEntry = toml::from_str(&text)
            .map_err(|error| broken(Message::quoted(printable(error.message()))))?;
        if entry.is_honest(self) {
            Ok(Some(entry))
        } else {
            Err(broken(message!("store-not-ours")))
        }
    }
}
