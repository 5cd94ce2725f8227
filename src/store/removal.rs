//! Deleting a client: what its receipt tells and nothing else. The walk goes over what is there and asks the receipt, never
//! the other way round, so a receipt that names paths elsewhere names nothing.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io;
use std::path::Path;

use super::{Receipt, disk, receipt, unreadable, unwritable};
use crate::error::Result;
use crate::system::directory::{Directory, EntryType, Visitor, walk};
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
    Directory::open(client)
        .and_then(|folder| walk_listed(&folder, receipt, Mode::Look))
        .map_err(|error| unreadable(client, &error))
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

/// Deletes the files that the receipt in the directory `name` of `parent` lists, the receipt last, and then empty directories.
/// True if something stays; `at` is the path of `parent`. May be repeated after any step.
///
/// # Errors
///
/// `file-unreadable`, `file-unwritable`.
pub(super) fn empty(parent: &Directory, at: &Path, name: &OsStr) -> Result<bool> {
    let path = at.join(name);
    let failed = |error: &io::Error| unwritable(&path, error);
    let folder = match parent.open_directory(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened.map_err(|error| failed(&error))?,
    };
    let receipt = OsStr::new(receipt::FILE);
    if matches!(folder.entry_type(receipt), Ok(EntryType::File(_))) {
        let listed = Receipt::read_in(&folder, &path)?;
        walk_listed(&folder, &listed, Mode::Delete).map_err(|error| failed(&error))?;
        disk::remove(&folder, receipt).map_err(|error| failed(&error))?;
    }
    let gone = disk::step().and_then(|()| {
        remove_empty(&folder)?;
        match parent.remove_directory(name) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) => Err(error),
        }
    });
    gone.map(|gone| !gone).map_err(|error| failed(&error))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Look,
    Delete,
}

/// What the receipt says of a path.
#[derive(Clone, Copy, Debug)]
enum RecordedEntry<'a> {
    File(u64, Sha256),
    Link(&'a str),
}

struct ListedPath<'a> {
    recorded: HashMap<&'a str, RecordedEntry<'a>>,
    mode: Mode,
    removal: Removal,
}

fn walk_listed(folder: &Directory, receipt: &Receipt, mode: Mode) -> io::Result<Removal> {
    let files = receipt.files.iter().map(|file| {
        (
            file.path.as_str(),
            RecordedEntry::File(file.size, file.sha256),
        )
    });
    let links = receipt
        .links
        .iter()
        .map(|link| (link.path.as_str(), RecordedEntry::Link(&link.target)));
    let mut listed = ListedPath {
        recorded: files.chain(links).collect(),
        mode,
        removal: Removal::default(),
    };
    walk(folder, &mut listed)?;
    Ok(listed.removal)
}

impl Visitor for ListedPath<'_> {
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        path: &Path,
    ) -> io::Result<bool> {
        if path == Path::new(receipt::FILE) {
            return Ok(false);
        }
        if found == EntryType::Directory && path.iter().take(DEPTH + 1).count() <= DEPTH {
            return Ok(true);
        }
        let shown = shown(path);
        // A name that is not Unicode is in no receipt, though its replacement might be.
        let recorded = path
            .to_str()
            .and_then(|_| self.recorded.get(shown.as_str()));
        match recorded {
            None => self.removal.kept.push((shown, Kept::Added)),
            Some(recorded) if is_as_recorded(parent, name, &found, *recorded)? => {
                self.removal.removed += 1;
                if self.mode == Mode::Delete {
                    disk::step()?;
                    parent.remove(name)?;
                }
            }
            Some(_) => self.removal.kept.push((shown, Kept::Changed)),
        }
        Ok(false)
    }
}

/// Returns `path` with `/`, as receipts have it.
fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for name in path {
        if !shown.is_empty() {
            shown.push('/');
        }
        shown.push_str(&name.to_string_lossy());
    }
    shown
}

fn is_as_recorded(
    folder: &Directory,
    name: &OsStr,
    kind: &EntryType,
    recorded: RecordedEntry<'_>,
) -> io::Result<bool> {
    Ok(match (kind, recorded) {
        (EntryType::File(size), RecordedEntry::File(recorded, sha256)) if *size == recorded => {
            Sha256::of(folder.open_file(name)?)? == sha256
        }
        (EntryType::Link(target), RecordedEntry::Link(recorded)) => target == recorded,
        _ => false,
    })
}

/// Removes the empty directories below `folder`, at any depth.
pub(super) fn remove_empty(folder: &Directory) -> io::Result<()> {
    walk(folder, &mut Emptier)
}

struct Emptier;

impl Visitor for Emptier {
    fn entry(
        &mut self,
        _parent: &Directory,
        _name: &OsStr,
        found: EntryType,
        _path: &Path,
    ) -> io::Result<bool> {
        Ok(found == EntryType::Directory)
    }

    fn leave(&mut self, parent: &Directory, name: &OsStr) -> io::Result<()> {
        match parent.remove_directory(name) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            ended => ended,
        }
    }
}
