//! The store's lock: one taos-setup at a time changes the store.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::{Store, unwritable};
use crate::error::Result;

const NAME: &str = "lock";

/// The store, locked. Dropping it unlocks, and takes away the folders that locking made and nobody filled.
#[derive(Debug)]
pub struct Lock {
    store: Store,
    file: File,
    made_home: bool,
    made_clients: bool,
}

impl Store {
    /// Takes the lock, making the store's folders where they are missing; `None` where another process holds it. Sweeps up
    /// what an interrupted installation left behind. Error `file-unwritable`.
    pub fn try_lock(&self) -> Result<Option<Lock>> {
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
            };
            fs::create_dir_all(&clients).map_err(|error| unwritable(&clients, &error))?;
            super::staging::sweep(&clients);
            return Ok(Some(lock));
        }
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
        #[cfg(not(unix))]
        let _ = self.made_home;
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
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path().join("a/home"));
        let first = store.try_lock().unwrap().unwrap();
        assert!(store.try_lock().unwrap().is_none());
        drop(first);
        assert!(!store.home().exists());
        assert!(store.try_lock().unwrap().is_some());
    }

    #[test]
    fn a_filled_store_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path().to_path_buf());
        let lock = store.try_lock().unwrap().unwrap();
        fs::create_dir(store.clients().join("x")).unwrap();
        fs::create_dir(store.clients().join(".staging-left")).unwrap();
        drop(lock);
        assert!(store.try_lock().unwrap().is_some());
        assert!(store.clients().join("x").is_dir());
        assert!(!store.clients().join(".staging-left").exists());
    }
}
