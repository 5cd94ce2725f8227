//! A mirror that is a directory: its files, in whatever layout.

use std::io;
use std::path::{Path, PathBuf};

use super::MirrorPackage;
use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::safety::printable::printable_path;

/// The deepest directory that is read; the vendor's layout has two levels.
const DEPTH: usize = 5;
/// The largest number of names that are read: someone may name a home directory.
const NAMES: usize = 50_000;

/// The client packages below `folder`. Directories that cannot be read are skipped.
///
/// # Errors
/// `file-unreadable` if `folder` itself cannot be read.
pub(super) fn packages(folder: &Path, catalog: &Clients) -> Result<Vec<MirrorPackage>> {
    let mut left = NAMES;
    let mut found = Vec::new();
    let mut level: Vec<(PathBuf, String)> = vec![(folder.to_path_buf(), String::new())];
    for depth in 0..DEPTH {
        let mut next = Vec::new();
        for (directory, path) in &level {
            match read(directory, path, &mut left, catalog, &mut found) {
                Ok(directories) => next.extend(directories),
                Err(error) if depth == 0 => return Err(unreadable(directory, &error)),
                Err(_) => {}
            }
        }
        level = next;
    }
    Ok(found)
}

/// Reads one directory, whose path below the mirror is `path`, and gives the directories in it.
fn read(
    directory: &Path,
    path: &str,
    left: &mut usize,
    catalog: &Clients,
    found: &mut Vec<MirrorPackage>,
) -> io::Result<Vec<(PathBuf, String)>> {
    let mut directories = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let below = if path.is_empty() {
            name
        } else {
            format!("{path}/{name}")
        };
        // Mirrors are often made of links.
        let Ok(metadata) = std::fs::metadata(entry.path()) else {
            continue;
        };
        if metadata.is_dir() {
            directories.push((entry.path(), below));
        } else if metadata.is_file() {
            found.extend(MirrorPackage::at(below, catalog));
        }
    }
    directories.sort();
    Ok(directories)
}

fn unreadable(folder: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("store-read", path = printable_path(folder)),
        describe_io_error(error),
        message!("install-mirror-directory-next"),
    )
}
