//! Directories on Unix, held by a descriptor.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};

use super::EntryType;
use crate::system::files::{self, UnfitFile};

/// A directory that is held open.
#[derive(Debug)]
pub struct Directory(OwnedFd);

const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
/// Without `NONBLOCK`, opening a FIFO would wait for its other end.
const FILE: OFlags = OFlags::NOFOLLOW
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

impl Directory {
    /// Opens the directory `path`, which must not be a link itself.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(rustix::fs::open(path, DIRECTORY, Mode::empty())?))
    }

    /// Opens the directory `path`, which a person named; links are followed.
    pub fn open_named(path: &Path) -> io::Result<Self> {
        let flags = DIRECTORY.difference(OFlags::NOFOLLOW);
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// Returns another handle of it.
    pub fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// Opens the directory `name` in it.
    pub fn open_directory(&self, name: &OsStr) -> io::Result<Self> {
        let opened = rustix::fs::openat(&self.0, name, DIRECTORY, Mode::empty())?;
        Ok(Self(opened))
    }

    /// Returns the names in it, sorted.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Returns the type of the entry `name`.
    pub fn entry_type(&self, name: &OsStr) -> io::Result<EntryType> {
        let found = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(found.st_mode) {
            FileType::Directory => EntryType::Directory,
            FileType::RegularFile => EntryType::File(u64::try_from(found.st_size).unwrap_or(0)),
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(&self.0, name, Vec::new())?;
                EntryType::Link(OsStr::from_bytes(target.to_bytes()).to_owned())
            }
            _ => EntryType::Special,
        })
    }

    /// Opens the regular file `name` for reading. Another entry gives an [`UnfitFile`].
    pub fn open_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_regular(name, OFlags::RDONLY)
    }

    /// Opens for reading a file that only this program writes: a regular file with one link, owned by this user, by root, or,
    /// unless this user is root, by the owner of the directory. Another entry gives an [`UnfitFile`].
    pub fn open_own(&self, name: &OsStr) -> io::Result<File> {
        let file = self.open_file(name)?;
        let user = user();
        let mut trusted = vec![0, user];
        if user != 0 {
            trusted.push(rustix::fs::fstat(&self.0)?.st_uid);
        }
        check_own(file, &trusted)
    }

    /// Reads a file that only this program writes, as [`Self::open_own`]; at most `limit` bytes.
    pub fn read_own(&self, name: &OsStr, limit: u64) -> io::Result<Vec<u8>> {
        files::read_capped(self.open_own(name)?, limit)
    }

    fn open_regular(&self, name: &OsStr, access: OFlags) -> io::Result<File> {
        // Opening alone can have an effect on a device.
        if let Some(unfit) = unfit(&self.entry_type(name)?) {
            return Err(unfit.into());
        }
        match rustix::fs::openat(&self.0, name, access | FILE, Mode::empty()) {
            Ok(file) => files::check_regular(file.into()),
            Err(rustix::io::Errno::LOOP) => Err(UnfitFile::Link.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates the file `name`, which must not exist, with mode 0600.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | FILE;
        let mode = Mode::RUSR | Mode::WUSR;
        Ok(rustix::fs::openat(&self.0, name, flags, mode)?.into())
    }

    /// Creates the file `name`, which must not exist, with the permissions that the umask leaves.
    pub fn create_shared(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | FILE;
        let mode = Mode::from_raw_mode(0o666);
        Ok(rustix::fs::openat(&self.0, name, flags, mode)?.into())
    }

    /// Creates the directory `name`, which must not exist, with the permissions that the umask leaves.
    pub fn create_shared_directory(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(
            &self.0,
            name,
            Mode::from_raw_mode(0o777),
        )?)
    }

    /// Renames the file `name` to `new`, which must not exist.
    pub fn rename_to_new(&self, name: &OsStr, new: &OsStr) -> io::Result<()> {
        // A second name and the removal of the first: unlike a rename, this never replaces what has the name already.
        rustix::fs::linkat(&self.0, name, &self.0, new, AtFlags::empty())?;
        self.remove(name)
    }

    /// Creates the symbolic link `name`.
    pub fn symlink(&self, target: &OsStr, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::symlinkat(target, &self.0, name)?)
    }

    /// Creates the directory `name`, which must not exist, with exactly the permissions `mode`.
    pub fn create_directory(&self, name: &OsStr, mode: u32) -> io::Result<()> {
        rustix::fs::mkdirat(&self.0, name, Mode::RWXU)?;
        // The umask does not apply.
        let created = self.open_directory(name)?;
        File::from(created.0).set_permissions(PermissionsExt::from_mode(mode))
    }

    /// Makes `to` another name of the file `name`.
    pub fn hard_link(&self, name: &OsStr, to: &Path) -> io::Result<()> {
        // No flag to follow links: a link in the file's place would get the name, and is seen for what it is.
        let none = AtFlags::empty();
        Ok(rustix::fs::linkat(
            &self.0,
            name,
            rustix::fs::CWD,
            to,
            none,
        )?)
    }

    /// Moves `name` to the directory `to`, as `new`.
    pub fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, name, &to.0, new)?)
    }

    /// Removes the file or link `name`.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Removes the empty directory `name`.
    pub fn remove_directory(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// Flushes the names in it to disk.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
    }
}

fn unfit(found: &EntryType) -> Option<UnfitFile> {
    match found {
        EntryType::File(_) => None,
        EntryType::Link(_) => Some(UnfitFile::Link),
        EntryType::Directory => Some(UnfitFile::Directory),
        EntryType::Special => Some(UnfitFile::Special),
    }
}

fn check_own(file: File, owners: &[u32]) -> io::Result<File> {
    let found = file.metadata()?;
    if !owners.contains(&found.uid()) {
        return Err(UnfitFile::Owner(found.uid()).into());
    }
    if found.nlink() != 1 {
        return Err(UnfitFile::SeveralNames.into());
    }
    Ok(file)
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}
