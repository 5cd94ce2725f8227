//! The directories that the driver writes: its log, without which it does not start, and temporary files.

use std::path::{Path, PathBuf};

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement, judge};
use crate::driver::process::parent::log_dir_problem;
use crate::message::message;
use crate::system::env_vars;
use crate::system::test_machine::host_path;
use crate::tdengine::version::FIRST_SPLIT_DRIVER;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    if facts.used.is_none() {
        return CheckReport::skipped(message!("doctor-no-library"));
    }
    let mut report = CheckReport::default();
    if let Some(log) = log_directory(facts) {
        report
            .details
            .push(message!("doctor-log-dir", folder = log.display()));
        if let Some(why) = log_dir_problem(&log) {
            report = report.with(judge::native::log_dir(&log, &why));
        }
    }
    let temporary = temporary_directory(facts);
    report
        .details
        .push(message!("doctor-temp-dir", folder = temporary.display()));
    if let Some(why) = log_dir_problem(&temporary) {
        report = report.with(
            Judgement::failed(
                Id::TempDirUnwritable,
                message!(
                    "doctor-directory-words",
                    folder = temporary.display(),
                    words = why
                ),
            )
            .into_warning()
            .expecting(message!("doctor-directory-expected"))
            .with("folder", temporary.display()),
        );
    }
    report
}

/// The directory that the driver writes its log to: that of `TAOS_LOG_DIR`; that of the store for its clients, because `env` and
/// `run` set it; for a driver before 3.3.6, that of taos.cfg, which later ones read too late; else the usual one.
pub fn log_directory(facts: &MachineFacts) -> Option<PathBuf> {
    let used = facts.used.as_ref()?;
    if let Some(named) = env_vars::TAOS_LOG_DIR.get() {
        return Some(named.into());
    }
    let configured = facts.config.value("logDir").map(PathBuf::from);
    if let Some(client) = &used.client {
        return Some(configured.unwrap_or_else(|| client.log_dir()));
    }
    let is_old = used.version.is_some_and(|it| it < FIRST_SPLIT_DRIVER);
    match configured.filter(|_| is_old) {
        Some(configured) => Some(below_root(&configured)),
        None => cfg!(unix).then(|| host_path("/var/log/taos")),
    }
}

fn temporary_directory(facts: &MachineFacts) -> PathBuf {
    let named = std::env::var_os("TAOS_TEMP_DIR").filter(|it| !it.is_empty());
    let configured = || {
        facts
            .config
            .value("tempDir")
            .map(|it| below_root(Path::new(it)))
    };
    named
        .map(PathBuf::from)
        .or_else(configured)
        .unwrap_or_else(std::env::temp_dir)
}

/// An absolute path that a file of this machine names.
fn below_root(path: &Path) -> PathBuf {
    match path.is_absolute() {
        true => host_path(path),
        false => path.to_path_buf(),
    }
}
