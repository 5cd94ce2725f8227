//! Directories on Unix, held by a descriptor.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};

use super::{EntryType, ignore_missing, replacement_name};
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
        let owner = rustix::fs::fstat(&self.0)?.st_uid;
        let is_trusted = |uid| is_root(uid) || uid == user() || (uid == owner && user() != 0);
        check_own(file, is_trusted)
    }

    /// As [`Self::open_own`], for reading and writing, and only if this user is the owner.
    pub fn open_own_for_writing(&self, name: &OsStr) -> io::Result<File> {
        check_own(self.open_regular(name, OFlags::RDWR)?, is_this_user)
    }

    /// Checks that this user owns the directory and that no other user can write it.
    pub fn check_own(&self) -> io::Result<()> {
        self.check(is_this_user)
    }

    /// Checks that this user can read the directory without depending on others: only its owner can write it, and for
    /// root the owner is root.
    pub fn check_trusted(&self) -> io::Result<()> {
        self.check(|uid| user() != 0 || is_root(uid))
    }

    /// Checks that root owns the directory and that no other user can write it; with `sticky`, also accepts one like `/tmp`, in
    /// which users cannot exchange what is root's.
    pub fn check_roots(&self, sticky: bool) -> io::Result<()> {
        let found = rustix::fs::fstat(&self.0)?;
        if sticky
            && is_root(found.st_uid)
            && Mode::from_raw_mode(found.st_mode).contains(Mode::SVTX)
        {
            return Ok(());
        }
        self.check(is_root)
    }

    /// Opens for reading the regular file `name` of root's.
    pub fn open_roots_file(&self, name: &OsStr) -> io::Result<File> {
        let file = self.open_file(name)?;
        let found = file.metadata()?;
        match is_root(found.uid()) && found.mode() & 0o002 == 0 {
            true => Ok(file),
            false if is_root(found.uid()) => Err(UnfitFile::WritableByOthers.into()),
            false => Err(UnfitFile::Owner(found.uid()).into()),
        }
    }

    /// Clears the set-user-ID, set-group-ID, and sticky bits of the regular file `name`, if it is one that is not root's.
    pub fn clear_special_bits(&self, name: &OsStr) -> io::Result<()> {
        let file = match self.open_file(name) {
            Err(error) if UnfitFile::find(&error).is_some() => return Ok(()),
            opened => opened?,
        };
        let found = file.metadata()?;
        match files::without_special_bits(&found) {
            mode if mode == found.mode() & 0o7777 => Ok(()),
            mode => file.set_permissions(PermissionsExt::from_mode(mode)),
        }
    }

    fn check(&self, is_trusted: impl Fn(u32) -> bool) -> io::Result<()> {
        let found = rustix::fs::fstat(&self.0)?;
        if !is_trusted(found.st_uid) {
            return Err(UnfitFile::Owner(found.st_uid).into());
        }
        let mode = Mode::from_raw_mode(found.st_mode);
        // Distributions give each user a group with the user's number; in group 0 is root.
        let group_is_others = found.st_gid != 0 && found.st_gid != found.st_uid;
        if mode.contains(Mode::WOTH) || (mode.contains(Mode::WGRP) && group_is_others) {
            return Err(UnfitFile::WritableByOthers.into());
        }
        Ok(())
    }

    /// Returns what identifies the directory on this machine, whatever its name.
    pub fn identity(&self) -> io::Result<(u64, u64)> {
        let found = File::from(self.0.try_clone()?).metadata()?;
        Ok((found.dev(), found.ino()))
    }

    /// Returns whether the file `name` has no other name (hard links).
    pub fn has_one_name(&self, name: &OsStr) -> io::Result<bool> {
        let found = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(found.st_nlink == 1)
    }

    /// Returns whether `name` is the open `file`.
    pub fn holds(&self, name: &OsStr, file: &File) -> bool {
        // Without opening it: a process that is out of descriptors must not take its own file for another one.
        let named = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW);
        match (named, rustix::fs::fstat(file)) {
            (Ok(named), Ok(file)) => (named.st_dev, named.st_ino) == (file.st_dev, file.st_ino),
            _ => false,
        }
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

    /// Creates a file without a name, on the file system of this directory, with the permissions that the umask leaves. Nothing of it
    /// stays unless [`Self::link_unnamed`] gives it a name.
    ///
    /// # Errors
    /// That the system or the file system has no such files.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn create_unnamed(&self) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
        let file: File =
            rustix::fs::openat(&self.0, ".", flags, Mode::from_raw_mode(0o666))?.into();
        // Without it the file could not have a name.
        rustix::fs::stat(own_descriptor(&file))?;
        Ok(file)
    }

    /// Gives `file`, which has no name, the name `name` in this directory, which must not exist.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn link_unnamed(&self, file: &File, name: &OsStr) -> io::Result<()> {
        let follow = AtFlags::SYMLINK_FOLLOW;
        let own = own_descriptor(file);
        Ok(rustix::fs::linkat(
            rustix::fs::CWD,
            own,
            &self.0,
            name,
            follow,
        )?)
    }

    /// Fails: this system has no files without a name.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub fn create_unnamed(&self) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Fails: this system has no files without a name.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub fn link_unnamed(&self, _file: &File, _name: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Moves the file `name` to the directory `to`, as `new`, which must not exist.
    pub fn rename_to_new(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        // A second name and the removal of the first: unlike a rename, this never replaces what has the name already.
        rustix::fs::linkat(&self.0, name, &to.0, new, AtFlags::empty())?;
        self.remove(name)
    }

    /// Renames the directory `name` to `new`, which must not exist.
    pub fn rename_directory_to_new(&self, name: &OsStr, new: &OsStr) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            use rustix::io::Errno;
            match renameat_with(&self.0, name, &self.0, new, RenameFlags::NOREPLACE) {
                // The system or the file system cannot do it; an empty directory may then be replaced.
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                ended => return Ok(ended?),
            }
        }
        self.rename(name, self, new)
    }

    /// Replaces the file `name` with `content`: a file next to it, flushed to disk, takes its name in one rename. The mode is 0644
    /// less the umask.
    pub fn replace(&self, name: &OsStr, content: &[u8]) -> io::Result<()> {
        let new = replacement_name(name);
        ignore_missing(self.remove(&new))?;
        let written = || -> io::Result<()> {
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | FILE;
            let mode = Mode::from_raw_mode(0o644);
            let mut file = File::from(rustix::fs::openat(&self.0, &new, flags, mode)?);
            file.write_all(content)?;
            file.sync_all()?;
            self.rename(&new, self, name)
        };
        written().inspect_err(|_| {
            let _ = self.remove(&new);
        })?;
        self.sync()
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

    /// Creates the directory `name`, which must not exist, with mode 0755 less the umask.
    pub fn create_plain_directory(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(
            &self.0,
            name,
            Mode::from_raw_mode(0o755),
        )?)
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

    /// Flushes the content of the file `name` to disk.
    pub fn sync_file(&self, name: &OsStr) -> io::Result<()> {
        self.open_file(name)?.sync_all()
    }

    /// Flushes the file system that it is on to disk. Returns false if this system has no such call.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn sync_file_system(&self) -> io::Result<bool> {
        rustix::fs::syncfs(&self.0)?;
        Ok(true)
    }

    /// Returns false: this system has no call that flushes a file system.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub fn sync_file_system(&self) -> io::Result<bool> {
        Ok(false)
    }

    /// Flushes the names in it to disk.
    pub fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
    }
}

/// The path by which this process names an open file.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn own_descriptor(file: &File) -> String {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

fn unfit(found: &EntryType) -> Option<UnfitFile> {
    match found {
        EntryType::File(_) => None,
        EntryType::Link(_) => Some(UnfitFile::Link),
        EntryType::Directory => Some(UnfitFile::Directory),
        EntryType::Special => Some(UnfitFile::Special),
    }
}

fn check_own(file: File, is_trusted: impl Fn(u32) -> bool) -> io::Result<File> {
    let found = file.metadata()?;
    if !is_trusted(found.uid()) {
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

fn is_this_user(uid: u32) -> bool {
    uid == user() || (user() == 0 && is_root(uid))
}

/// Returns whether `uid` is root's; in a user namespace the owner of `/` has a number of its own.
pub fn is_root(uid: u32) -> bool {
    uid == 0 || rustix::fs::stat("/").is_ok_and(|root| root.st_uid == uid)
}
