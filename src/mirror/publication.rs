//! Publishes a mirror as a whole: everything is put together in a directory next to it, which then takes its place.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256 as Hasher};

use super::entry_path::EntryPath;
use super::fault::{unreadable, unwritable};
use super::manifest::{FileOrigin, MANIFEST, MANIFEST_SIGNATURE, MirrorFile, MirrorManifest};
use super::stored::StoredMirror;
use super::walk;
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::system::directory::Directory;
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};
use crate::tdengine::digest::Sha256;

/// The interval of attempts to lock.
const AGAIN: Duration = Duration::from_millis(100);
/// The time after which a note reports the waiting.
const PATIENCE: Duration = Duration::from_secs(1);
/// The default of `TAOS_SETUP_LOCK_TIMEOUT`.
const LIMIT: Duration = Duration::from_secs(300);

/// The mirror that is being made, under its lock.
#[derive(Debug)]
pub(super) struct Publication {
    target: PathBuf,
    staging: PathBuf,
    replaced: PathBuf,
    lock: MirrorLock,
    /// The mirror that is there.
    pub(super) before: Option<StoredMirror>,
}

/// A locked file, removed when it is dropped.
#[derive(Debug)]
struct MirrorLock {
    parent: Directory,
    name: OsString,
    file: File,
}

impl Drop for MirrorLock {
    fn drop(&mut self) {
        // It is removed before it is unlocked; a waiting process sees that and starts again.
        let _ = self.parent.remove(&self.name);
        let _ = self.file.unlock();
    }
}

impl Publication {
    /// Locks the mirror in `target`, which may be missing, and removes what an interrupted run left.
    ///
    /// # Errors
    /// `store-busy` if another process makes the same mirror, `would-overwrite` if the directory has other files.
    pub(super) fn begin(target: &Path, events: &EventSink) -> Result<Self> {
        let target = match fs::canonicalize(target) {
            Ok(target) => target,
            Err(_) => std::path::absolute(target).map_err(|error| unreadable(target, &error))?,
        };
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(unwritable(&target, &ErrorKind::InvalidInput.into()));
        };
        fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
        let beside = |what: &str| {
            let mut own = OsString::from(".");
            own.push(name);
            own.push(what);
            own
        };
        let lock = lock(parent, beside(".taos-setup-lock"), events)?;
        let staging = parent.join(beside(".taos-setup-new"));
        let replaced = parent.join(beside(".taos-setup-old"));
        // Killed between two renames.
        if replaced.exists() && !target.exists() {
            fs::rename(&replaced, &target).map_err(|error| unwritable(&target, &error))?;
        }
        for leftover in [&staging, &replaced] {
            remove(leftover)?;
        }
        let before = StoredMirror::find(&target)?;
        let publication = Self {
            target,
            staging,
            replaced,
            lock,
            before,
        };
        publication.refuse_other_files()?;
        Ok(publication)
    }

    /// Refuses a directory with files that no manifest names: they would be lost.
    fn refuse_other_files(&self) -> Result<()> {
        let found = match Directory::open(&self.target) {
            Ok(directory) => walk::files(&directory),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => Err(error),
        };
        let found = found.map_err(|error| unreadable(&self.target, &error))?;
        let known = |path: &str| {
            [MANIFEST, MANIFEST_SIGNATURE].contains(&path)
                || EntryPath::parse(path).is_some_and(|path| {
                    let before = self.before.as_ref();
                    before.is_some_and(|before| before.manifest.files.contains_key(&path))
                })
        };
        match found.keys().find(|path| !known(path)) {
            Some(path) => Err(Error::new(
                ErrorId::WouldOverwrite,
                message!("mirror-create-in", path = printable_path(&self.target)),
                message!("mirror-other-file", file = path),
                message!("mirror-other-file-next"),
            )),
            None => Ok(()),
        }
    }

    /// Copies the file `source` into the mirror as `path`.
    pub(super) fn add_file(
        &self,
        path: &EntryPath,
        source: &Path,
        origin: FileOrigin,
    ) -> Result<MirrorFile> {
        let mut from = File::open(source).map_err(|error| unreadable(source, &error))?;
        let (mut to, place) = self.create(path)?;
        let mut hasher = Hasher::new();
        let mut chunk = vec![0; 128 << 10];
        let mut size = 0;
        loop {
            let read = match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(source, &error)),
            };
            hasher.update(&chunk[..read]);
            to.write_all(&chunk[..read])
                .map_err(|error| unwritable(&place, &error))?;
            size += read as u64;
        }
        Ok(MirrorFile {
            size,
            sha256: Sha256(hasher.finalize().into()),
            origin,
            license: None,
            has_base: false,
        })
    }

    /// Writes `bytes` into the mirror as `path`.
    pub(super) fn add_bytes(&self, path: &EntryPath, bytes: &[u8]) -> Result<MirrorFile> {
        let (mut file, place) = self.create(path)?;
        file.write_all(bytes)
            .map_err(|error| unwritable(&place, &error))?;
        Ok(MirrorFile {
            size: bytes.len() as u64,
            sha256: Sha256(Hasher::digest(bytes).into()),
            origin: FileOrigin::Generated,
            license: None,
            has_base: false,
        })
    }

    /// Takes over a file of the mirror that is there: another name of it, or a copy if the file system has no such names.
    pub(super) fn keep_file(&self, path: &EntryPath) -> Result<()> {
        let place = path.below(&self.staging);
        create_parents(&place)?;
        let from = path.below(&self.target);
        fs::hard_link(&from, &place)
            .or_else(|_| fs::copy(&from, &place).map(drop))
            .map_err(|error| unwritable(&place, &error))
    }

    fn create(&self, path: &EntryPath) -> Result<(File, PathBuf)> {
        let place = path.below(&self.staging);
        create_parents(&place)?;
        // A file that was linked from the old mirror must not change through its new name.
        let _ = fs::remove_file(&place);
        let file = File::create_new(&place).map_err(|error| unwritable(&place, &error))?;
        Ok((file, place))
    }

    /// Writes the manifest and its signature, and puts the mirror into its place in one step.
    pub(super) fn publish(self, manifest: &MirrorManifest, signature: Option<&str>) -> Result<()> {
        let manifest = manifest.render();
        fs::create_dir_all(&self.staging).map_err(|error| unwritable(&self.staging, &error))?;
        let files = [
            (MANIFEST, Some(manifest.as_str())),
            (MANIFEST_SIGNATURE, signature),
        ];
        for (name, content) in files {
            let place = self.staging.join(name);
            if let Some(content) = content {
                fs::write(&place, content).map_err(|error| unwritable(&place, &error))?;
            }
        }
        let failed = |error: io::Error| match error.kind() {
            ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => Error::new(
                ErrorId::FileUnwritable,
                message!("mirror-write", path = printable_path(&self.target)),
                message!("mirror-mount-point"),
                message!("mirror-mount-point-next"),
            ),
            _ => unwritable(&self.target, &error),
        };
        if let Ok(directory) = Directory::open(&self.staging) {
            let _ = directory.sync_file_system();
        }
        if !self.target.exists() {
            fs::rename(&self.staging, &self.target).map_err(failed)?;
        } else if exchange(&self.staging, &self.target).is_ok() {
            // Now the old mirror has the name of the staging directory.
            let _ = remove(&self.staging);
        } else {
            fs::rename(&self.target, &self.replaced).map_err(failed)?;
            fs::rename(&self.staging, &self.target).map_err(failed)?;
            let _ = remove(&self.replaced);
        }
        let _ = self.lock.parent.sync();
        Ok(())
    }

    /// The place of a file in the mirror that is being made.
    pub(super) fn staged(&self, path: &EntryPath) -> PathBuf {
        path.below(&self.staging)
    }

    /// The mirror's directory.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Removes what was put together.
    pub(super) fn discard(self) {
        let _ = remove(&self.staging);
    }
}

fn create_parents(place: &Path) -> Result<()> {
    match place.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error)),
        None => Ok(()),
    }
}

/// Removes a directory and everything in it, without following links; it may be gone.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable(path, &error)),
        _ => Ok(()),
    }
}

/// Exchanges the names of two directories in one step, where the system can.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

fn lock(parent: &Path, name: OsString, events: &EventSink) -> Result<MirrorLock> {
    let place = parent.join(&name);
    let failed = |error: io::Error| unwritable(&place, &error);
    let limit = env_vars::LOCK_TIMEOUT
        .text()
        .and_then(|text| Duration::try_from_secs_f64(text.trim().parse().ok()?).ok())
        .unwrap_or(LIMIT);
    let since = Instant::now();
    let mut is_noted = false;
    loop {
        let directory = Directory::open_named(parent).map_err(failed)?;
        let file = open_lock(&directory, &name).map_err(failed)?;
        match file.try_lock() {
            Ok(()) if directory.holds(&name, &file) => {
                return Ok(MirrorLock {
                    parent: directory,
                    name,
                    file,
                });
            }
            Ok(()) => continue,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let waited = since.elapsed();
        if waited >= limit {
            return Err(Error::new(
                ErrorId::StoreBusy,
                message!("mirror-lock", path = printable_path(&place)),
                message!("mirror-busy", seconds = limit.as_secs_f64()),
                message!("mirror-busy-next", variable = env_vars::LOCK_TIMEOUT.name),
            ));
        }
        if !is_noted && waited >= PATIENCE {
            is_noted = true;
            events.emit(Event::note(message!("mirror-waiting")));
        }
        std::thread::sleep(AGAIN.min(limit - waited));
    }
}

fn open_lock(directory: &Directory, name: &OsStr) -> io::Result<File> {
    loop {
        match directory.open_own_for_writing(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            opened => return opened,
        }
        match directory.create(name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => return created,
        }
    }
}
