//! `journal.toml`: the change that is under way. It is on the disk before the first step and goes after the last; what a
//! process that died left half-way is finished or undone by the next command that writes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Client, Lock, Store, TrustedPackage, current, disk, removal, staging};
use super::{is_no_text, read_own_text, unreadable, unwritable};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::safety::printable::printable;
use crate::system::shell::quoted;

const NAME: &str = "journal.toml";

/// A change of the store. Names are of folders in `clients/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    schema: u32,
    /// What `current` says before.
    before: Option<String>,
    /// What it says after.
    after: Option<String>,
    change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Change {
    /// The folder `staging` becomes `client`.
    Publish {
        client: String,
        staging: String,
        trust: Option<TrustedPackage>,
    },
    /// `client` becomes `trash` and is deleted there, but for what is the user's.
    Uninstall { client: String, trash: String },
    /// `current` alone.
    Use,
}

/// What an interrupted change ended in.
enum Ending {
    Finished,
    RolledBack,
}

impl Entry {
    /// `staging` becomes `client`, which becomes the current one; `trust` is recorded.
    pub(super) fn publish(
        store: &Store,
        client: &Client,
        staging: String,
        trust: Option<TrustedPackage>,
    ) -> Result<Self> {
        // A client for another platform cannot be the current one here.
        let after = if client.is_for_this_machine() {
            Some(client.folder_name())
        } else {
            current::read(&store.home)?
        };
        let client = client.folder_name();
        let change = Change::Publish {
            client,
            staging,
            trust,
        };
        Self::new(store, after, change)
    }

    /// `client` goes, and `after` is current.
    pub(super) fn uninstall(store: &Store, client: &Client, after: Option<String>) -> Result<Self> {
        let client = client.folder_name();
        let trash = format!("{}{client}", staging::TRASH);
        Self::new(store, after, Change::Uninstall { client, trash })
    }

    /// `after` is current.
    pub(super) fn use_client(store: &Store, after: Option<String>) -> Result<Self> {
        Self::new(store, after, Change::Use)
    }

    fn new(store: &Store, after: Option<String>, change: Change) -> Result<Self> {
        Ok(Self {
            schema: 1,
            before: current::read(&store.home)?,
            after,
            change,
        })
    }

    /// Every step that is still to do, in order. May be begun again after any of them.
    fn finish(&self, lock: &Lock) -> Result<()> {
        let store = lock.store();
        match &self.change {
            Change::Publish {
                client,
                staging,
                trust,
            } => {
                let place = Place::new(store, client, staging);
                if place.from.is_dir() {
                    if place.has_client() {
                        rename(&place.prefix, &place.aside)?;
                    }
                    rename(&place.from, &place.prefix)?;
                }
                sync(&store.clients())?;
                current::write(&store.home, self.after.as_deref())?;
                if let Some(trust) = trust {
                    lock.record_trust(trust.clone())?;
                }
                Ok(())
            }
            Change::Uninstall { client, trash } => {
                let place = Place::new(store, client, trash);
                current::write(&store.home, self.after.as_deref())?;
                if !place.from.is_dir() && place.prefix.join(super::receipt::FILE).is_file() {
                    rename(&place.prefix, &place.from)?;
                    sync(&store.clients())?;
                }
                if place.from.is_dir() {
                    let remains = removal::empty(&place.from)?;
                    if remains {
                        rename(&place.from, &place.prefix)?;
                    }
                }
                sync(&store.clients())
            }
            Change::Use => current::write(&store.home, self.after.as_deref()),
        }
    }

    /// Undoes every step that was done. May be begun again.
    fn roll_back(&self, lock: &Lock) -> Result<()> {
        let store = lock.store();
        if let Change::Publish {
            client, staging, ..
        } = &self.change
        {
            let place = Place::new(store, client, staging);
            if !place.from.is_dir() && place.has_client() {
                rename(&place.prefix, &place.from)?;
            }
            if place.aside.is_dir() && !place.has_client() {
                rename(&place.aside, &place.prefix)?;
            }
            sync(&store.clients())?;
        }
        current::write(&store.home, self.before.as_deref())
    }

    /// Whether a change that was interrupted is to be finished: undoing it is no longer possible, or nothing but the small
    /// steps is left.
    fn is_past_the_turn(&self, store: &Store) -> bool {
        match &self.change {
            Change::Publish {
                client, staging, ..
            } => {
                let place = Place::new(store, client, staging);
                !place.from.is_dir() && place.has_client()
            }
            Change::Uninstall { client, trash } => {
                let place = Place::new(store, client, trash);
                place.from.is_dir() || !place.prefix.join(super::receipt::FILE).is_file()
            }
            Change::Use => true,
        }
    }

    /// What was under way, as a phrase.
    fn what(&self) -> String {
        match &self.change {
            Change::Publish { client, .. } => format!("the installation of {client}"),
            Change::Uninstall { client, .. } => format!("the removal of {client}"),
            Change::Use => "a change of the current client".into(),
        }
    }

    /// Whether every name is one that this program gives: a forged journal cannot lead out of the store.
    fn is_honest(&self, store: &Store) -> bool {
        let client = |name: &String| Client::from_folder_name(store, name).is_some();
        let current = |name: &Option<String>| {
            name.as_ref()
                .is_none_or(|name| name == current::SYSTEM || client(name))
        };
        let inside = |name: &String, begin: &str| {
            name.starts_with(begin) && !name.contains(['/', '\\', ':', '\0'])
        };
        let change = match &self.change {
            Change::Publish {
                client: name,
                staging,
                ..
            } => client(name) && inside(staging, staging::PREFIX),
            Change::Uninstall {
                client: name,
                trash,
            } => client(name) && inside(trash, staging::TRASH),
            Change::Use => true,
        };
        self.schema == 1 && current(&self.before) && current(&self.after) && change
    }
}

/// The folders of a change.
struct Place {
    /// The client's own.
    prefix: PathBuf,
    /// Where it comes from or goes to.
    from: PathBuf,
    /// Where what is replaced waits.
    aside: PathBuf,
}

impl Place {
    fn new(store: &Store, client: &str, other: &str) -> Self {
        let clients = store.clients();
        Self {
            prefix: clients.join(client),
            from: clients.join(other),
            aside: clients.join(format!("{other}-old")),
        }
    }

    fn has_client(&self) -> bool {
        fs::symlink_metadata(&self.prefix).is_ok()
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    disk::rename(from, to).map_err(|error| unwritable(from, &error))
}

fn sync(folder: &Path) -> Result<()> {
    disk::step()
        .and_then(|()| disk::sync_folder(folder))
        .map_err(|error| unwritable(folder, &error))
}

impl Lock {
    /// Carries `entry` out, or leaves the store as it was; where neither succeeds, the next command that writes tries again.
    pub(super) fn carry_out(&self, entry: &Entry) -> Result<()> {
        let path = self.store().journal_path();
        let text = super::toml_text(&path, entry)?;
        disk::write(&path, text.as_bytes()).map_err(|error| {
            let _ = fs::remove_file(&path);
            unwritable(&path, &error)
        })?;
        let ended = entry.finish(self);
        let over = match &ended {
            Ok(()) => true,
            // What is deleted does not come back.
            Err(_) if self.is_deleting(entry) => false,
            Err(_) => entry.roll_back(self).is_ok(),
        };
        if over {
            let _ = disk::remove_file(&path);
            return ended;
        }
        ended.map_err(|mut error| {
            error.next = error.next.then(
                "\nthe next command that changes the store finishes or undoes what was begun: taos-setup gc",
            );
            error
        })
    }

    fn is_deleting(&self, entry: &Entry) -> bool {
        matches!(entry.change, Change::Uninstall { .. }) && entry.is_past_the_turn(self.store())
    }

    /// Finishes or undoes what a process that died left half-way, and says so; `None` where there is nothing. Errors of
    /// reading and writing; `file-unparsable` where the journal is not this program's.
    pub(super) fn recover(&self) -> Result<Option<String>> {
        let store = self.store();
        let Some(entry) = store.journal()? else {
            return Ok(None);
        };
        let ending = if entry.is_past_the_turn(store) {
            entry.finish(self)?;
            Ending::Finished
        } else {
            entry.roll_back(self)?;
            Ending::RolledBack
        };
        let path = store.journal_path();
        disk::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
        let done = match ending {
            Ending::Finished => "finished",
            Ending::RolledBack => "undone",
        };
        Ok(Some(format!(
            "{} was interrupted earlier; it is {done} now",
            entry.what()
        )))
    }
}

impl Store {
    fn journal_path(&self) -> PathBuf {
        self.home.join(NAME)
    }

    /// Whether a change is under way or was interrupted.
    pub(super) fn has_journal(&self) -> bool {
        self.journal_path().is_file()
    }

    /// What an interrupted change was, as a phrase. Errors as for the journal's reading.
    pub(super) fn interrupted(&self) -> Result<Option<String>> {
        Ok(self.journal()?.map(|entry| entry.what()))
    }

    fn journal(&self) -> Result<Option<Entry>> {
        let path = self.journal_path();
        let broken = |observed: String| {
            Error::new(
                ErrorId::FileUnparsable,
                format!("read {}", path.display()),
                observed,
                format!("mv {0} {0}.old", quoted(&path.to_string_lossy())),
            )
        };
        let text = match read_own_text(&self.home, NAME) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if is_no_text(&error) => {
                return Err(broken(describe_io_error(&error).to_string()));
            }
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let entry: Entry =
            toml::from_str(&text).map_err(|error| broken(printable(error.message())))?;
        if entry.is_honest(self) {
            Ok(Some(entry))
        } else {
            Err(broken("it is not what taos-setup writes".into()))
        }
    }
}
