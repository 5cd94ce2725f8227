//! Applies a plan: every file or none. New contents are written next to their places first, then take their names; if one cannot,
//! those that could are put back. If the process is killed between, the journal lets the next one complete the change. Everything is
//! done through directory handles, so that a directory that is exchanged for a link meanwhile leads nowhere else.

mod journal;
mod new_project;
mod staged;

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{FileChange, Plan};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::project::files::{ProjectRoot, shown};
use crate::system::directory::Directory;
use crate::system::test_fault::step;
use journal::ProjectJournal;
pub use journal::{describe_interrupted, recover};
use staged::StagedFile;

/// Writes every pending change of `plan` into `root`, and creates the directories that are missing. On an error the project is unchanged.
///
/// # Errors
/// `file-unwritable` if a file cannot be written with the owner and group that it has; `would-overwrite` if it changed meanwhile;
/// `store-busy` if another process changes the project.
pub fn apply(plan: &Plan, root: &ProjectRoot) -> Result<()> {
    if !root.anchor().1.is_empty() {
        return new_project::create(plan, root);
    }
    // One file changes in one rename.
    let several = plan.pending().nth(1).is_some();
    let journal = several
        .then(|| ProjectJournal::begin(plan, root))
        .transpose()?;
    let mut undo = UndoLog::default();
    let ended = stage_and_publish(plan, root, &mut undo).map_err(|error| undo.roll_back(error));
    if let Some(journal) = journal {
        journal.end();
    }
    ended
}

fn stage_and_publish(plan: &Plan, root: &ProjectRoot, undo: &mut UndoLog) -> Result<()> {
    let mut staged = Vec::new();
    for change in plan.pending() {
        let place = FilePlace::find(root, change)?;
        let file = place.stage(change)?;
        staged.push((place, change, file));
    }
    // From here on only names are made.
    for (place, change, file) in staged {
        let target = place.create_directories(undo)?;
        match &change.before {
            None => {
                file.publish_new(&target.directory, &target.name)
                    .map_err(|error| taken_or_unwritable(&target.path, &error))?;
                undo.created.push(target);
            }
            Some(before) => {
                if target.read(before.len())? != *before {
                    return Err(changed_meanwhile(&target.path));
                }
                file.publish_over(&target.directory, &target.name)
                    .map_err(|error| unwritable(&target.path, &error))?;
                undo.edited.push((target, before.clone()));
            }
        }
    }
    Ok(())
}

/// Opens the directory `name` in `parent`, and creates it if it is missing.
fn enter(parent: &Rc<Directory>, name: &OsStr, undo: &mut UndoLog) -> io::Result<Rc<Directory>> {
    match step().and_then(|()| parent.create_shared_directory(name)) {
        Ok(()) => undo.directories.push((Rc::clone(parent), name.to_owned())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(Rc::new(parent.open_directory(name)?))
}

/// The place of a file, before anything is created: the nearest directory that exists, held open, and the names below it.
struct FilePlace {
    nearest: Rc<Directory>,
    missing: Vec<OsString>,
    name: OsString,
    /// The path, for messages.
    path: PathBuf,
}

impl FilePlace {
    fn find(root: &ProjectRoot, change: &FileChange) -> Result<Self> {
        let (anchor, _) = root.anchor();
        let path = root.path().join(&change.path);
        let failed = |error: &io::Error| unwritable(&path, error);
        // The anchor itself, whatever its path leads to by now.
        let mut nearest = Rc::new(anchor.try_clone().map_err(|error| failed(&error))?);
        let (folders, name) = change.path.rsplit_once('/').unwrap_or(("", &change.path));
        let inner = folders.split('/').filter(|it| !it.is_empty());
        let mut missing: Vec<OsString> = Vec::new();
        for folder in inner.map(OsString::from) {
            if !missing.is_empty() {
                missing.push(folder);
                continue;
            }
            match nearest.open_directory(&folder) {
                Ok(opened) => nearest = Rc::new(opened),
                Err(error) if error.kind() == ErrorKind::NotFound => missing.push(folder),
                Err(error) => return Err(failed(&error)),
            }
        }
        Ok(Self {
            nearest,
            missing,
            name: name.into(),
            path,
        })
    }

    /// Writes the new content of `change` in the nearest directory. What its owner had must not be lost with the machine's power; what is
    /// new can be made again.
    fn stage(&self, change: &FileChange) -> Result<StagedFile> {
        let failed = |error: &io::Error| unwritable(self.first_new(), error);
        let file =
            StagedFile::write(&self.nearest, &change.after).map_err(|error| failed(&error))?;
        if change.before.is_some() {
            let replaced = self.nearest.open_file(&self.name);
            let replaced = replaced.map_err(|error| failed(&error))?;
            file.take_over_owner_and_mode(&replaced)
                .map_err(|error| failed(&error))?;
        }
        Ok(file)
    }

    /// The first path that is created: the file, or a directory above it.
    fn first_new(&self) -> &Path {
        let mut above = self.path.ancestors();
        above.nth(self.missing.len()).unwrap_or(&self.path)
    }

    fn create_directories(self, undo: &mut UndoLog) -> Result<TargetFile> {
        let mut directory = self.nearest;
        for (index, name) in self.missing.iter().enumerate() {
            directory = enter(&directory, name, undo).map_err(|error| {
                let path = self.path.ancestors().nth(self.missing.len() - index);
                unwritable(path.unwrap_or(&self.path), &error)
            })?;
        }
        Ok(TargetFile {
            directory,
            name: self.name,
            path: self.path,
        })
    }
}

/// The directory of a file, held open, and its name in it.
struct TargetFile {
    directory: Rc<Directory>,
    name: OsString,
    /// The path, for messages.
    path: PathBuf,
}

impl TargetFile {
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
        file.publish_over(&self.directory, &self.name)
    }
}

/// What has been done so far, so that it can be undone.
#[derive(Default)]
struct UndoLog {
    directories: Vec<(Rc<Directory>, OsString)>,
    created: Vec<TargetFile>,
    edited: Vec<(TargetFile, Vec<u8>)>,
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
            error.observed = message!(
                "project-not-restored",
                observed = error.observed,
                names = names.join(", ")
            );
        }
        error
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("project-write", path = shown(path)),
        describe_io_error(error),
        message!("project-make-writable"),
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
        message!("project-write", path = shown(path)),
        message!("project-changed-meanwhile"),
        message!("project-run-again"),
    )
}

#[cfg(test)]
mod tests;
