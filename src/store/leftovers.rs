//! What is in the store or the cache and nobody needs: what interrupted commands left, and downloaded packages.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Store, staging, unreadable, unwritable};
use crate::error::Result;
use crate::system::events::EventSink;

/// Why something can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftoverKind {
    /// A folder in which a client was put together or replaced.
    Staging,
    /// A change that was interrupted, to be finished or undone.
    Interrupted,
    /// A downloaded package, whole or in part.
    Download,
}

/// Something that can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Why.
    pub kind: LeftoverKind,
    /// The file or folder.
    pub path: PathBuf,
    /// How many bytes become free. A file that an installed client shares does not.
    pub bytes: u64,
    /// More about it, one phrase; empty where there is nothing more to say.
    pub about: String,
}

impl Store {
    /// What [`Self::collect`] would remove; changes nothing and does not wait. The second value is false where a process is
    /// changing the store at this moment: what it works on is not told. Errors `file-unreadable`, `file-unparsable`.
    pub fn leftovers(&self) -> Result<(Vec<Leftover>, bool)> {
        if self.is_locked() {
            Ok((Vec::new(), false))
        } else {
            Ok((self.found()?, true))
        }
    }

    /// Finishes or undoes what was interrupted, and removes every left-over. Says what it removed. Errors as for
    /// [`Self::lock`] and [`Self::leftovers`], and `file-unwritable`.
    pub fn collect(&self, events: &EventSink) -> Result<Vec<Leftover>> {
        // An empty store is not made in order to clean it.
        if !self.home.is_dir() && !self.downloads.is_dir() {
            return Ok(Vec::new());
        }
        let mut lock = self.lock_as_it_is("gc", events)?;
        let found = self.found()?;
        lock.clean_up()?;
        for leftover in &found {
            if leftover.kind != LeftoverKind::Interrupted {
                remove(&leftover.path).map_err(|error| unwritable(&leftover.path, &error))?;
            }
        }
        let _ = fs::remove_dir(&self.downloads);
        Ok(found)
    }

    fn found(&self) -> Result<Vec<Leftover>> {
        let mut found = Vec::new();
        if let Some(about) = self.interrupted()? {
            found.push(Leftover {
                kind: LeftoverKind::Interrupted,
                path: self.home.join("journal.toml"),
                bytes: 0,
                about,
            });
        }
        let clients = self.clients();
        for path in entries(&clients)? {
            if path.file_name().is_some_and(staging::is_staging) {
                found.push(leftover(LeftoverKind::Staging, path)?);
            }
        }
        for path in entries(&self.downloads)? {
            // Packages that a user put there by hand are not ours.
            if path.file_name().is_some_and(is_cache) {
                found.push(leftover(LeftoverKind::Download, path)?);
            }
        }
        Ok(found)
    }
}

/// Whether this entry of the downloads folder was made by a download: kept under its digest, or to go on with.
fn is_cache(name: &std::ffi::OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| name.starts_with("sha256-") || name == "partial")
}

fn leftover(kind: LeftoverKind, path: PathBuf) -> Result<Leftover> {
    let bytes = size(&path).map_err(|error| unreadable(&path, &error))?;
    Ok(Leftover {
        kind,
        path,
        bytes,
        about: String::new(),
    })
}

/// What is in `folder`, sorted by name; nothing where there is no such folder, or a link in its place.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()) {
        return Ok(Vec::new());
    }
    let read = || -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder)?;
        entries.map(|entry| Ok(entry?.path())).collect()
    };
    let mut paths = read().map_err(|error| unreadable(folder, &error))?;
    paths.sort();
    Ok(paths)
}

/// The bytes of all files at and below `path` that have no other name; links are not followed.
fn size(path: &Path) -> io::Result<u64> {
    let found = fs::symlink_metadata(path)?;
    if !found.is_dir() {
        let counts = found.is_file() && !has_other_names(&found);
        return Ok(if counts { found.len() } else { 0 });
    }
    let mut sum = 0;
    for entry in fs::read_dir(path)? {
        sum += size(&entry?.path())?;
    }
    Ok(sum)
}

#[cfg(unix)]
fn has_other_names(found: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) > 1
}

/// Elsewhere it takes an open file to tell.
#[cfg(not(unix))]
fn has_other_names(_found: &fs::Metadata) -> bool {
    false
}

fn remove(path: &Path) -> io::Result<()> {
    let ended = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match ended {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        ended => ended,
    }
}
