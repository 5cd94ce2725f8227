//! A folder that is open: what is done in it is done there, whatever becomes of its name meanwhile, and no link is followed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;

pub(super) use platform::Folder;

/// What a name in a folder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    /// A regular file, with its size in bytes.
    File(u64),
    /// A symbolic link, with what it points to.
    Link(OsString),
    /// A socket, a pipe, a device.
    Other,
}

/// What every platform's folder does.
pub(super) trait Open: Sized {
    /// Opens `path`, which is no link itself.
    fn open(path: &Path) -> io::Result<Self>;
    /// The names in it, sorted.
    fn names(&self) -> io::Result<Vec<OsString>>;
    /// What `name` stands for.
    fn kind(&self, name: &OsStr) -> io::Result<Kind>;
    /// The folder `name`.
    fn folder(&self, name: &OsStr) -> io::Result<Self>;
    /// The regular file `name`, for reading.
    fn file(&self, name: &OsStr) -> io::Result<File>;
    /// Makes `to` another name of the file `name`. Not of a link.
    fn hard_link(&self, name: &OsStr, to: &Path) -> io::Result<()>;
    /// Removes the file or link `name`.
    fn remove(&self, name: &OsStr) -> io::Result<()>;
    /// Removes the empty folder `name`.
    fn remove_folder(&self, name: &OsStr) -> io::Result<()>;
    /// Makes the file `name`, which is not there yet, for its owner alone.
    fn create(&self, name: &OsStr) -> io::Result<File>;
    /// Makes the symbolic link `name`.
    fn link(&self, target: &OsStr, name: &OsStr) -> io::Result<()>;
    /// Makes the folder `name`, which is not there yet, with exactly these permissions.
    fn make(&self, name: &OsStr, mode: u32) -> io::Result<()>;
    /// Moves `name` to the folder `to`, as `new`.
    fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()>;
    /// Brings the names in it to the disk.
    fn sync(&self) -> io::Result<()>;
}

#[cfg(unix)]
mod platform {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};

    use super::{Kind, Open};

    /// Held by its descriptor.
    #[derive(Debug)]
    pub(in crate::store) struct Folder(OwnedFd);

    const FOLDER: OFlags = OFlags::RDONLY
        .union(OFlags::DIRECTORY)
        .union(OFlags::NOFOLLOW)
        .union(OFlags::CLOEXEC);

    impl Open for Folder {
        fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(rustix::fs::open(path, FOLDER, Mode::empty())?))
        }

        fn names(&self) -> io::Result<Vec<OsString>> {
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

        fn kind(&self, name: &OsStr) -> io::Result<Kind> {
            let found = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(match FileType::from_raw_mode(found.st_mode) {
                FileType::Directory => Kind::Folder,
                FileType::RegularFile => Kind::File(u64::try_from(found.st_size).unwrap_or(0)),
                FileType::Symlink => {
                    let target = rustix::fs::readlinkat(&self.0, name, Vec::new())?;
                    Kind::Link(OsStr::from_bytes(target.to_bytes()).to_owned())
                }
                _ => Kind::Other,
            })
        }

        fn folder(&self, name: &OsStr) -> io::Result<Self> {
            Ok(Self(rustix::fs::openat(
                &self.0,
                name,
                FOLDER,
                Mode::empty(),
            )?))
        }

        fn file(&self, name: &OsStr) -> io::Result<File> {
            // Without NONBLOCK a pipe in the file's place would hang.
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            Ok(rustix::fs::openat(&self.0, name, flags, Mode::empty())?.into())
        }

        fn hard_link(&self, name: &OsStr, to: &Path) -> io::Result<()> {
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

        fn remove(&self, name: &OsStr) -> io::Result<()> {
            Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
        }

        fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
            Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
        }

        fn create(&self, name: &OsStr) -> io::Result<File> {
            let flags =
                OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let mode = Mode::RUSR | Mode::WUSR;
            Ok(rustix::fs::openat(&self.0, name, flags, mode)?.into())
        }

        fn link(&self, target: &OsStr, name: &OsStr) -> io::Result<()> {
            Ok(rustix::fs::symlinkat(target, &self.0, name)?)
        }

        fn make(&self, name: &OsStr, mode: u32) -> io::Result<()> {
            rustix::fs::mkdirat(&self.0, name, Mode::RWXU)?;
            // The umask has no say.
            let made = self.folder(name)?;
            File::from(made.0).set_permissions(PermissionsExt::from_mode(mode))
        }

        fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
            Ok(rustix::fs::renameat(&self.0, name, &to.0, new)?)
        }

        fn sync(&self) -> io::Result<()> {
            Ok(rustix::fs::fsync(&self.0)?)
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use std::ffi::{OsStr, OsString};
    use std::fs::{self, File};
    use std::io;
    use std::path::{Path, PathBuf};

    use super::{Kind, Open};

    /// Held by its path, which the store's lock keeps others of our kind from; every name is looked at before it is used.
    #[derive(Debug)]
    pub(in crate::store) struct Folder(PathBuf);

    impl Open for Folder {
        fn open(path: &Path) -> io::Result<Self> {
            if fs::symlink_metadata(path)?.is_dir() {
                Ok(Self(path.to_path_buf()))
            } else {
                Err(io::ErrorKind::NotADirectory.into())
            }
        }

        fn names(&self) -> io::Result<Vec<OsString>> {
            let entries = fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name()));
            let mut names = entries.collect::<io::Result<Vec<_>>>()?;
            names.sort();
            Ok(names)
        }

        fn kind(&self, name: &OsStr) -> io::Result<Kind> {
            let path = self.0.join(name);
            let found = fs::symlink_metadata(&path)?;
            Ok(if found.is_symlink() {
                Kind::Link(fs::read_link(&path)?.into_os_string())
            } else if found.is_dir() {
                Kind::Folder
            } else if found.is_file() {
                Kind::File(found.len())
            } else {
                Kind::Other
            })
        }

        fn folder(&self, name: &OsStr) -> io::Result<Self> {
            Self::open(&self.0.join(name))
        }

        fn file(&self, name: &OsStr) -> io::Result<File> {
            match self.kind(name)? {
                Kind::File(_) => File::open(self.0.join(name)),
                _ => Err(io::ErrorKind::InvalidInput.into()),
            }
        }

        fn hard_link(&self, name: &OsStr, to: &Path) -> io::Result<()> {
            match self.kind(name)? {
                Kind::File(_) => fs::hard_link(self.0.join(name), to),
                _ => Err(io::ErrorKind::InvalidInput.into()),
            }
        }

        fn remove(&self, name: &OsStr) -> io::Result<()> {
            fs::remove_file(self.0.join(name))
        }

        fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
            fs::remove_dir(self.0.join(name))
        }

        fn create(&self, name: &OsStr) -> io::Result<File> {
            File::create_new(self.0.join(name))
        }

        fn link(&self, _target: &OsStr, _name: &OsStr) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        fn make(&self, name: &OsStr, _mode: u32) -> io::Result<()> {
            fs::create_dir(self.0.join(name))
        }

        fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
            fs::rename(self.0.join(name), to.0.join(new))
        }

        fn sync(&self) -> io::Result<()> {
            Ok(())
        }
    }
}
