//! Applying a plan: every file or none. New contents are written beside their places first, then take their names; when one
//! cannot, those that could are put back.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Change, Plan};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::project::files::shown;
use crate::system::atomic_file;

/// Writes every pending change of `plan`, creating the folders that are missing. On an error the project is as it was.
pub fn apply(plan: &Plan) -> Result<()> {
    let mut undo = Undo::default();
    match stage_and_rename(plan, &mut undo) {
        Ok(()) => {
            undo.forget();
            Ok(())
        }
        Err(error) => Err(undo.all(error)),
    }
}

fn stage_and_rename(plan: &Plan, undo: &mut Undo) -> Result<()> {
    let mut staged = Vec::new();
    for change in plan.pending() {
        let path = plan.root.join(&change.path);
        let folder = path.parent().unwrap_or(&plan.root);
        if fs::metadata(&path).is_ok_and(|found| found.permissions().readonly()) {
            return Err(unwritable(&path, &ErrorKind::PermissionDenied.into()));
        }
        create_folders(folder, undo).map_err(|error| unwritable(folder, &error))?;
        let file = stage(folder, change, &path).map_err(|error| unwritable(folder, &error))?;
        staged.push((path, change, file));
    }
    for (path, change, file) in staged {
        match &change.before {
            None => {
                file.persist_noclobber(&path)
                    .map_err(|error| taken_or_unwritable(&path, &error.error))?;
                undo.created.push(path);
            }
            Some(before) => {
                let now = fs::read(&path).map_err(|error| unwritable(&path, &error))?;
                if now != *before {
                    return Err(changed_meanwhile(&path));
                }
                file.persist(&path)
                    .map_err(|error| unwritable(&path, &error.error))?;
                undo.edited.push((path, before.clone()));
            }
        }
    }
    Ok(())
}

/// The new content in a temporary file beside its place, with the mode of the file that it replaces.
fn stage(folder: &Path, change: &Change, path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".taos-setup-");
    #[cfg(unix)]
    {
        // The mode that a plain `open` would give; the process's umask still applies.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(&change.after)?;
    if change.before.is_some() {
        file.as_file()
            .set_permissions(fs::metadata(path)?.permissions())?;
        // What its owner had must not be lost with the machine's power; what is new can be made again.
        file.as_file().sync_all()?;
    }
    Ok(file)
}

/// Creates `folder` and what is missing above it, and remembers what it created.
fn create_folders(folder: &Path, undo: &mut Undo) -> io::Result<()> {
    let mut missing = Vec::new();
    let mut at = folder;
    while !at.as_os_str().is_empty() && fs::symlink_metadata(at).is_err() {
        missing.push(at);
        match at.parent() {
            Some(parent) => at = parent,
            None => break,
        }
    }
    for path in missing.into_iter().rev() {
        fs::create_dir(path)?;
        undo.folders.push(path.to_path_buf());
    }
    Ok(())
}

/// What has been done so far, so that it can be undone.
#[derive(Default)]
struct Undo {
    folders: Vec<PathBuf>,
    created: Vec<PathBuf>,
    edited: Vec<(PathBuf, Vec<u8>)>,
}

impl Undo {
    fn forget(&mut self) {
        *self = Self::default();
    }

    /// Puts everything back, newest first. What cannot be put back is named in the error that is given on.
    fn all(self, mut error: Error) -> Error {
        let mut left = Vec::new();
        for (path, before) in self.edited.iter().rev() {
            if atomic_file::write(path, before).is_err() {
                left.push(path);
            }
        }
        for path in self.created.iter().rev() {
            if fs::remove_file(path).is_err() {
                left.push(path);
            }
        }
        for folder in self.folders.iter().rev() {
            // A folder that someone else filled meanwhile stays.
            let _ = fs::remove_dir(folder);
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
        "it changed while init was at work",
        "run the command again; nothing was written",
    )
}

#[cfg(test)]
mod tests;
