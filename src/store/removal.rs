//! Deleting a client: what its receipt tells and nothing else. The walk goes over what is there and asks the receipt, never
//! the other way round, so a receipt that names paths elsewhere names nothing.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use super::{Receipt, disk, receipt, unreadable, unwritable};
use crate::error::Result;
use crate::system::directory::{Directory, EntryType};
use crate::tdengine::digest::Sha256;

/// Folders deeper than this are kept: no client has them.
const DEPTH: usize = 32;

/// Why something stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The installation did not make it.
    Added,
    /// It is no longer what the installation made.
    Changed,
}

/// What deleting a client does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// How many files and links go.
    pub removed: usize,
    /// What stays, by its path in the client's folder, with `/`.
    pub kept: Vec<(String, Kept)>,
}

/// What [`empty`] will do in the folder `client`. Error `file-unreadable`.
pub(super) fn plan(client: &Path, receipt: &Receipt) -> Result<Removal> {
    walk(client, receipt, Mode::Look).map_err(|error| unreadable(client, &error))
}

/// What is not as `receipt` tells in the folder `client`, thoroughly: missing, of another size, content or target. Files in
/// `etc/` are the user's to change. Error `file-unreadable`.
pub(super) fn first_damage(client: &Path, receipt: &Receipt) -> Result<Option<String>> {
    let found = plan(client, receipt)?;
    let changed = found
        .kept
        .into_iter()
        .find(|(path, why)| *why == Kept::Changed && !path.starts_with("etc/"));
    Ok(changed
        .map(|(path, _)| path)
        .or_else(|| receipt.first_difference(client)))
}

/// Deletes what the receipt in `folder` tells, the receipt last, and then folders that are empty. True where something
/// stays. May be begun again after any step. Errors `file-unreadable`, `file-unwritable`.
pub(super) fn empty(folder: &Path) -> Result<bool> {
    let path = folder.join(receipt::FILE);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => {
            let receipt = Receipt::read(&path)?;
            walk(folder, &receipt, Mode::Delete).map_err(|error| unwritable(folder, &error))?;
            disk::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
        }
        _ => {}
    }
    let gone = disk::step().and_then(|()| {
        let root = Directory::open(folder)?;
        remove_empty(&root, 0)?;
        match fs::remove_dir(folder) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) => Err(error),
        }
    });
    gone.map(|gone| !gone)
        .map_err(|error| unwritable(folder, &error))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Look,
    Delete,
}

/// What the receipt says of a path.
#[derive(Clone, Copy, Debug)]
enum Told<'a> {
    File(u64, Sha256),
    Link(&'a str),
}

struct Walk<'a> {
    told: HashMap<&'a str, Told<'a>>,
    mode: Mode,
    removal: Removal,
}

fn walk(folder: &Path, receipt: &Receipt, mode: Mode) -> io::Result<Removal> {
    let files = receipt
        .files
        .iter()
        .map(|file| (file.path.as_str(), Told::File(file.size, file.sha256)));
    let links = receipt
        .links
        .iter()
        .map(|link| (link.path.as_str(), Told::Link(&link.target)));
    let mut walk = Walk {
        told: files.chain(links).collect(),
        mode,
        removal: Removal::default(),
    };
    walk.below(&Directory::open(folder)?, "", 0)?;
    Ok(walk.removal)
}

impl Walk<'_> {
    fn below(&mut self, folder: &Directory, path: &str, depth: usize) -> io::Result<()> {
        for name in folder.names()? {
            let shown = name.to_string_lossy();
            let path = match path {
                "" => shown.into_owned(),
                _ => format!("{path}/{shown}"),
            };
            if path == receipt::FILE {
                continue;
            }
            let kind = folder.entry_type(&name)?;
            if kind == EntryType::Directory && depth < DEPTH {
                self.below(&folder.open_directory(&name)?, &path, depth + 1)?;
                continue;
            }
            // A name that is not Unicode is in no receipt, though what is shown of it might be.
            let told = name.to_str().and_then(|_| self.told.get(path.as_str()));
            match told {
                None => self.removal.kept.push((path, Kept::Added)),
                Some(told) if is_as_told(folder, &name, &kind, *told)? => {
                    self.removal.removed += 1;
                    if self.mode == Mode::Delete {
                        disk::step()?;
                        folder.remove(&name)?;
                    }
                }
                Some(_) => self.removal.kept.push((path, Kept::Changed)),
            }
        }
        Ok(())
    }
}

fn is_as_told(
    folder: &Directory,
    name: &OsStr,
    kind: &EntryType,
    told: Told<'_>,
) -> io::Result<bool> {
    Ok(match (kind, told) {
        (EntryType::File(size), Told::File(told, sha256)) if *size == told => {
            Sha256::of(folder.open_file(name)?)? == sha256
        }
        (EntryType::Link(target), Told::Link(told)) => target == told,
        _ => false,
    })
}

pub(super) fn remove_empty(folder: &Directory, depth: usize) -> io::Result<()> {
    for name in folder.names()? {
        if depth < DEPTH && folder.entry_type(&name)? == EntryType::Directory {
            remove_empty(&folder.open_directory(&name)?, depth + 1)?;
            match folder.remove_directory(&name) {
                Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => {
                    return Err(error);
                }
                _ => {}
            }
        }
    }
    Ok(())
}
