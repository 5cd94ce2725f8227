//! Every file below a directory.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::Path;

use crate::system::directory::{Directory, EntryType, Visitor, walk};

/// The most entries of a directory that are looked at: more than a manifest can name.
const MOST_ENTRIES: usize = 1_000_000;

/// Returns all that is not a directory below `root`, by its path with `/`. A name that is not Unicode is shown as far as it can be.
pub(super) fn files(root: &Directory) -> io::Result<BTreeMap<String, EntryType>> {
    let mut found = FoundFiles::default();
    walk(root, &mut found)?;
    Ok(found.files)
}

#[derive(Default)]
struct FoundFiles {
    files: BTreeMap<String, EntryType>,
    entries: usize,
}

impl Visitor for FoundFiles {
    fn entry(
        &mut self,
        _parent: &Directory,
        _name: &OsStr,
        found: EntryType,
        path: &Path,
    ) -> io::Result<bool> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(crate::error::UnfitFile::TooManyValues.into());
        }
        if found == EntryType::Directory {
            return Ok(true);
        }
        let names: Vec<_> = path
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        self.files.insert(names.join("/"), found);
        Ok(false)
    }
}
