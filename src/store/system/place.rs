//! A path of the system as its folder, held open, and a name in it. Below the system's own folders no link is followed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::message::{Message, message};
use crate::system::directory::{Directory, EntryType, open_roots_directory};
use crate::tdengine::digest::Sha256;

/// The system's own folders, which may be links: `/usr/local` is one where the system is an image, `/etc` is one on macOS.
/// An inner one comes before an outer one.
const BASES: &[&str] = &["/usr/local", "/usr", "/etc", super::HOME];
/// The largest configuration, in bytes.
const CONFIG_SIZE: u64 = 1 << 20;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A regular file.
    File {
        /// Its size in bytes.
        size: u64,
        /// Its SHA-256.
        sha256: Sha256,
    },
    /// A symbolic link, with what it points to.
    Link(OsString),
    /// A folder.
    Folder,
    /// A socket, a pipe, a device.
    Other,
    /// A link or a file stands where a folder on the way to it has to be.
    NoWay(Message),
}

/// A folder and a name in it.
#[derive(Debug)]
pub(super) struct SystemPlace {
    pub(super) folder: Directory,
    pub(super) name: OsString,
}

impl SystemPlace {
    /// The place of `path`. Error `NotFound` where its folder is missing, `NotADirectory` where a link stands in the way.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let (base, rest) = base(path)?;
        let is_record = path.starts_with(super::HOME) && path != Path::new(super::HOME);
        let mut folder = match is_record {
            true => open_roots_directory(&base).map_err(|untrusted| untrusted.error)?,
            false => Directory::open(&base)?,
        };
        let parents = rest.parent().unwrap_or(Path::new(""));
        for name in parents {
            folder = enter(&folder, name)?;
            if is_record {
                folder.check_roots(false)?;
            }
        }
        let name = rest.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Self {
            folder,
            name: name.to_owned(),
        })
    }

    /// What the name stands for; `None` where it stands for nothing.
    pub(super) fn kind(&self) -> io::Result<Option<EntryType>> {
        match self.folder.entry_type(&self.name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    /// The place beside it whose name is this name behind `prefix`.
    pub(super) fn beside(&self, prefix: &str) -> OsString {
        let mut name = OsString::from(prefix);
        name.push(&self.name);
        name
    }

    /// Removes the file or link; it may be gone already.
    pub(super) fn remove(&self) -> io::Result<()> {
        remove(&self.folder, &self.name)
    }
}

/// Removes `name`; it may be gone already.
pub(super) fn remove(folder: &Directory, name: &OsStr) -> io::Result<()> {
    match folder.remove(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        ended => ended,
    }
}

/// The directory `name`, which must not be a link.
pub(super) fn enter(folder: &Directory, name: &OsStr) -> io::Result<Directory> {
    match folder.entry_type(name)? {
        EntryType::Directory => folder.open_directory(name),
        _ => Err(io::ErrorKind::NotADirectory.into()),
    }
}

/// The system's own folder that `path` is below, without links in it, and the rest of the path.
pub(super) fn base(path: &Path) -> io::Result<(PathBuf, PathBuf)> {
    for base in BASES {
        if let Ok(rest) = path.strip_prefix(base) {
            match fs::canonicalize(base) {
                // A small image may have no /usr/local yet.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                found => return Ok((found?, rest.to_path_buf())),
            }
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// What is at `path`.
pub(super) fn look(path: &Path) -> io::Result<Found> {
    let place = match SystemPlace::of(path) {
        Ok(place) => place,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Ok(Found::NoWay(message!("system-detour")));
        }
        Err(error) => return Err(error),
    };
    Ok(match place.kind()? {
        None => Found::Nothing,
        Some(EntryType::Directory) => Found::Folder,
        Some(EntryType::Link(target)) => Found::Link(target),
        Some(EntryType::Special) => Found::Other,
        Some(EntryType::File(size)) => Found::File {
            size,
            sha256: Sha256::of(place.folder.open_file(&place.name)?)?,
        },
    })
}

/// The bytes of a small regular file.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let place = SystemPlace::of(path)?;
    match place.kind()? {
        Some(EntryType::File(size)) if size <= CONFIG_SIZE => {
            let mut bytes = Vec::new();
            let file = place.folder.open_file(&place.name)?;
            file.take(CONFIG_SIZE).read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        }
        _ => Ok(None),
    }
}
