//! Lock files: which are stale, and the commands that refresh them.

use std::path::{Path, PathBuf};

use super::StaleLock;
use super::printed_command;
use super::surroundings::Surroundings;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files;
use crate::project::language::LockTool;
use crate::project::lock_file::{LockState, LockedProject};
use crate::system::events::EventSink;

/// What a project's lock files are compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct LockQuery {
    /// The package, as its registry names it; empty where the connector is none.
    pub(super) package: String,
    /// What the manifest asks of it; `None` where that is not known.
    pub(super) asked: Option<String>,
    /// The directories above the project.
    pub(super) around: Surroundings,
    /// Whether the manifest changes.
    pub(super) edited: bool,
    /// Whether other packages go from it.
    pub(super) others_go: bool,
}

/// A lock file that exists.
#[derive(Clone, Debug)]
pub(super) struct FoundLock<'a> {
    /// Where it is.
    pub(super) file: PathBuf,
    /// Its path, relative to the project.
    pub(super) path: String,
    /// The project's folder as seen from it, with `/`; empty where they are the same.
    pub(super) member: String,
    /// Its description.
    pub(super) lock: &'a LockTool,
}

impl LockQuery {
    /// Whether `found` no longer says what the manifest does.
    pub(super) fn is_stale(&self, found: &FoundLock) -> bool {
        let names_dependents = found
            .lock
            .format
            .is_some_and(|it| it.reader().names_dependents());
        if (self.others_go || names_dependents) && self.edited {
            return true;
        }
        match self.state(found) {
            LockState::Fresh => false,
            LockState::Stale => true,
            LockState::Unknown => self.edited,
        }
    }

    fn state(&self, found: &FoundLock) -> LockState {
        let (Some(format), Some(asked)) = (found.lock.format, self.asked.as_deref()) else {
            return LockState::Unknown;
        };
        if self.package.is_empty() {
            return LockState::Unknown;
        }
        let Ok(Some(bytes)) = files::read_lock(&found.file) else {
            return LockState::Unknown;
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => {
                let project = LockedProject {
                    member: &found.member,
                    name: self.around.name.as_deref(),
                };
                format.reader().state(text, project, &self.package, asked)
            }
            Err(_) => LockState::Unknown,
        }
    }
}

/// Runs the command of every one of `stale` in `root`. The manifest has been written before.
pub(super) fn refresh(
    root: &Path,
    stale: &[StaleLock],
    quiet: bool,
    events: &EventSink,
) -> Result<()> {
    for (at, lock) in stale.iter().enumerate() {
        // Some commands make two files.
        if stale[..at].iter().any(|it| it.refresh == lock.refresh) {
            continue;
        }
        printed_command::run(root, &lock.refresh, quiet, events).map_err(|failed| {
            Error::new(
                ErrorId::LockFailed,
                message!("init-update-lock", file = lock.file, command = lock.refresh),
                message!("init-lock-failed", observed = failed.observed),
                Message::quoted(&lock.refresh),
            )
        })?;
    }
    Ok(())
}

/// Returns an error if a command succeeded and its lock file is still among `stale`.
pub(super) fn refuse_still_stale(stale: &[StaleLock]) -> Result<()> {
    match stale.first() {
        None => Ok(()),
        Some(lock) => Err(Error::new(
            ErrorId::LockFailed,
            message!("init-update-lock", file = lock.file, command = lock.refresh),
            message!("init-still-stale"),
            message!("init-still-stale-next"),
        )),
    }
}
