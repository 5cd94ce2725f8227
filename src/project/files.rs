//! Reads a project's files, which are other people's: links, devices, and oversized files are refused, and nothing is waited for. The
//! project's directory is held open from the first look on, so that nothing outside it is read or written if its path is exchanged.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::text;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::system::directory::{Directory, EntryType};
use crate::system::files::{self, UnfitFile};

/// The largest file that is read, in bytes: no manifest that people write comes near it.
pub const LARGEST: u64 = 1024 * 1024;
/// The largest lock file that is read, in bytes; those of large projects have some ten MiB.
pub const LARGEST_LOCK: u64 = 16 * 1024 * 1024;

/// A project's directory, which may not exist yet.
#[derive(Debug)]
pub struct ProjectRoot {
    path: PathBuf,
    /// The directory, or the nearest one above it that exists.
    anchor: Directory,
    /// The names below `anchor` that do not exist.
    missing: Vec<OsString>,
}

impl ProjectRoot {
    /// Opens the directory `path`, or the nearest one above it that exists.
    ///
    /// # Errors
    /// `file-unreadable` if it cannot be opened, or is not a directory.
    pub fn open(path: &Path) -> Result<Self> {
        let mut missing = Vec::new();
        let mut existing = path;
        loop {
            let at = if existing.as_os_str().is_empty() {
                Path::new(".")
            } else {
                existing
            };
            match Directory::open_named(at) {
                Ok(anchor) => {
                    missing.reverse();
                    return Ok(Self {
                        path: path.to_path_buf(),
                        anchor,
                        missing,
                    });
                }
                Err(error) if error.kind() == ErrorKind::NotFound && at == existing => {
                    match (existing.file_name(), existing.parent()) {
                        (Some(name), Some(parent)) => {
                            missing.push(name.to_owned());
                            existing = parent;
                        }
                        _ => return Err(unreadable(path, &error)),
                    }
                }
                Err(error) => return Err(unreadable(at, &error)),
            }
        }
    }

    /// The path by which it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The nearest directory that existed when it was opened, and the names below it that did not.
    pub fn anchor(&self) -> (&Directory, &[OsString]) {
        (&self.anchor, &self.missing)
    }

    fn directory(&self) -> Option<&Directory> {
        self.missing.is_empty().then_some(&self.anchor)
    }

    /// Returns the names of what is in it; none if it cannot be read, which reading a file reports.
    pub fn names(&self) -> Vec<String> {
        let names = self.directory().map(Directory::names);
        let names = names.into_iter().flatten().flatten();
        names.filter_map(|name| name.into_string().ok()).collect()
    }

    /// Returns the names of what is in its directory `relative` (with `/`), sorted; none if that cannot be read, or is behind a link.
    pub fn names_in(&self, relative: &str) -> Vec<String> {
        let Some(root) = self.directory() else {
            return Vec::new();
        };
        let mut inner: Option<Directory> = None;
        for part in relative.split('/').filter(|part| !part.is_empty()) {
            let directory = inner.as_ref().unwrap_or(root);
            let name = OsStr::new(part);
            if part == ".." || directory.entry_type(name).ok() != Some(EntryType::Directory) {
                return Vec::new();
            }
            match directory.open_directory(name) {
                Ok(next) => inner = Some(next),
                Err(_) => return Vec::new(),
            }
        }
        let names = inner.as_ref().unwrap_or(root).names().unwrap_or_default();
        let mut names: Vec<_> = names
            .into_iter()
            .filter_map(|name| name.into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// Returns the bytes of the file at `relative` (with `/`); `None` if nothing is there. No component of `relative` may be a symbolic
    /// link: what `init` writes stays inside the project.
    ///
    /// # Errors
    /// `file-unreadable` if something else than a regular file is there, or it is too large.
    pub fn read(&self, relative: &str) -> Result<Option<Vec<u8>>> {
        let bytes = self.read_at_most(relative, LARGEST)?;
        let path = || self.path.join(relative);
        bytes.map(|bytes| check_lines(&path(), bytes)).transpose()
    }

    /// Returns the bytes of the file at `relative`, at most `limit`. Otherwise as [`Self::read`].
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_at_most(&self, relative: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let Some(root) = self.directory() else {
            return Ok(None);
        };
        let mut path = self.path.clone();
        let mut inner: Option<Directory> = None;
        let mut parts = relative.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            let directory = inner.as_ref().unwrap_or(root);
            let name = OsStr::new(part);
            let is_last = parts.peek().is_none();
            match directory.entry_type(name) {
                Ok(EntryType::Directory) if !is_last => {
                    let next = directory.open_directory(name);
                    inner = Some(next.map_err(|error| unreadable(&path, &error))?);
                }
                Ok(EntryType::File(_)) if is_last => {
                    let file = directory.open_file(name);
                    let bytes = file.and_then(|file| files::read_capped(file, limit));
                    return bytes.map(Some).map_err(|error| unfit(&path, &error));
                }
                Ok(EntryType::Link(_)) => {
                    return Err(refused(
                        &path,
                        message!("project-link"),
                        message!("project-link-next"),
                    ));
                }
                Ok(EntryType::Directory | EntryType::File(_) | EntryType::Special) => {
                    let observed = if is_last {
                        message!("project-not-regular")
                    } else {
                        message!("project-not-directory")
                    };
                    return Err(refused(&path, observed, message!("project-move-away")));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(unreadable(&path, &error)),
            }
        }
        Ok(None)
    }
}

/// Returns the bytes of the lock file at `path`, which is only read, and may be larger than what people write; `None` if no regular file
/// is there.
///
/// # Errors
/// `file-unreadable` if it cannot be read, or is too large.
pub fn read_lock(path: &Path) -> Result<Option<Vec<u8>>> {
    read_regular(path, LARGEST_LOCK)
}

/// Returns the bytes of the file at `path`, which is only read, so it may be outside of the project; `None` if no regular file is there.
///
/// # Errors
/// `file-unreadable` if it cannot be read, or is too large.
pub fn read_outside(path: &Path) -> Result<Option<Vec<u8>>> {
    let bytes = read_regular(path, LARGEST)?;
    bytes.map(|bytes| check_lines(path, bytes)).transpose()
}

fn check_lines(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
    if text::has_too_many_lines(&bytes) {
        let observed = message!("project-too-many-lines", most = text::MOST_LINES);
        return Err(refused(path, observed, message!("project-too-large-next")));
    }
    Ok(bytes)
}

fn read_regular(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => files::read_named(path, limit)
            .map(Some)
            .map_err(|error| unfit(path, &error)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Returns the path `path`, with `/`, without `.` and without directories that `..` leaves again.
pub fn normal_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Returns `path` as people write it: without the `./` that a project in the current directory has.
pub fn shown(path: &Path) -> String {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.display().to_string(),
        _ => path.display().to_string(),
    }
}

fn unfit(path: &Path, error: &io::Error) -> Error {
    match UnfitFile::find(error) {
        Some(UnfitFile::TooLarge(limit)) => refused(
            path,
            message!("project-too-large", limit = limit >> 20),
            message!("project-too-large-next"),
        ),
        Some(_) => refused(
            path,
            describe_io_error(error),
            message!("project-move-away"),
        ),
        None => unreadable(path, error),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("project-read", path = shown(path)),
        describe_io_error(error),
        message!("project-make-readable"),
    )
}

fn refused(path: &Path, observed: Message, next: Message) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("project-read", path = shown(path)),
        observed,
        next,
    )
}
