//! Directories on systems without directory descriptors, held by their path; every entry is checked before it is used. The
//! methods are those of `handle.rs`.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{EntryType, ignore_missing, replacement_name};
use crate::system::files::{self, UnfitFile};

/// A directory, by its path.
#[derive(Debug)]
pub struct PathDirectory(PathBuf);

impl PathDirectory {
    /// Opens the directory `path`, which must not be a link itself.
    pub fn open(path: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(path)?.is_dir() {
            Ok(Self(path.to_path_buf()))
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// Opens the directory `path`, which a person named; links are followed.
    pub fn open_named(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self(path.to_path_buf()))
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// Does nothing: this system has no root user.
    pub fn check_roots(&self, _sticky: bool) -> io::Result<()> {
        Ok(())
    }

    /// Opens for reading the regular file `name`.
    pub fn open_roots_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name)
    }

    /// Does nothing: there are no such bits here.
    pub fn clear_special_bits(&self, _name: &OsStr) -> io::Result<()> {
        Ok(())
    }

    /// Returns another handle of it.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self(self.0.clone()))
    }

    /// Opens the directory `name` in it; `..` is the one around it, by its own path: a path does not grow on the way.
    pub fn open_directory(&self, name: &OsStr) -> io::Result<Self> {
        match (self.0.file_name(), self.0.parent()) {
            (Some(_), Some(around)) if name == ".." => Self::open_named(around),
            _ => Self::open(&self.0.join(name)),
        }
    }

    /// Returns the names in it, sorted.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let entries = fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name()));
        let mut names = entries.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    /// Returns the type of the entry `name`.
    pub fn entry_type(&self, name: &OsStr) -> io::Result<EntryType> {
        let path = self.0.join(name);
        let found = fs::symlink_metadata(&path)?;
        Ok(if found.is_symlink() {
            // A junction may lead to what has no path.
            EntryType::Link(fs::read_link(&path).unwrap_or_default().into_os_string())
        } else if found.is_dir() {
            EntryType::Directory
        } else if found.is_file() {
            EntryType::File(found.len())
        } else {
            EntryType::Special
        })
    }

    /// Opens the regular file `name` for reading. Another entry gives an [`UnfitFile`].
    pub fn open_file(&self, name: &OsStr) -> io::Result<File> {
        self.open_regular(name, File::options().read(true))
    }

    /// Opens for reading a file that only this program writes; the access list of the directory keeps other users out.
    pub fn open_own(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name)
    }

    /// As [`Self::open_own`], for reading and writing.
    pub fn open_own_for_writing(&self, name: &OsStr) -> io::Result<File> {
        self.open_regular(name, File::options().read(true).write(true))
    }

    /// Does nothing: the access list of the directory keeps other users out.
    pub fn check_own(&self) -> io::Result<()> {
        Ok(())
    }

    /// Does nothing: the access list of the directory keeps other users out.
    pub fn check_trusted(&self) -> io::Result<()> {
        Ok(())
    }

    /// Returns the same for every directory: paths are not compared.
    pub fn identity(&self) -> io::Result<(u64, u64)> {
        Ok((0, 0))
    }

    /// Returns true: counting the names of a file needs an open file.
    pub fn has_one_name(&self, _name: &OsStr) -> io::Result<bool> {
        Ok(true)
    }

    /// Returns whether `name` is the open `file`: a file that is open is not replaced here.
    pub fn holds(&self, _name: &OsStr, _file: &File) -> bool {
        true
    }

    /// Reads a file that only this program writes; at most `limit` bytes.
    pub fn read_own(&self, name: &OsStr, limit: u64) -> io::Result<Vec<u8>> {
        files::read_capped(self.open_own(name)?, limit)
    }

    fn open_regular(&self, name: &OsStr, options: &fs::OpenOptions) -> io::Result<File> {
        match self.entry_type(name)? {
            EntryType::File(_) => files::check_regular(options.open(self.0.join(name))?),
            EntryType::Link(_) => Err(UnfitFile::Link.into()),
            EntryType::Directory => Err(UnfitFile::Directory.into()),
            EntryType::Special => Err(UnfitFile::Special.into()),
        }
    }

    /// Creates the file `name`, which must not exist.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        options.open(self.0.join(name))
    }

    /// Creates the file `name`, which must not exist.
    pub fn create_shared(&self, name: &OsStr) -> io::Result<File> {
        self.create(name)
    }

    /// Creates the directory `name`, which must not exist.
    pub fn create_shared_directory(&self, name: &OsStr) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    /// Fails: this system has no files without a name.
    pub fn create_unnamed(&self) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Fails: this system has no files without a name.
    pub fn link_unnamed(&self, _file: &File, _name: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Moves the file `name` to the directory `to`, as `new`, which must not exist.
    pub fn rename_to_new(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        fs::hard_link(self.0.join(name), to.0.join(new))?;
        self.remove(name)
    }

    /// Renames the directory `name` to `new`, which must not exist.
    pub fn rename_directory_to_new(&self, name: &OsStr, new: &OsStr) -> io::Result<()> {
        self.rename(name, self, new)
    }

    /// Replaces the file `name` with `content`: a file next to it, flushed to disk, takes its name in one rename.
    pub fn replace(&self, name: &OsStr, content: &[u8]) -> io::Result<()> {
        let new = replacement_name(name);
        ignore_missing(self.remove(&new))?;
        let written = || -> io::Result<()> {
            let mut file = self.create(&new)?;
            file.write_all(content)?;
            file.sync_all()?;
            self.rename(&new, self, name)
        };
        written().inspect_err(|_| {
            let _ = self.remove(&new);
        })
    }

    /// Fails: symbolic links need a privilege.
    pub fn symlink(&self, _target: &OsStr, _name: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Creates the directory `name`, which must not exist; the mode does not apply.
    pub fn create_directory(&self, name: &OsStr, _mode: u32) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    /// Creates the directory `name`, which must not exist.
    pub fn create_plain_directory(&self, name: &OsStr) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    /// Makes `to` another name of the file `name`.
    pub fn hard_link(&self, name: &OsStr, to: &Path) -> io::Result<()> {
        match self.entry_type(name)? {
            EntryType::File(_) => fs::hard_link(self.0.join(name), to),
            EntryType::Directory | EntryType::Link(_) | EntryType::Special => {
                Err(io::ErrorKind::InvalidInput.into())
            }
        }
    }

    /// Moves `name` to the directory `to`, as `new`.
    pub fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(name), to.0.join(new))
    }

    /// Removes the file or link `name`. Of a junction, which leads to a directory, nothing but its name is removed.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        let path = self.0.join(name);
        let found = fs::symlink_metadata(&path)?.file_type();
        match is_directory_link(found) {
            true => fs::remove_dir(path),
            false => fs::remove_file(path),
        }
    }

    /// Removes the empty directory `name`.
    pub fn remove_directory(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_dir(self.0.join(name))
    }

    /// Flushes the content of the file `name` to disk, which needs a file that is open for writing.
    pub fn sync_file(&self, name: &OsStr) -> io::Result<()> {
        self.open_own_for_writing(name)?.sync_all()
    }

    /// Returns false: this system has no call that flushes a file system.
    pub fn sync_file_system(&self) -> io::Result<bool> {
        Ok(false)
    }

    /// Does nothing: names need no flush here.
    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether it is a link to a directory: a junction or a symbolic link.
#[cfg(windows)]
fn is_directory_link(found: fs::FileType) -> bool {
    use std::os::windows::fs::FileTypeExt;
    found.is_symlink_dir()
}

#[cfg(not(windows))]
fn is_directory_link(_found: fs::FileType) -> bool {
    false
}

#[cfg(test)]
#[cfg(windows)]
mod tests;
