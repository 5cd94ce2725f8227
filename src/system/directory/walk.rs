//! Walks trees of any depth: two directories are open at a time, and no path is longer than a name.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::{Directory, EntryType, ignore_missing};
use crate::error::UnfitFile;

/// An action for each entry of a tree.
pub trait Visitor {
    /// Visits the entry `name` of `parent`, at `path` from the tree's root. Returns whether a directory is entered.
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        path: &Path,
    ) -> io::Result<bool>;

    /// Leaves the directory `name` of `parent`, which was entered.
    fn leave(&mut self, _parent: &Directory, _name: &OsStr) -> io::Result<()> {
        Ok(())
    }
}

struct Level {
    name: OsString,
    identity: (u64, u64),
    names: std::vec::IntoIter<OsString>,
}

impl Level {
    fn new(name: OsString, directory: &Directory) -> io::Result<Self> {
        Ok(Self {
            name,
            identity: directory.identity()?,
            names: directory.names()?.into_iter(),
        })
    }
}

/// Visits every entry below `root`, a directory before what is in it; entries that vanish meanwhile are skipped.
pub fn walk(root: &Directory, visitor: &mut impl Visitor) -> io::Result<()> {
    let mut here = root.try_clone()?;
    let mut levels = vec![Level::new(OsString::new(), &here)?];
    let mut path = PathBuf::new();
    while let Some(level) = levels.last_mut() {
        if let Some(name) = level.names.next() {
            let found = match here.entry_type(&name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                found => found?,
            };
            let is_directory = found == EntryType::Directory;
            path.push(&name);
            if visitor.entry(&here, &name, found, &path)? && is_directory {
                here = here.open_directory(&name)?;
                levels.push(Level::new(name, &here)?);
            } else {
                path.pop();
            }
            continue;
        }
        let left = levels.pop();
        if let (Some(left), Some(above)) = (left, levels.last()) {
            here = here.open_directory(OsStr::new(".."))?;
            if here.identity()? != above.identity {
                return Err(UnfitFile::Moved.into());
            }
            path.pop();
            visitor.leave(&here, &left.name)?;
        }
    }
    Ok(())
}

/// Removes the entry `name` of `parent` with all that is below it; it may be gone already.
pub fn remove_tree(parent: &Directory, name: &OsStr) -> io::Result<()> {
    match parent.entry_type(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Ok(EntryType::Directory) => {
            walk(&parent.open_directory(name)?, &mut Remover)?;
            ignore_missing(parent.remove_directory(name))
        }
        Ok(EntryType::File(_) | EntryType::Link(_) | EntryType::Special) => {
            ignore_missing(parent.remove(name))
        }
        Err(error) => Err(error),
    }
}

struct Remover;

impl Visitor for Remover {
    fn entry(
        &mut self,
        parent: &Directory,
        name: &OsStr,
        found: EntryType,
        _path: &Path,
    ) -> io::Result<bool> {
        if found == EntryType::Directory {
            return Ok(true);
        }
        ignore_missing(parent.remove(name)).map(|()| false)
    }

    fn leave(&mut self, parent: &Directory, name: &OsStr) -> io::Result<()> {
        ignore_missing(parent.remove_directory(name))
    }
}
