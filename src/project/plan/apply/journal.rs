//! `.taos-setup-journal`: a change of several files that is being made. It holds every new content and is on disk before the first file
//! changes; the next command that writes to the project completes what a killed process left.
//!
//! A repository or an archive can contain a file of this name. It is used only if this user owns it and it names itself, by what
//! identifies a file on this machine, so that a copy is named and left.

use std::ffi::OsStr;
use std::fs::{File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Read, Seek};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::staged::StagedFile;
use super::{FileChange, Plan, UndoLog, stage_and_publish, unwritable};
use crate::error::{Error, ErrorId, Result, UnfitFile, describe_io_error};
use crate::message::{Message, message};
use crate::project::files::{ProjectRoot, shown};
use crate::safety::value_count::{MOST_WRITTEN, count_json};
use crate::system::directory::Directory;
use crate::system::test_fault::step;
use crate::tdengine::digest::Sha256;

/// Its name, in the project's directory.
pub(super) const NAME: &str = ".taos-setup-journal";
/// The largest journal that is read, in bytes. `migrate` changes files of 8 MiB in all.
const LARGEST: u64 = 32 << 20;
/// The directories of version control, whose files no command writes.
const NEVER_WRITTEN: [&str; 5] = [".git", ".hg", ".svn", ".bzr", ".jj"];

/// The first line of a journal. The new contents follow, one after the other.
#[derive(Serialize, Deserialize)]
struct JournalHeader {
    schema: u32,
    /// What identifies the journal's own file.
    file: [u64; 2],
    changes: Vec<RecordedFile>,
}

/// A file that changes.
#[derive(Serialize, Deserialize)]
struct RecordedFile {
    /// Its path in the project, with `/`.
    path: String,
    /// The digest of its content before; `None` if it is new.
    before: Option<Sha256>,
    /// The length of its new content in bytes.
    length: u64,
}

/// A journal of this process: locked, until [`Self::end`] removes it.
pub(super) struct ProjectJournal {
    directory: Rc<Directory>,
    /// Keeps the lock.
    file: File,
}

impl ProjectJournal {
    /// Records the pending changes of `plan` in `root`, which exists.
    ///
    /// # Errors
    /// `file-unwritable`; `store-busy` if another process changes the project.
    pub(super) fn begin(plan: &Plan, root: &ProjectRoot) -> Result<Self> {
        let path = root.path().join(NAME);
        let failed = |error: io::Error| match error.kind() {
            ErrorKind::AlreadyExists => busy(root),
            _ => unwritable(&path, &error),
        };
        let directory = Rc::new(root.anchor().0.try_clone().map_err(failed)?);
        write(plan, directory).map_err(failed)
    }

    /// Removes it: the change was made, or undone.
    pub(super) fn end(self) {
        // If it stays, the next command finds nothing that is left to do.
        let _ = step().and_then(|()| self.directory.remove(OsStr::new(NAME)));
        drop(self.file);
    }
}

fn write(plan: &Plan, directory: Rc<Directory>) -> io::Result<ProjectJournal> {
    let staged = StagedFile::create_private(&directory)?;
    let changes = plan.pending().map(|change| {
        let before = change.before.as_deref().map(Sha256::of).transpose()?;
        Ok(RecordedFile {
            path: change.path.clone(),
            before,
            length: change.after.len() as u64,
        })
    });
    let header = JournalHeader {
        schema: 1,
        file: identity(&staged.handle().metadata()?),
        changes: changes.collect::<io::Result<_>>()?,
    };
    let mut content = serde_json::to_vec(&header)?;
    content.push(b'\n');
    for change in plan.pending() {
        content.extend_from_slice(&change.after);
    }
    let file = staged.fill(&content)?;
    // A file system may have no locks.
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    staged.publish_new(&directory, OsStr::new(NAME))?;
    directory.sync()?;
    Ok(ProjectJournal { directory, file })
}

/// Completes the change that a killed process left in `root`, and describes it. A file that changed since then stays as it is.
///
/// # Errors
/// `would-overwrite` if the journal is not one that this user's taos-setup left; `store-busy` if its process runs; those of
/// [`super::apply`].
pub fn recover(root: &ProjectRoot) -> Result<Vec<Message>> {
    let Some((journal, changes)) = open(root)? else {
        return Ok(Vec::new());
    };
    let mut notes = Vec::new();
    let mut plan = Plan {
        changes: Vec::new(),
    };
    for change in changes {
        let found = root.read(&change.path).ok();
        match found {
            Some(Some(found)) if found == change.after => {}
            Some(found) if is_before(found.as_deref(), change.before)? => {
                plan.changes.push(FileChange {
                    path: change.path,
                    before: found,
                    after: change.after,
                });
            }
            Some(_) | None => {
                let path = shown(&root.path().join(&change.path));
                notes.push(message!("project-journal-kept", path = path));
            }
        }
    }
    if !plan.changes.is_empty() {
        let mut undo = UndoLog::default();
        stage_and_publish(&plan, root, &mut undo).map_err(|error| undo.roll_back(error))?;
        let paths = plan.changes.iter().map(|change| change.path.as_str());
        let paths = paths.collect::<Vec<_>>().join(", ");
        notes.insert(0, message!("project-journal-completed", paths = paths));
    }
    journal.end();
    Ok(notes)
}

/// Describes the change that a killed process left in `root`; changes nothing.
pub fn describe_interrupted(root: &ProjectRoot) -> Vec<Message> {
    match open(root) {
        Ok(None) => Vec::new(),
        Ok(Some((_, changes))) => {
            let paths = changes.iter().map(|change| change.path.as_str());
            let paths = paths.collect::<Vec<_>>().join(", ");
            vec![message!("project-journal-waits", paths = paths)]
        }
        Err(error) => vec![message!(
            "project-journal-unfit",
            path = shown(&root.path().join(NAME)),
            reason = error.observed
        )],
    }
}

/// A change of a journal.
struct RecordedChange {
    path: String,
    before: Option<Sha256>,
    after: Vec<u8>,
}

fn is_before(found: Option<&[u8]>, before: Option<Sha256>) -> Result<bool> {
    let found = found.map(Sha256::of).transpose();
    Ok(found.is_ok_and(|found| found == before))
}

/// Opens and locks the journal that a killed process left in `root`.
fn open(root: &ProjectRoot) -> Result<Option<(ProjectJournal, Vec<RecordedChange>)>> {
    let (anchor, missing) = root.anchor();
    if !missing.is_empty() {
        return Ok(None);
    }
    let failed = |error: &io::Error| unfit(root, describe_io_error(error));
    let mut file = match anchor.open_own_for_writing(OsStr::new(NAME)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&error)),
    };
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(busy(root));
    }
    if !anchor.holds(OsStr::new(NAME), &file) {
        // Its process has ended it meanwhile.
        return Ok(None);
    }
    let content = read(&mut file).map_err(|error| failed(&error))?;
    let own = file.metadata().map_err(|error| failed(&error))?;
    let changes = parse(&content, identity(&own))
        .ok_or_else(|| unfit(root, message!("project-journal-foreign")))?;
    let directory = Rc::new(anchor.try_clone().map_err(|error| failed(&error))?);
    Ok(Some((ProjectJournal { directory, file }, changes)))
}

fn read(file: &mut File) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.rewind()?;
    file.take(LARGEST + 1).read_to_end(&mut content)?;
    match content.len() as u64 > LARGEST {
        true => Err(UnfitFile::TooLarge(LARGEST).into()),
        false => Ok(content),
    }
}

/// Reads a journal whose own file is `file`; `None` if it is not one.
fn parse(content: &[u8], file: [u64; 2]) -> Option<Vec<RecordedChange>> {
    let end = content.iter().position(|byte| *byte == b'\n')?;
    let (header, mut contents) = (&content[..end], &content[end + 1..]);
    if count_json(header) > MOST_WRITTEN {
        return None;
    }
    let header: JournalHeader = serde_json::from_slice(header).ok()?;
    if header.schema != 1 || header.file != file {
        return None;
    }
    let mut changes = Vec::new();
    for entry in header.changes {
        let length = usize::try_from(entry.length).ok()?;
        let after = contents.get(..length)?;
        contents = contents.get(length..)?;
        if !is_inside(&entry.path) {
            return None;
        }
        changes.push(RecordedChange {
            path: entry.path,
            before: entry.before,
            after: after.to_vec(),
        });
    }
    contents.is_empty().then_some(changes)
}

/// Whether `path` is one that a command may write: below the project's directory, and not a file of version control.
fn is_inside(path: &str) -> bool {
    path.split('/').all(|part| {
        let outside = matches!(part, "" | "." | "..") || part.contains(['\\', ':', '\0']);
        let never = NEVER_WRITTEN
            .iter()
            .any(|name| part.trim_end_matches(['.', ' ']).eq_ignore_ascii_case(name));
        !outside && !never
    })
}

/// What identifies a file on this machine, and no copy of it: device and number.
#[cfg(unix)]
fn identity(file: &Metadata) -> [u64; 2] {
    use std::os::unix::fs::MetadataExt;
    [file.dev(), file.ino()]
}

/// What identifies a file on this machine, and no copy of it: the time of its creation, in parts of a microsecond.
#[cfg(not(unix))]
fn identity(file: &Metadata) -> [u64; 2] {
    let created = file.created().ok();
    let since = created.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let since = since.unwrap_or_default();
    [since.as_secs(), u64::from(since.subsec_nanos())]
}

fn busy(root: &ProjectRoot) -> Error {
    Error::new(
        ErrorId::StoreBusy,
        message!("project-journal-tried", path = shown(root.path())),
        message!("project-journal-busy"),
        message!("project-run-again"),
    )
}

fn unfit(root: &ProjectRoot, reason: Message) -> Error {
    let path = shown(&root.path().join(NAME));
    Error::new(
        ErrorId::WouldOverwrite,
        message!("project-journal-tried", path = shown(root.path())),
        message!("project-journal-unfit", path = path, reason = reason),
        message!("project-journal-unfit-next", path = path),
    )
}

#[cfg(test)]
mod tests;
