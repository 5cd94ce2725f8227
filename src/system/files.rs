//! Opens files that a person named or that another user could have planted: only regular files, never waiting, capped in size.
//! Names that only this program writes are opened through [`Directory`](super::directory::Directory), which also refuses links,
//! other owners, and second names.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

pub use crate::error::UnfitFile;
use crate::safety::value_count::{MOST_WRITTEN, count_toml};

/// The limit in bytes for texts of the machine's configuration and for own records. The receipt of a client with all the files
/// that a package may have is a tenth of it.
pub const TEXT_LIMIT: u64 = 8 << 20;

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
    /// More is reserved as it comes: a length is only what the file system says.
    const MOST_RESERVED: u64 = 1 << 20;
    let length = file.metadata()?.len().min(limit).min(MOST_RESERVED);
    // One byte more, so that the end is seen without growing.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
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
