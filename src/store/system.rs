//! The client that is installed for every user of this machine: its files are copies in `/usr/local`, because a store of root's
//! may be closed to others, and its record, its backups and the lock of all that changes it are in one folder of the machine.

mod change;
mod journal;
mod place;
mod receipt;
mod shift;
mod stage;
mod step;

use std::fs;
use std::path::{Path, PathBuf};

use super::{Lock, Store};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::safety::shell::quoted;
use crate::system::directory::{
    Directory, UntrustedPath, create_roots_directory, open_roots_directory,
};
use crate::system::events::{Event, EventSink};
use crate::system::files::{self, UnfitFile};

pub use change::{Comes, Goes, Swap, SystemChangeName};
pub use place::Found;
pub use receipt::{PlacedPath, Put, SystemReceipt};

/// Where the record is: beside the system's other state, which outlives an upgrade and is not a log.
const HOME: &str = if cfg!(target_os = "macos") {
    "/var/db/taos-setup"
} else {
    "/var/lib/taos-setup"
};
const RECEIPT: &str = "system.toml";
const JOURNAL: &str = "system-journal.toml";
const BACKUP: &str = "backup";
/// Space that is set aside for the journal of a removal.
const RESERVE: &str = "reserve";

/// What this machine has for all of its users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    home: PathBuf,
}

impl Default for System {
    fn default() -> Self {
        Self::of_this_machine()
    }
}

impl System {
    /// This machine's. No variable moves it: `/usr/local` has one record.
    pub fn of_this_machine() -> Self {
        Self { home: HOME.into() }
    }

    /// The folder of the record and the backups.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The folder of what was replaced.
    pub fn backup_dir(&self) -> PathBuf {
        self.home.join(BACKUP)
    }

    /// A store in that folder: the packages that are installed for everybody, where no other is named.
    pub fn store(&self) -> Store {
        Store::at(self.home.clone())
    }

    /// What is installed for everybody; `None` where nothing is. Errors `file-unreadable`, `file-unparsable`.
    pub fn receipt(&self) -> Result<Option<SystemReceipt>> {
        let path = self.home.join(RECEIPT);
        self.check()?;
        let Some(receipt) = read::<SystemReceipt>(&path)? else {
            return Ok(None);
        };
        if receipt.is_honest() {
            Ok(Some(receipt))
        } else {
            Err(not_ours(&path))
        }
    }

    /// What is at `path`, which lies where a client's files go. No link is followed.
    pub fn look(&self, path: &str) -> Result<Found> {
        place::look(Path::new(path)).map_err(|error| unreadable(Path::new(path), &error))
    }

    /// The bytes of the regular file at `path`, at most a mebibyte of them: `None` where it is none, or longer.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        place::read(Path::new(path)).map_err(|error| unreadable(Path::new(path), &error))
    }

    /// A name in the folder of backups for each path that is moved there by one change: `N/usr/local/lib/libtaos.so`.
    pub fn backup_names(&self) -> impl Fn(&str) -> String + use<> {
        let entries = fs::read_dir(self.backup_dir()).into_iter().flatten();
        let numbers = entries.flatten().filter_map(|entry| {
            let name = entry.file_name();
            name.to_str()?.parse::<u32>().ok()
        });
        let next = numbers.max().unwrap_or(0).saturating_add(1);
        move |path| format!("{next}{path}")
    }

    /// The paths of what is kept in the folder of backups, in this form too, sorted.
    pub fn backups(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.backup_dir()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    _ => found.push(entry.path().display().to_string()),
                }
            }
        }
        found.sort();
        found
    }

    /// Whether a change of it was interrupted.
    pub fn is_interrupted(&self) -> bool {
        let begun = [JOURNAL, RECEIPT].map(|name| self.home.join(format!("{}{name}", stage::NEW)));
        self.home.join(JOURNAL).is_file() || begun.iter().any(|path| path.is_file())
    }

    /// Makes the folder, which everybody may read, where it is missing. Error `file-unwritable`.
    pub fn make(&self) -> Result<()> {
        match create_roots_directory(&self.home) {
            Ok(_) => Ok(()),
            Err(untrusted) => Err(self.untrusted(&untrusted)),
        }
    }

    /// Checks that what is recorded is root's: nothing else is read or followed.
    ///
    /// # Errors
    ///
    /// `file-unwritable` if another user could have written it.
    fn check(&self) -> Result<()> {
        match open_roots_directory(&self.home) {
            Err(untrusted) if UnfitFile::find(&untrusted.error).is_some() => {
                Err(self.untrusted(&untrusted))
            }
            // One that is missing, or closed to this user, has no record.
            _ => Ok(()),
        }
    }

    fn untrusted(&self, untrusted: &UntrustedPath) -> Error {
        if UnfitFile::find(&untrusted.error).is_none() {
            return unwritable(&untrusted.path, &untrusted.error);
        }
        Error::new(
            ErrorId::FileUnwritable,
            message!("store-use-file", path = printable_path(&self.home)),
            message!(
                "store-untrusted",
                path = printable_path(&untrusted.path),
                why = describe_io_error(&untrusted.error)
            ),
            message!(
                "system-untrusted-next",
                home = quoted(&self.home.to_string_lossy())
            ),
        )
    }

    /// Removes the directory of [`Self::make`] if it is empty.
    pub fn tidy(&self) {
        let _ = fs::remove_dir(&self.home);
    }

    /// Takes the lock for `command`, waiting for another taos-setup to finish, and finishes or undoes what one that died left
    /// half-way. Errors as for [`Store::lock`].
    pub fn lock(&self, command: &str, events: &EventSink) -> Result<SystemLock> {
        self.make()?;
        self.check()?;
        let lock = self.store().lock(command, events)?;
        let lock = SystemLock {
            system: self.clone(),
            lock: Some(lock),
        };
        if let Some(what) = lock.recover()? {
            events.emit(Event::note(what));
        }
        Ok(lock)
    }
}

/// The system's folders, locked.
#[derive(Debug)]
pub struct SystemLock {
    system: System,
    lock: Option<Lock>,
}

impl Drop for SystemLock {
    /// Unlocks, and removes the directory that locking created if it is empty.
    fn drop(&mut self) {
        self.lock = None;
        self.system.tidy();
    }
}

impl SystemLock {
    fn receipt_path(&self) -> PathBuf {
        self.system.home.join(RECEIPT)
    }

    fn journal_path(&self) -> PathBuf {
        self.system.home.join(JOURNAL)
    }
}

/// Reads a record of root's.
fn read_record(path: &Path) -> std::io::Result<String> {
    let directory = Directory::open_named(path.parent().unwrap_or(path))?;
    files::record(directory.read_own(path.file_name().unwrap_or_default(), files::TEXT_LIMIT)?)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match read_record(path) {
        Ok(text) => text,
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound
                    | std::io::ErrorKind::NotADirectory
                    // Whoever closed the folder keeps what is in it from others; root is never refused.
                    | std::io::ErrorKind::PermissionDenied
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(path, &error)),
    };
    toml::from_str(&text)
        .map(Some)
        .map_err(|error| unparsable(path, Message::quoted(printable(error.message()))))
}

/// Error `file-unreadable` for `path`.
fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("store-read", path = printable_path(path)),
        describe_io_error(error),
        message!("system-unreadable-next"),
    )
}

/// Error `file-unwritable` for `path`.
fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("store-write", path = printable_path(path)),
        describe_io_error(error),
        message!("system-unwritable-next"),
    )
}

fn not_ours(path: &Path) -> Error {
    unparsable(path, message!("store-not-ours"))
}

fn unparsable(path: &Path, observed: Message) -> Error {
    Error::new(
        ErrorId::FileUnparsable,
        message!("store-read", path = printable_path(path)),
        observed,
        message!("system-move-next", path = quoted(&path.to_string_lossy())),
    )
}
