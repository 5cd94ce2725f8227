//! Applies a plan: every file or none. New contents are written next to their places first, then take their names; if one cannot,
//! those that could are put back. Everything is done through directory handles, so that a directory that is exchanged for a link
//! meanwhile leads nowhere else.

mod staged;

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{FileChange, Plan};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::project::files::{ProjectRoot, shown};
use crate::system::directory::Directory;
use staged::StagedFile;

/// Writes every pending change of `plan` into `root`, and creates the directories that are missing. On an error the project is unchanged.
///
/// # Errors
/// `file-unwritable` if a file cannot be written with the owner and group that it has; `would-overwrite` if it changed meanwhile.
pub fn apply(plan: &Plan, root: &ProjectRoot) -> Result<()> {
    let mut undo = UndoLog::default();
    match stage_and_publish(plan, root, &mut undo) {
        Ok(()) => Ok(()),
        Err(error) => Err(undo.roll_back(error)),
    }
}

fn stage_and_publish(plan: &Plan, root: &ProjectRoot, undo: &mut UndoLog) -> Result<()> {
    let mut pending = plan.pending().peekable();
    if pending.peek().is_none() {
        return Ok(());
    }
    let top = open_root(root, undo)?;
    let mut staged = Vec::new();
    for change in pending {
        let place = FilePlace::find(root.path(), &top, change, undo)?;
        let file = place.stage(change)?;
        staged.push((place, change, file));
    }
    for (place, change, file) in staged {
        match &change.before {
            None => {
                file.publish_new(&place.name)
                    .map_err(|error| taken_or_unwritable(&place.path, &error))?;
                undo.created.push(place);
            }
            Some(before) => {
                if place.read(before.len())? != *before {
                    return Err(changed_meanwhile(&place.path));
                }
                file.publish_over(&place.name)
                    .map_err(|error| unwritable(&place.path, &error))?;
                undo.edited.push((place, before.clone()));
            }
        }
    }
    Ok(())
}

/// Opens the project's directory, and creates it and those above it that are missing.
fn open_root(root: &ProjectRoot, undo: &mut UndoLog) -> Result<Rc<Directory>> {
    let (anchor, missing) = root.anchor();
    let failed = |error: &io::Error| unwritable(root.path(), error);
    // The anchor itself, whatever its path leads to by now.
    let mut directory = Rc::new(anchor.try_clone().map_err(|error| failed(&error))?);
    for name in missing {
        directory = enter(&directory, name, undo).map_err(|error| failed(&error))?;
    }
    Ok(directory)
}

/// Opens the directory `name` in `parent`, and creates it if it is missing.
fn enter(parent: &Rc<Directory>, name: &OsStr, undo: &mut UndoLog) -> io::Result<Rc<Directory>> {
    match parent.create_shared_directory(name) {
        Ok(()) => undo.directories.push((Rc::clone(parent), name.to_owned())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(Rc::new(parent.open_directory(name)?))
}

/// The place of a file: the directory that is held open, and its name in it.
struct FilePlace {
    directory: Rc<Directory>,
    name: OsString,
    /// The path, for messages.
    path: PathBuf,
}

impl FilePlace {
    fn find(
        root: &Path,
        top: &Rc<Directory>,
        change: &FileChange,
        undo: &mut UndoLog,
    ) -> Result<Self> {
        let mut directory = Rc::clone(top);
        let mut path = root.to_path_buf();
        let (folders, name) = change.path.rsplit_once('/').unwrap_or(("", &change.path));
        for folder in folders.split('/').filter(|it| !it.is_empty()) {
            path.push(folder);
            directory = enter(&directory, OsStr::new(folder), undo)
                .map_err(|error| unwritable(&path, &error))?;
        }
        path.push(name);
        Ok(Self {
            directory,
            name: name.into(),
            path,
        })
    }

    /// Writes the new content of `change` next to its place. What its owner had must not be lost with the machine's power; what is new
    /// can be made again.
    fn stage(&self, change: &FileChange) -> Result<StagedFile> {
        let failed = |error: &io::Error| unwritable(&self.path, error);
        let file =
            StagedFile::write(&self.directory, &change.after).map_err(|error| failed(&error))?;
        if change.before.is_some() {
            let replaced = self.directory.open_file(&self.name);
            let replaced = replaced.map_err(|error| failed(&error))?;
            file.take_over_owner_and_mode(&replaced)
                .map_err(|error| failed(&error))?;
        }
        Ok(file)
    }

    /// Returns the content of the file, of which at most one byte more than `length` matters.
    fn read(&self, length: usize) -> Result<Vec<u8>> {
        use std::io::Read;
        let mut bytes = Vec::new();
        let file = self.directory.open_file(&self.name);
        let most = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
        file.and_then(|file| file.take(most).read_to_end(&mut bytes))
            .map_err(|error| unwritable(&self.path, &error))?;
        Ok(bytes)
    }

    /// Puts `before` back.
    fn restore(&self, before: &[u8]) -> io::Result<()> {
        let file = StagedFile::write(&self.directory, before)?;
        file.take_over_owner_and_mode(&self.directory.open_file(&self.name)?)?;
        file.publish_over(&self.name)
    }
}

/// What has been done so far, so that it can be undone.
#[derive(Default)]
struct UndoLog {
    directories: Vec<(Rc<Directory>, OsString)>,
    created: Vec<FilePlace>,
    edited: Vec<(FilePlace, Vec<u8>)>,
}

impl UndoLog {
    /// Puts everything back, newest first. What cannot be put back is named in the error that is returned.
    fn roll_back(self, mut error: Error) -> Error {
        let mut left = Vec::new();
        for (place, before) in self.edited.iter().rev() {
            if place.restore(before).is_err() {
                left.push(&place.path);
            }
        }
        for place in self.created.iter().rev() {
            if place.directory.remove(&place.name).is_err() {
                left.push(&place.path);
            }
        }
        for (parent, name) in self.directories.iter().rev() {
            // A directory that another program filled meanwhile stays.
            let _ = parent.remove_directory(name);
        }
        if !left.is_empty() {
            let names: Vec<_> = left.iter().map(|path| path.display().to_string()).collect();
            error.observed = format!(
                "{}; these could not be put back: {}",
                error.observed,
                names.join(", ")
            )
            .into();
        }
        error
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        format!("write to {}", shown(path)),
        describe_io_error(error),
        "make it writable for you, or choose another folder with --dir; nothing was written",
    )
}

fn taken_or_unwritable(path: &Path, error: &io::Error) -> Error {
    if error.kind() == ErrorKind::AlreadyExists {
        changed_meanwhile(path)
    } else {
        unwritable(path, error)
    }
}

fn changed_meanwhile(path: &Path) -> Error {
    Error::new(
        ErrorId::WouldOverwrite,
        format!("write {}", shown(path)),
        "it changed while init was running",
        "run the command again; nothing was written",
    )
}

#[cfg(test)]
mod tests;
