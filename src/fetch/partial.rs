//! A file that is not complete yet, and the lock that keeps a second process from writing into it.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256 as Hasher};

use super::own_file;
use super::sidecar::{self, Sidecar};
use crate::system::atomic_file;
use crate::tdengine::digest::Sha256;

/// The folder of the cache that holds partial files.
const FOLDER: &str = "partial";

/// A partial file, locked. Dropping it unlocks it, and removes it if it is empty or cannot be resumed.
#[derive(Debug)]
pub(super) struct Partial {
    file: File,
    path: PathBuf,
    length: u64,
    /// Whether a sidecar describes it, so that a later run can continue.
    resumable: bool,
}

impl Partial {
    /// The partial file of `address` (without secrets) below the cache directory, with its sidecar if that can be used. `None` if there
    /// is none, it is not ours, or another process holds it.
    pub(super) fn existing(cache: &Path, address: &str) -> Option<(Self, Option<Sidecar>)> {
        let path = path(cache, address);
        let file = own_file::open(&path, own_file::Access::Change).ok()?;
        let mut partial = Self::locked(file, path)?;
        let sidecar = read_sidecar(&partial.sidecar()).filter(|it| it.address == address);
        partial.resumable = sidecar.is_some();
        Some((partial, sidecar))
    }

    /// The same, created if it is missing.
    pub(super) fn create(cache: &Path, address: &str) -> Option<Self> {
        let path = path(cache, address);
        own_file::create_directory(path.parent()?).ok()?;
        let file = own_file::open(&path, own_file::Access::Create).ok()?;
        Self::locked(file, path)
    }

    fn locked(file: File, path: PathBuf) -> Option<Self> {
        if file.try_lock().is_err() {
            return None;
        }
        // Its last holder may have published or removed it.
        still_there(&file, &path).then_some(Self {
            length: file.metadata().ok()?.len(),
            file,
            path,
            resumable: false,
        })
    }

    /// How many bytes it holds.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Empties it for a file that `sidecar` describes; without one it cannot be resumed.
    pub(super) fn begin(&mut self, sidecar: Option<&Sidecar>) -> io::Result<()> {
        // The old sidecar goes first: at no moment does one describe other bytes.
        remove(&self.sidecar())?;
        self.cut(0)?;
        self.resumable = sidecar.is_some();
        match sidecar {
            Some(sidecar) => atomic_file::write(&self.sidecar(), sidecar.to_json().as_bytes()),
            None => Ok(()),
        }
    }

    /// Keeps its first `length` bytes; what is appended comes behind them.
    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length))?;
        self.length = length;
        Ok(())
    }

    /// Appends `bytes`.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Appends its bytes from `position` on to `buffer`, at most `most`; afterwards it is at its end again.
    pub(super) fn read(
        &mut self,
        position: u64,
        most: u64,
        buffer: &mut Vec<u8>,
    ) -> io::Result<u64> {
        self.file.seek(SeekFrom::Start(position))?;
        let read = (&mut self.file).take(most).read_to_end(buffer)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        Ok(read as u64)
    }

    /// Gives the complete file its place `to`, whose folder is made.
    pub(super) fn publish(mut self, to: &Path) -> io::Result<()> {
        if let Some(directory) = to.parent() {
            own_file::create_directory(directory)?;
        }
        remove(&self.sidecar())?;
        fs::rename(&self.path, to)?;
        // Its old name may be another download's by now.
        self.resumable = true;
        Ok(())
    }

    /// Removes it.
    pub(super) fn discard(mut self) {
        self.length = 0;
    }

    fn sidecar(&self) -> PathBuf {
        self.path.with_extension("json")
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.length == 0 || !self.resumable {
            let _ = remove(&self.sidecar());
            let _ = fs::remove_file(&self.path);
        }
        // Only empty folders go.
        for folder in self.path.ancestors().skip(1).take(2) {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Named by the address, so that two downloads never share one.
fn path(cache: &Path, address: &str) -> PathBuf {
    let name = Sha256(Hasher::digest(address.as_bytes()).into()).to_string();
    let short = name.get(..32).unwrap_or(&name);
    cache.join(FOLDER).join(format!("{short}.part"))
}

fn read_sidecar(path: &Path) -> Option<Sidecar> {
    let mut text = Vec::new();
    let file = own_file::open(path, own_file::Access::Read).ok()?;
    file.take(sidecar::LARGEST).read_to_end(&mut text).ok()?;
    Sidecar::parse(&text)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether `path` still names the locked `file`.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(named)) => held.ino() == named.ino() && held.dev() == named.dev(),
        _ => false,
    }
}

/// Elsewhere a name is not given to a second file while the first is open.
#[cfg(not(unix))]
fn still_there(_file: &File, path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests;
