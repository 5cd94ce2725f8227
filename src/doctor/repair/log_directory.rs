//! Makes the log directory of the store's clients, or lets its owner write to it.

use std::io;
use std::path::{Path, PathBuf};

use crate::doctor::directories::log_directory;
use crate::doctor::machine_facts::MachineFacts;
use crate::driver::process::parent::log_dir_problem;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};

/// What is changed: nothing unless it is the store's own directory.
pub fn plan(facts: &MachineFacts) -> Vec<Message> {
    let Some(log) = own(facts) else {
        return Vec::new();
    };
    vec![message!(
        "doctor-step-log-directory",
        folder = log.display()
    )]
}

/// Makes it, open to its owner alone.
pub fn apply(facts: &MachineFacts) -> Result<()> {
    let Some(log) = own(facts) else {
        return Ok(());
    };
    open(&log).map_err(|error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("run-log-tried", log = log.display()),
            describe_io_error(&error),
            message!("run-log-next"),
        )
    })
}

/// The log directory in effect, if it is the store's, cannot be written, and belongs to this user.
fn own(facts: &MachineFacts) -> Option<PathBuf> {
    let store = facts.store.as_ref().ok()?;
    let log = log_directory(facts)?;
    let is_ours = log == store.store.log_dir() && log_dir_problem(&log).is_some();
    (is_ours && belongs_to_user(&log)).then_some(log)
}

#[cfg(unix)]
fn belongs_to_user(log: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    match std::fs::symlink_metadata(log) {
        Ok(found) => found.is_dir() && found.uid() == user,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

#[cfg(not(unix))]
fn belongs_to_user(log: &Path) -> bool {
    !log.exists()
}

#[cfg(unix)]
fn open(log: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    if !log.is_dir() {
        return std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(log);
    }
    let mode = std::fs::symlink_metadata(log)?.permissions().mode();
    std::fs::set_permissions(log, PermissionsExt::from_mode(mode & 0o7777 | 0o700))
}

#[cfg(not(unix))]
fn open(log: &Path) -> io::Result<()> {
    std::fs::create_dir_all(log)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn directory_is_made_or_opened_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a/log");
        let mode = || std::fs::metadata(&log).unwrap().permissions().mode() & 0o777;
        open(&log).unwrap();
        assert_eq!(mode(), 0o700);
        std::fs::set_permissions(&log, PermissionsExt::from_mode(0o550)).unwrap();
        open(&log).unwrap();
        assert_eq!(mode(), 0o750);
        assert!(belongs_to_user(&log));
        assert!(belongs_to_user(&folder.path().join("none")));
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(!belongs_to_user(&file));
    }
}
