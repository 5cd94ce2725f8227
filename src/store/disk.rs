//! The store's changes to the disk, one function a step. In debug builds tests make a step fail or end the process at it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::error::SHARING_VIOLATION;
use crate::system::directory::{Directory, EntryType, Visitor, ignore_missing, walk};
pub(super) use crate::system::test_fault::step;

/// Pauses before a busy rename is tried again: virus scanners and indexers hold a directory for moments.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(20),
    Duration::from_millis(40),
    Duration::from_millis(80),
    Duration::from_millis(160),
];
/// From this number of files on, one call flushes the whole file system instead of one call a file.
const MANY_FILES: usize = 256;

/// Renames `from` to `to` in `directory`, again if it is busy.
pub(super) fn rename(directory: &Directory, from: &OsStr, to: &OsStr) -> io::Result<()> {
    again(|| directory.rename(from, directory, to))
}

/// Renames the path `from` to `to`, again if it is busy.
pub(super) fn rename_path(from: &Path, to: &Path) -> io::Result<()> {
    again(|| fs::rename(from, to))
}

fn again(rename: impl Fn() -> io::Result<()>) -> io::Result<()> {
    let once = || step().and_then(|()| rename());
    for pause in AGAIN {
        match once() {
            Err(error) if is_busy(&error) => std::thread::sleep(pause),
            ended => return ended,
        }
    }
    once()
}

fn is_busy(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::ResourceBusy
        || (cfg!(windows)
            && (error.kind() == io::ErrorKind::PermissionDenied
                || error.raw_os_error() == Some(SHARING_VIOLATION)))
}

/// Replaces the file `name` in `directory` with `content`, whole or not at all, and on disk before it returns.
pub(super) fn replace(directory: &Directory, name: &OsStr, content: &[u8]) -> io::Result<()> {
    step()?;
    directory.replace(name, content)
}

/// Removes the file or link `name` of `directory`; it may be gone already.
pub(super) fn remove(directory: &Directory, name: &OsStr) -> io::Result<()> {
    step()?;
    ignore_missing(directory.remove(name))
}

/// Removes the file or link `path`; it may be gone already.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    step()?;
    ignore_missing(fs::remove_file(path))
}

/// Makes `to` another name of the file `from`.
pub(super) fn hard_link(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::hard_link(from, to)
}

/// Flushes every file and directory below `path` to disk; links are not followed.
pub(super) fn sync_tree(path: &Path) -> io::Result<()> {
    step()?;
    let root = Directory::open(path)?;
    let mut count = Count::default();
    walk(&root, &mut count)?;
    if count.0 > MANY_FILES && root.sync_file_system()? {
        return Ok(());
    }
    walk(&root, &mut Flush)?;
    root.sync()
}

/// Counts entries.
#[derive(Default)]
struct Count(usize);

impl Visitor for Count {
    fn entry(
        &mut self,
        _parent: &Directory,
        _name: &OsStr,
        found: EntryType,
        _path: &Path,
    ) -> io::Result<bool> {
        self.0 += 1;
        Ok(found == EntryType::Directory)
    }
}

/// Flushes files with content, and directories, which also records empty files.
struct Flush;

impl Visitor for Flush {
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        _path: &Path,
    ) -> io::Result<bool> {
        match found {
            EntryType::Directory => Ok(true),
            EntryType::File(0) | EntryType::Link(_) | EntryType::Special => Ok(false),
            EntryType::File(_) => parent.sync_file(name).map(|()| false),
        }
    }

    fn leave(&mut self, parent: &Directory, name: &OsStr) -> io::Result<()> {
        parent.open_directory(name)?.sync()
    }
}

/// Flushes the names in `path` to disk. Windows has no such call and needs none.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
