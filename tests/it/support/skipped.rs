//! Tests that cannot run on this machine. They are named when it happens and once more at the end of `cargo test` (the test target
//! `skipped`, which runs last).

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Reports that `test` does not run because of `why`.
pub fn report(test: &str, why: &str) {
    let line = format!("SKIPPED {test}: {why}\n");
    // Not through the harness, which hides what a passing test prints.
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(file) = list() {
        let opened = OpenOptions::new().create(true).append(true).open(file);
        let _ = opened.and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// Reports that `test` does not run; under `CI=true` that is a failure.
///
/// # Panics
///
/// If `CI` is `true`.
pub fn report_or_fail(test: &str, why: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "SKIPPED {test}: {why}"
    );
    report(test, why);
}

/// The list of this run: the test programs of one `cargo test` have the same parent.
pub fn list() -> Option<PathBuf> {
    #[cfg(unix)]
    {
        let run = std::os::unix::process::parent_id();
        Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("skipped-{run}")))
    }
    #[cfg(not(unix))]
    None
}
