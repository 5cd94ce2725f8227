//! An archive of source code, a gzip of a tar with one top directory, to a safe tree: nothing but regular files and directories, through
//! checked names. Links are left out.

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use tar::{Archive, EntryType};

use super::ArchiveRefusal;
use super::entry_name::components;
use super::gzip::GzipReader;
use crate::message::message;

/// The most files and directories of a source.
pub const MOST_ENTRIES: usize = 5_000;
/// The most bytes of all of them.
pub const MOST_BYTES: u64 = 100 << 20;

/// Unpacks `archive` into the empty directory `into`, without its top directory.
///
/// # Errors
/// Why it was not unpacked; `into` is left as it is, for the caller to remove.
pub fn unpack_source(archive: &[u8], into: &Path) -> Result<(), ArchiveRefusal> {
    // Headers count, too: what is inflated is limited before it is read as a tar.
    let inflated = GzipReader::new(archive).take(MOST_BYTES + 1);
    let mut archive = Archive::new(inflated);
    let corrupt = |_: io::Error| ArchiveRefusal::Corrupt(message!("unpack-source-corrupt"));
    let mut count = 0;
    let mut bytes = 0;
    for entry in archive.entries().map_err(corrupt)? {
        let mut entry = entry.map_err(corrupt)?;
        let kind = entry.header().entry_type();
        let raw = entry.path_bytes().into_owned();
        let shown = String::from_utf8_lossy(&raw).into_owned();
        count += 1;
        bytes += entry.size();
        if count > MOST_ENTRIES || bytes > MOST_BYTES {
            let reason = message!(
                "unpack-source-large",
                entries = MOST_ENTRIES,
                megabytes = MOST_BYTES >> 20
            );
            return Err(ArchiveRefusal::unsafe_entry(&shown, reason));
        }
        if !matches!(kind, EntryType::Regular | EntryType::Directory) {
            continue;
        }
        let names =
            components(&raw).map_err(|reason| ArchiveRefusal::unsafe_entry(&shown, reason))?;
        let Some((_, inside)) = names.split_first().filter(|(_, inside)| !inside.is_empty()) else {
            continue;
        };
        let path = into.join(inside.join("/"));
        let unwritable = |error: io::Error| ArchiveRefusal::Unwritable {
            path: path.clone(),
            error,
        };
        if kind == EntryType::Directory {
            fs::create_dir_all(&path).map_err(unwritable)?;
            continue;
        }
        let is_executable = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(unwritable)?;
        }
        // A name that comes twice is refused.
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        set_mode(&mut options, is_executable);
        let mut file = options.open(&path).map_err(unwritable)?;
        let size = entry.size();
        let copied = io::copy(&mut entry, &mut file).map_err(corrupt)?;
        if copied != size {
            return Err(ArchiveRefusal::Corrupt(message!("unpack-source-corrupt")));
        }
    }
    if count == 0 {
        return Err(ArchiveRefusal::Corrupt(message!("unpack-source-corrupt")));
    }
    Ok(())
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, is_executable: bool) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(if is_executable { 0o755 } else { 0o644 });
}

#[cfg(not(unix))]
fn set_mode(_options: &mut OpenOptions, _is_executable: bool) {}

#[cfg(test)]
mod tests;
