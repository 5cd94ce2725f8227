//! Opens files that a person named or that another user could have planted: only regular files, never waiting, capped in size.
//! Names that only this program writes are opened through [`Directory`](super::directory::Directory), which also refuses links,
//! other owners, and second names.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::safety::value_count::{MOST_WRITTEN, count_toml};

/// The limit in bytes for texts of the machine's configuration and for own records. The receipt of a client with all the files
/// that a package may have is a tenth of it.
pub const TEXT_LIMIT: u64 = 8 << 20;

/// A file that was found and is not accepted. As an [`io::Error`] its kind is `InvalidData`, or `IsADirectory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfitFile {
    /// A directory.
    Directory,
    /// A symbolic link, where none is followed.
    Link,
    /// Not a symbolic link, where this program makes one.
    NotALink,
    /// A socket, a FIFO, a device.
    Special,
    /// A file of more bytes than this.
    TooLarge(u64),
    /// A record of more values than this program writes.
    TooManyValues,
    /// A file that is not UTF-8.
    NotUtf8,
    /// A file or directory that belongs to the user with this number.
    Owner(u32),
    /// A directory that other users can write.
    WritableByOthers,
    /// A file with more than one name (hard links).
    SeveralNames,
}

impl UnfitFile {
    /// Returns the reason that `error` carries, if it came from this module.
    pub fn find(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl fmt::Display for UnfitFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => f.write_str("it is a directory"),
            Self::Link => f.write_str("it is a symbolic link, which is not followed here"),
            Self::NotALink => {
                f.write_str("it is not a symbolic link, so taos-setup did not make it")
            }
            Self::Special => f.write_str("it is not a regular file"),
            Self::TooLarge(limit) if *limit >= 1 << 20 => {
                write!(f, "it is larger than {} MiB", limit >> 20)
            }
            Self::TooLarge(limit) => write!(f, "it is larger than {limit} bytes"),
            Self::TooManyValues => f.write_str("it has more values than taos-setup writes"),
            Self::NotUtf8 => f.write_str("it is not text in UTF-8"),
            Self::Owner(user) => write!(f, "it belongs to another user (uid {user})"),
            Self::WritableByOthers => f.write_str("other users can write it"),
            Self::SeveralNames => f.write_str("it has more than one name (hard links)"),
        }
    }
}

impl std::error::Error for UnfitFile {}

impl From<UnfitFile> for io::Error {
    fn from(unfit: UnfitFile) -> Self {
        let kind = match unfit {
            UnfitFile::Directory => ErrorKind::IsADirectory,
            UnfitFile::Link
            | UnfitFile::NotALink
            | UnfitFile::Special
            | UnfitFile::TooLarge(_)
            | UnfitFile::TooManyValues
            | UnfitFile::NotUtf8
            | UnfitFile::Owner(_)
            | UnfitFile::WritableByOthers
            | UnfitFile::SeveralNames => ErrorKind::InvalidData,
        };
        Self::new(kind, unfit)
    }
}

/// Opens the regular file `path`, which a person or a setting named, for reading. Links are followed. Never waits: a FIFO, a
/// socket, a device, or a directory gives an [`UnfitFile`].
pub fn open_named(path: &Path) -> io::Result<File> {
    // Opening alone can have an effect on a device.
    check_type(&fs::metadata(path)?)?;
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(i32::from_ne_bytes(flags.bits().to_ne_bytes()));
    }
    check_regular(options.open(path)?)
}

/// Reads the file `path`, as [`open_named`]; at most `limit` bytes.
pub fn read_named(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_capped(open_named(path)?, limit)
}

/// Reads the text `path`, as [`open_named`]; at most `limit` bytes.
pub fn read_named_text(path: &Path, limit: u64) -> io::Result<String> {
    text(read_named(path, limit)?)
}

/// Reads the rest of `file`; more than `limit` bytes give an [`UnfitFile`].
pub fn read_capped(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(UnfitFile::TooLarge(limit).into());
    }
    Ok(bytes)
}

/// Returns `bytes` as text; others than UTF-8 give an [`UnfitFile`].
pub fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| UnfitFile::NotUtf8.into())
}

/// Returns `bytes`, a record of this program in TOML, as text, if parsing it takes little memory.
pub fn record(bytes: Vec<u8>) -> io::Result<String> {
    if count_toml(&bytes) > MOST_WRITTEN {
        return Err(UnfitFile::TooManyValues.into());
    }
    text(bytes)
}

/// Returns the open `file` if it is regular, whatever its path stood for before.
pub fn check_regular(file: File) -> io::Result<File> {
    check_type(&file.metadata()?)?;
    Ok(file)
}

/// Returns the mode of a file without set-user-ID, set-group-ID, and sticky bits, unless it is root's.
#[cfg(unix)]
pub fn without_special_bits(found: &fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;
    match super::directory::is_root(found.uid()) {
        true => found.mode() & 0o7777,
        false => found.mode() & 0o777,
    }
}

fn check_type(found: &fs::Metadata) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    Err(match found.is_dir() {
        true => UnfitFile::Directory,
        false => UnfitFile::Special,
    }
    .into())
}

#[cfg(test)]
mod tests;
