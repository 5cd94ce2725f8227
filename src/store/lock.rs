//! The store lock: one taos-setup process at a time changes the store.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use super::{CLIENTS, Store, not_ours, unwritable};
use crate::error::Result;
use crate::message::Message;
use crate::safety::printable::printable;
use crate::system::directory::{Directory, replacement_name};
use crate::system::files::UnfitFile;

const NAME: &str = "lock";
/// The file in which the holder names itself: the lock file, except on Windows, where other processes cannot read a locked file.
const HOLDER: &str = if cfg!(windows) { "lock.holder" } else { NAME };
/// The content of a lock file that is not held, and the beginning of one that is.
const MARK: &str = "taos-setup";
/// The limit in bytes for the content.
const HOLDER_SIZE: u64 = 512;

/// The store, locked. Dropping it unlocks, and removes the directories that locking created and that are still empty.
#[derive(Debug)]
pub struct Lock {
    store: Store,
    home: Directory,
    clients: Directory,
    file: File,
    /// Whether the lock file is known to be this program's: it has its content, or was created here.
    is_removable: bool,
    created_home: bool,
    created_clients: bool,
    recovered: Option<Message>,
}

/// The process that holds the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) pid: u32,
    /// Its command, `install`.
    pub(super) command: String,
}

impl Store {
    /// Takes the lock, creating the store's directories if they are missing; `None` if another process holds it. Removes what
    /// an interrupted installation left.
    ///
    /// # Errors
    ///
    /// `file-unwritable`, `file-unreadable`, `file-unparsable`.
    #[cfg(test)]
    pub fn try_lock(&self) -> Result<Option<Lock>> {
        let Some(mut lock) = self.try_lock_unrecovered("")? else {
            return Ok(None);
        };
        lock.clean_up()?;
        Ok(Some(lock))
    }

    /// Takes the lock for `command`, which waiting processes report, and leaves what was interrupted unchanged.
    pub(super) fn try_lock_unrecovered(&self, command: &str) -> Result<Option<Lock>> {
        let path = self.home.join(NAME);
        loop {
            let created_home = !self.home.is_dir();
            create_home(&self.home)
                .map_err(|error| unwritable(&self.home, &name_obstacle(error)))?;
            let Some(home) = self.open_home()? else {
                continue;
            };
            home.check_own()
                .map_err(|error| self.untrusted(&self.home, &error))?;
            let (mut file, created) = match open_lock(&home) {
                Ok(opened) => opened,
                // Another process removed an empty store between the two steps.
                Err(error) if error.kind() == ErrorKind::NotFound && !self.home.is_dir() => {
                    continue;
                }
                Err(error) if UnfitFile::find(&error).is_some() => {
                    return Err(not_ours(&path, &error));
                }
                Err(error) => return Err(unwritable(&path, &error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(unwritable(&path, &error)),
            }
            if !home.holds(OsStr::new(NAME), &file) {
                continue;
            }
            let content = read_content(&mut file).map_err(|error| unwritable(&path, &error))?;
            if !is_lock_content(&content) {
                return Err(not_ours(&path, &UnfitFile::Foreign.into()));
            }
            let (clients, created_clients) = self.open_or_create_clients(&home)?;
            let lock = Lock {
                store: self.clone(),
                home,
                clients,
                file,
                is_removable: created || !content.is_empty(),
                created_home,
                created_clients,
                recovered: None,
            };
            // Only for people: if it cannot be written, they see less.
            let _ = lock.write_holder(&format!("{MARK} {} {command}\n", std::process::id()));
            return Ok(Some(lock));
        }
    }

    fn open_or_create_clients(&self, home: &Directory) -> Result<(Directory, bool)> {
        let path = self.clients();
        let name = OsStr::new(CLIENTS);
        let created = match home.create_plain_directory(name) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
            Err(error) => return Err(unwritable(&path, &error)),
        };
        let clients = home
            .open_directory(name)
            .map_err(|error| unwritable(&path, &error))?;
        clients
            .check_own()
            .map_err(|error| self.untrusted(&path, &error))?;
        Ok((clients, created))
    }

    /// Returns the process that holds the lock, as far as the lock file names it.
    pub(super) fn holder(&self) -> Option<Holder> {
        let home = Directory::open_named(&self.home).ok()?;
        let mut text = String::new();
        let file = home.open_file(OsStr::new(HOLDER)).ok()?;
        file.take(HOLDER_SIZE).read_to_string(&mut text).ok()?;
        let text = text.strip_prefix(MARK)?.trim();
        let (pid, command) = text.split_once(' ').unwrap_or((text, ""));
        Some(Holder {
            pid: pid.parse().ok()?,
            command: printable(command),
        })
    }

    /// Returns whether a process is changing the store at this moment. Changes nothing.
    pub(super) fn is_locked(&self) -> bool {
        Directory::open_named(&self.home)
            .and_then(|home| home.open_file(OsStr::new(NAME)))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// Creates the directory `home` and those above it, which no other user can write whatever the umask is.
fn create_home(home: &std::path::Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    builder.create(home)
}

/// Opens the lock file, or creates it; the second value says which.
fn open_lock(home: &Directory) -> io::Result<(File, bool)> {
    let name = OsStr::new(NAME);
    loop {
        match home.open_own_for_writing(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            opened => return Ok((opened?, false)),
        }
        match home.create(name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => return Ok((created?, true)),
        }
    }
}

fn read_content(file: &mut File) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    if HOLDER == NAME {
        file.take(HOLDER_SIZE).read_to_end(&mut content)?;
    }
    Ok(content)
}

/// Returns whether a lock file with this content is this program's, or has none.
fn is_lock_content(content: &[u8]) -> bool {
    match content.strip_prefix(MARK.as_bytes()) {
        Some(rest) => matches!(rest, [] | [b' ' | b'\n', ..]),
        None => content.is_empty(),
    }
}

/// Names an obstacle in a directory's place, such as a dangling link: the system reports that it "exists".
fn name_obstacle(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    }
}

impl Lock {
    /// Returns the store that is locked.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the store's directory, open.
    pub(super) fn home(&self) -> &Directory {
        &self.home
    }

    /// Returns the directory of clients, open.
    pub(super) fn clients(&self) -> &Directory {
        &self.clients
    }

    /// Returns what was found interrupted when the lock was taken and how it ended, as a sentence.
    pub fn recovered(&self) -> Option<&Message> {
        self.recovered.as_ref()
    }

    /// Completes or rolls back an interrupted change, and removes what it left.
    pub(super) fn clean_up(&mut self) -> Result<()> {
        self.recovered = self.recover()?;
        super::staging::sweep(&self.clients);
        super::current::sweep(&self.home);
        for name in [
            super::journal::NAME,
            super::trust::NAME,
            super::trust::LISTS,
            super::own_catalog_file::NAME,
        ] {
            let _ = self.home.remove(&replacement_name(OsStr::new(name)));
        }
        Ok(())
    }

    fn write_holder(&self, text: &str) -> io::Result<()> {
        if HOLDER != NAME {
            return self.home.replace(OsStr::new(HOLDER), text.as_bytes());
        }
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.created_clients {
            let _ = self.home.remove_directory(OsStr::new(CLIENTS));
        }
        // The lock file is removed before it is unlocked; a waiting process sees that and starts again.
        #[cfg(unix)]
        if self.is_removable && is_alone_in(&self.home) {
            let _ = self.home.remove(OsStr::new(NAME));
            if self.created_home {
                let _ = fs::remove_dir(&self.store.home);
            }
        }
        if HOLDER == NAME {
            let _ = self.file.set_len(MARK.len() as u64);
        } else {
            let _ = (self.is_removable, self.created_home);
            let _ = self.home.remove(OsStr::new(HOLDER));
        }
        let _ = self.file.unlock();
    }
}

/// Returns whether a store holds only its lock.
#[cfg(unix)]
fn is_alone_in(home: &Directory) -> bool {
    home.names().is_ok_and(|names| names == [NAME])
}

#[cfg(test)]
mod tests;
