//! A project whose directory does not exist: its files are written into a directory with a temporary name, which takes its own name in
//! one rename.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::staged::{remove_stale, with_new_name};
use super::{changed_meanwhile, unwritable};
use crate::error::Result;
use crate::project::files::ProjectRoot;
use crate::project::plan::Plan;
use crate::system::directory::{Directory, remove_tree};
use crate::system::test_fault::step;

/// Creates the directory of `root` and the directories above it with every file of `plan`, or nothing.
///
/// # Errors
/// `file-unwritable`; `would-overwrite` if the directory appeared meanwhile.
pub(super) fn create(plan: &Plan, root: &ProjectRoot) -> Result<()> {
    let (anchor, missing) = root.anchor();
    let Some((first, inner)) = missing.split_first() else {
        return Ok(());
    };
    remove_stale(anchor);
    let path = root.path().ancestors().nth(inner.len());
    let path = path.unwrap_or(root.path());
    let failed = |error: &io::Error| unwritable(path, error);
    let create = |name: &OsStr| step().and_then(|()| anchor.create_shared_directory(name));
    let (temporary, ()) = with_new_name(create).map_err(|error| failed(&error))?;
    let publish = || -> Result<()> {
        let mut directory = anchor
            .open_directory(&temporary)
            .map_err(|error| failed(&error))?;
        for name in inner {
            directory = enter(&directory, name).map_err(|error| failed(&error))?;
        }
        for change in plan.pending() {
            let written = write(&directory, &change.path, &change.after);
            written.map_err(|error| unwritable(&root.path().join(&change.path), &error))?;
        }
        rename(anchor, &temporary, first).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory => {
                changed_meanwhile(path)
            }
            _ => failed(&error),
        })
    };
    publish().inspect_err(|_| {
        let _ = remove_tree(anchor, &temporary);
    })
}

/// Writes the new file `path` below `root`.
fn write(root: &Directory, path: &str, content: &[u8]) -> io::Result<()> {
    let path = PathBuf::from(path);
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let above = path.parent().unwrap_or(Path::new(""));
    let mut directory = root.try_clone()?;
    for part in above.iter() {
        directory = enter(&directory, part)?;
    }
    step()?;
    directory.create_shared(name)?.write_all(content)
}

/// Opens the directory `name` in `parent`, and creates it if it is missing.
fn enter(parent: &Directory, name: &OsStr) -> io::Result<Directory> {
    step()?;
    match parent.create_shared_directory(name) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    parent.open_directory(name)
}

fn rename(anchor: &Directory, temporary: &OsString, name: &OsStr) -> io::Result<()> {
    step()?;
    anchor.rename_directory_to_new(temporary, name)
}
