//! The mode bits of the driver's files and of every directory above them: whether this user, and others, can read them.

use std::path::{Path, PathBuf};

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{CauseKind, Id, Judgement};
use crate::driver::{Source, search};
use crate::message::message;
use crate::system::files::open_named;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let Some(platform) = facts.platform else {
        return CheckReport::skipped(message!("doctor-no-platform"));
    };
    let mut report = CheckReport::default();
    for passed in facts.located.passed.iter().filter(|it| it.unreadable) {
        report = report.with(closed(&passed.candidate.file));
    }
    for folder in search_path(facts) {
        let looked = std::fs::metadata(folder.join(platform.library_file("taos")));
        let is_denied =
            |error: &std::io::Error| error.kind() == std::io::ErrorKind::PermissionDenied;
        if looked.as_ref().is_err_and(is_denied) {
            report = report.with(closed_directory(
                &folder,
                search::variable(platform.os),
                &platform.library_file("taos"),
            ));
        }
    }
    let Some(used) = &facts.used else {
        report.is_skipped = report.judgements.is_empty();
        report.details.push(message!("doctor-no-library"));
        return report;
    };
    let files = used.files(platform);
    for file in &files {
        report.details.push(message!(
            "doctor-mode",
            file = file.display(),
            mode = mode(file)
        ));
        if open_named(file).is_err() && file.is_file() {
            report = report.with(closed(file));
        }
    }
    // A store or a directory on a search path is this user's own.
    let is_shared = matches!(used.candidate.source, Source::System | Source::Cache);
    let barrier = files.iter().find_map(|file| Some((file, barrier(file)?)));
    if let (true, Some((file, barrier))) = (is_shared, barrier) {
        report = report.with(
            Judgement::failed(
                Id::LibraryNotForAll,
                message!(
                    "doctor-mode",
                    file = barrier.display(),
                    mode = mode(&barrier)
                ),
            )
            .into_warning()
            .expecting(message!("doctor-mode-expected"))
            .with("library", file.display())
            .with("found", barrier.display()),
        );
    }
    report
}

/// The directories of the loader's search path.
fn search_path(facts: &MachineFacts) -> Vec<PathBuf> {
    let path = facts.search_path.clone().unwrap_or_default();
    let folders = std::env::split_paths(&path);
    folders.filter(|it| !it.as_os_str().is_empty()).collect()
}

fn closed(file: &Path) -> Judgement {
    let folder = file.parent().unwrap_or(file);
    Judgement::failed(
        Id::LibraryUnreadable,
        message!("verify-file-denied", file = file.display()),
    )
    .expecting(message!("doctor-mode-expected"))
    .with("library", file.display())
    .with("folder", folder.display())
}

fn closed_directory(folder: &Path, variable: &str, library: &str) -> Judgement {
    let shown = folder.display();
    Judgement::failed(
        Id::LibraryUnreadable,
        message!(
            "verify-directory-denied",
            shown = shown,
            variable = variable
        ),
    )
    .expecting(message!("doctor-mode-expected"))
    .of_kind(CauseKind::Directory)
    .with("library", folder.join(library).display())
    .with("folder", shown)
}

/// The file, or the directory above it, that other users cannot pass.
#[cfg(unix)]
fn barrier(file: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let root = crate::system::test_machine::host_path("/");
    let real = file.canonicalize().ok()?;
    let lacks = |path: &Path, bits: u32| {
        let found = std::fs::metadata(path);
        found.is_ok_and(|found| found.permissions().mode() & bits != bits)
    };
    if lacks(&real, 0o004) {
        return Some(real);
    }
    let above = real.ancestors().skip(1);
    // A test's machine has directories of its own above it.
    let mut above = above.take_while(|folder| folder.starts_with(&root));
    above
        .find(|folder| lacks(folder, 0o001))
        .map(Path::to_path_buf)
}

#[cfg(not(unix))]
fn barrier(_file: &Path) -> Option<PathBuf> {
    None
}

/// The mode bits as `ls` numbers them; empty where there are none.
#[cfg(unix)]
fn mode(file: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(file);
    found.map_or_else(
        |_| String::new(),
        |found| format!("{:03o}", found.permissions().mode() & 0o7777),
    )
}

#[cfg(not(unix))]
fn mode(_file: &Path) -> String {
    String::new()
}
