//! Go's `vendor/modules.txt` (go.dev/ref/mod, "Vendoring").

use super::lock_file::{LockReader, LockState, LockedProject};

/// The reader of the format.
pub struct VendorModules;

impl LockReader for VendorModules {
    fn state(&self, text: &str, _project: LockedProject, package: &str, asked: &str) -> LockState {
        lists_module(text, package, asked).into()
    }
}

/// Whether `vendor/modules.txt` lists the module at its version.
fn lists_module(text: &str, package: &str, version: &str) -> bool {
    text.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some("#") && words.next() == Some(package) && words.next() == Some(version)
    })
}
