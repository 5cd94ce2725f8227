//! A directory that is held open: what is done in it is done there, whatever happens to its path meanwhile, and no link in it is
//! followed.

#[cfg(not(unix))]
mod by_path;
#[cfg(unix)]
mod handle;

use std::ffi::OsString;

#[cfg(not(unix))]
pub use by_path::Directory;
#[cfg(unix)]
pub use handle::Directory;

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

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod tests;
