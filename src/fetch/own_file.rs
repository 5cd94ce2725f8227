//! Opens files of the download cache. Nothing that another user could have put in their place is followed, waited for or changed.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use crate::error::UnfitFile;

/// The use of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Read an existing file.
    Read,
    /// Read and write an existing file.
    Change,
    /// Read and write a file that is created if it is missing.
    Create,
}

/// Opens `path`, a regular file of this user with one name. A link is not followed, and a pipe or device is not waited for.
///
/// # Errors
/// Those of the system, and [`UnfitFile::NotOwn`] for anything else than such a file.
pub(super) fn open(path: &Path, access: Access) -> io::Result<File> {
    check_directory(path.parent().unwrap_or(path))?;
    let mut options = OpenOptions::new();
    options.read(true);
    match access {
        Access::Read => {}
        Access::Change => {
            options.write(true);
        }
        Access::Create => {
            options.write(true).create(true).truncate(false);
        }
    }
    without_following(&mut options);
    let file = options.open(path)?;
    match is_own(&file.metadata()?) {
        true => Ok(file),
        false => Err(UnfitFile::NotOwn.into()),
    }
}

/// Creates the directory `path` unless it is there, with those above it.
///
/// # Errors
/// Those of the system, and [`UnfitFile::NotOwn`] if `path` is a link or another user's.
pub(super) fn create_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)?;
    check_directory(path)
}

/// Whether `path` is a directory of this user, and no link to one.
pub(super) fn is_own_directory(path: &Path) -> bool {
    check_directory(path).is_ok()
}

fn check_directory(path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    match metadata.is_dir() && is_own_by_user(&metadata) {
        true => Ok(()),
        false => Err(UnfitFile::NotOwn.into()),
    }
}

#[cfg(unix)]
fn without_following(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    options.custom_flags(flags.bits().cast_signed()).mode(0o600);
}

#[cfg(not(unix))]
fn without_following(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn is_own(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.is_file() && metadata.nlink() == 1 && is_own_by_user(metadata)
}

#[cfg(not(unix))]
fn is_own(metadata: &Metadata) -> bool {
    metadata.is_file()
}

#[cfg(unix)]
fn is_own_by_user(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_own_by_user(_metadata: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests;
