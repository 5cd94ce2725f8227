//! A directory that is held open: what is done in it is done there, whatever happens to its path meanwhile, and no link in it is
//! followed.

#[cfg(not(unix))]
mod by_path;
#[cfg(unix)]
mod handle;
mod roots;
mod walk;

use std::ffi::{OsStr, OsString};
use std::io;

#[cfg(not(unix))]
pub use by_path::PathDirectory as Directory;
#[cfg(unix)]
pub use handle::{Directory, is_root};
pub use roots::{UntrustedPath, create_roots_directory, open_roots_directory};
pub use walk::{Visitor, remove_tree, walk};

/// The type of a directory entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryType {
    /// A directory.
    Directory,
    /// A regular file, with its size in bytes.
    File(u64),
    /// A symbolic link, with its target.
    Link(OsString),
    /// A socket, a FIFO, a device.
    Special,
}

/// Returns the name of the file that [`Directory::replace`] moves to `name`. A process that is killed leaves it.
pub fn replacement_name(name: &OsStr) -> OsString {
    let mut new = OsString::from(".");
    new.push(name);
    new.push(".new");
    new
}

/// Turns the error of a missing file into success.
pub fn ignore_missing(ended: io::Result<()>) -> io::Result<()> {
    match ended {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        ended => ended,
    }
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod tests;
