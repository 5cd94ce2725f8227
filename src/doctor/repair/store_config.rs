//! Sets the log directory in the taos.cfg of the store's client to the store's own.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::doctor::directories::log_directory;
use crate::doctor::machine_facts::{ConfigReason, MachineFacts};
use crate::driver::process::parent::log_dir_problem;
use crate::driver::taos_cfg::{self, edit};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::system::directory::Directory;
use crate::system::events::EventSink;
use crate::system::files::{TEXT_LIMIT, read_named};

/// The entry that is set.
pub fn plan(facts: &MachineFacts) -> Vec<Message> {
    let Some(log) = wanted(facts) else {
        return Vec::new();
    };
    vec![message!(
        "doctor-step-config",
        file = facts.config.file.display(),
        folder = log.display()
    )]
}

/// Sets it, under the lock of the store. Every other byte of the file stays.
pub fn apply(facts: &MachineFacts, events: &EventSink) -> Result<()> {
    let (Some(log), Ok(store)) = (wanted(facts), &facts.store) else {
        return Ok(());
    };
    let file = &facts.config.file;
    let failed = |error: &std::io::Error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("store-write", path = printable_path(file)),
            describe_io_error(error),
            message!("run-log-next"),
        )
    };
    let _lock = store.store.lock("doctor", events)?;
    let old = read_named(file, TEXT_LIMIT).map_err(|error| failed(&error))?;
    let new = log.to_str().and_then(|log| edit::splice_log_dir(&old, log));
    let Some(new) = new else {
        return Err(failed(&std::io::ErrorKind::InvalidInput.into()));
    };
    let folder = file.parent().unwrap_or(file);
    Directory::open_named(folder)
        .and_then(|folder| folder.replace(OsStr::new(taos_cfg::NAME), &new))
        .map_err(|error| failed(&error))
}

/// The store's log directory, if the taos.cfg of its client names another one that cannot be written.
fn wanted(facts: &MachineFacts) -> Option<PathBuf> {
    let store = facts.store.as_ref().ok()?;
    let configured = facts.config.value("logDir").map(PathBuf::from)?;
    let is_own = facts.config.why == ConfigReason::Client;
    let is_in_effect = log_directory(facts).as_ref() == Some(&configured);
    let log = store.store.log_dir();
    let is_better = log != configured && log_dir_problem(log).is_none();
    (is_own && is_in_effect && is_better && log_dir_problem(&configured).is_some())
        .then(|| log.to_path_buf())
}
