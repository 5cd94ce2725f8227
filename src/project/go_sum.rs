//! `go.sum` (go.dev/ref/mod, "go.sum files").

use super::lock_file::{LockReader, LockState, LockedProject};

/// The reader of the format.
pub struct GoSum;

impl LockReader for GoSum {
    fn state(&self, text: &str, _project: LockedProject, package: &str, asked: &str) -> LockState {
        has_both_hashes(text, package, asked).into()
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        text.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            let is_ours = words.next() == Some(package) && words.next() == Some(version);
            let hash = words
                .next()
                .filter(|hash| is_ours && hash.starts_with("h1:"))?;
            Some(hash.to_owned())
        })
    }
}

/// Whether `go.sum` holds both of the module's hashes: that of its files and that of its own `go.mod`.
fn has_both_hashes(text: &str, package: &str, version: &str) -> bool {
    let has = |version: &str| {
        text.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(package)
                && words.next() == Some(version)
                && words.next().is_some_and(|hash| hash.starts_with("h1:"))
        })
    };
    has(version) && has(&format!("{version}/go.mod"))
}
