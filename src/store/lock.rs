//! The store's lock: one taos-setup at a time changes the store.

use std::fs::{self, File, TryLockError};
use std::io::Read;
use std::path::Path;

use super::{Store, unwritable};
use crate::error::Result;
use crate::safety::printable::printable;

const NAME: &str = "lock";
/// Where the holder says who it is: the lock file itself, but on Windows, where nobody else may read what is locked.
const HOLDER: &str = if cfg!(windows) { "lock.holder" } else { NAME };
/// More of it is not read.
const HOLDER_SIZE: u64 = 512;

/// The store, locked. Dropping it unlocks, and takes away the folders that locking made and nobody filled.
#[derive(Debug)]
pub struct Lock {
    store: Store,
    file: File,
    made_home: bool,
    made_clients: bool,
    recovered: Option<String>,
}

/// Who holds the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) pid: u32,
    /// Its command, `install`.
    pub(super) command: String,
}

impl Store {
    /// Takes the lock, making the store's folders where they are missing; `None` where another process holds it. Sweeps up
    /// what an interrupted installation left behind. Errors `file-unwritable`, `file-unreadable`, `file-unparsable`.
    #[cfg(test)]
    pub fn try_lock(&self) -> Result<Option<Lock>> {
        let Some(mut lock) = self.try_lock_as_it_is("")? else {
            return Ok(None);
        };
        lock.clean_up()?;
        Ok(Some(lock))
    }

    /// Takes the lock for `command`, which a process that waits for it is told, and leaves everything as it is.
    pub(super) fn try_lock_as_it_is(&self, command: &str) -> Result<Option<Lock>> {
        let path = self.home.join(NAME);
        loop {
            let made_home = !self.home.is_dir();
            fs::create_dir_all(&self.home)
                .map_err(|error| unwritable(&self.home, &no_folder(error)))?;
            let opened = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path);
            let file = match opened {
                Ok(file) => file,
                // Another process unlocked an empty store and took its folder away between our two steps.
                Err(error)
                    if error.kind() == std::io::ErrorKind::NotFound && !self.home.is_dir() =>
                {
                    continue;
                }
                Err(error) => return Err(unwritable(&path, &error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(unwritable(&path, &error)),
            }
            if !still_there(&file, &path) {
                continue;
            }
            let clients = self.clients();
            let lock = Lock {
                store: self.clone(),
                file,
                made_home,
                made_clients: !clients.is_dir(),
                recovered: None,
            };
            // For people only: where it cannot be written, they are told less.
            let holder = format!("{} {command}\n", std::process::id());
            let _ = fs::write(self.home.join(HOLDER), holder);
            fs::create_dir_all(&clients)
                .map_err(|error| unwritable(&clients, &no_folder(error)))?;
            return Ok(Some(lock));
        }
    }

    /// Who holds the lock, as far as it says so.
    pub(super) fn holder(&self) -> Option<Holder> {
        let mut text = String::new();
        let path = self.home.join(HOLDER);
        let file = path.is_file().then(|| File::open(path).ok()).flatten()?;
        file.take(HOLDER_SIZE).read_to_string(&mut text).ok()?;
        let (pid, command) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        Some(Holder {
            pid: pid.parse().ok()?,
            command: printable(command),
        })
    }

    /// Whether a process is changing the store at this moment. Changes nothing.
    pub(super) fn is_locked(&self) -> bool {
        let path = self.home.join(NAME);
        // Opening a pipe would wait for whoever writes to it.
        path.is_file()
            && File::open(path)
                .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// What stands in a folder's place and is none, a dangling link for one, is told as that; the system says that it "exists".
fn no_folder(error: std::io::Error) -> std::io::Error {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => std::io::ErrorKind::NotADirectory.into(),
        _ => error,
    }
}

impl Lock {
    /// The store that is locked.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What was found half-done when the lock was taken and how it ended, as a sentence.
    pub fn recovered(&self) -> Option<&str> {
        self.recovered.as_deref()
    }

    /// Finishes or undoes an interrupted change, and removes what it left.
    pub(super) fn clean_up(&mut self) -> Result<()> {
        self.recovered = self.recover()?;
        super::staging::sweep(&self.store.clients());
        super::current::sweep(&self.store.home);
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.made_clients {
            let _ = fs::remove_dir(self.store.clients());
        }
        // The lock file goes before it is unlocked; whoever waits for it sees that it is gone and starts again.
        #[cfg(unix)]
        if alone_in(&self.store.home) {
            let _ = fs::remove_file(self.store.home.join(NAME));
            if self.made_home {
                let _ = fs::remove_dir(&self.store.home);
            }
        }
        #[cfg(unix)]
        let _ = self.file.set_len(0);
        #[cfg(not(unix))]
        {
            let _ = self.made_home;
            let _ = fs::remove_file(self.store.home.join(HOLDER));
        }
        let _ = self.file.unlock();
    }
}

/// Whether a store holds nothing but its lock.
#[cfg(unix)]
fn alone_in(home: &Path) -> bool {
    fs::read_dir(home).is_ok_and(|mut entries| {
        entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == NAME))
    })
}

/// Whether `path` still names the locked `file`: its last holder may have removed it.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(named)) => held.ino() == named.ino() && held.dev() == named.dev(),
        _ => false,
    }
}

/// Elsewhere the lock file is never removed.
#[cfg(not(unix))]
fn still_there(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests;
