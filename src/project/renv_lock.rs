//! `renv.lock`. It holds hashes of what renv installed, so only renv writes it.

use serde_json::{Map, Value};

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;
use super::text::parse_json;

/// The reader of the format.
pub struct RenvLock;

impl LockReader for RenvLock {
    /// A version in a `DESCRIPTION` is a lower bound, which renv keeps to when it installs.
    fn state(&self, text: &str, _project: LockedProject, package: &str, _asked: &str) -> LockState {
        let Ok(lock) = parse_json(text) else {
            return LockState::Unknown;
        };
        packages(&lock)
            .is_some_and(|it| it.contains_key(package))
            .into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let lock = parse_json(text)?;
        let packages = packages(&lock).into_iter().flatten();
        let pin = |(name, package): (&String, &Value)| {
            let version = package.get("Version")?.as_str()?;
            Some(Pin::exact(name, version, file))
        };
        Ok(packages.filter_map(pin).collect())
    }
}

fn packages(lock: &Value) -> Option<&Map<String, Value>> {
    lock.get("Packages")?.as_object()
}
