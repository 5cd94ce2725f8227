//! `composer.lock`. Its `content-hash` covers the lists of composer.json, so that every change of them makes it stale.

use serde_json::Value;

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;
use super::text::parse_json;

/// The reader of the format.
pub struct ComposerLock;

impl LockReader for ComposerLock {
    /// Composer repeats the extensions that the manifest requires.
    fn state(&self, text: &str, _project: LockedProject, package: &str, asked: &str) -> LockState {
        let Ok(lock) = parse_json(text) else {
            return LockState::Unknown;
        };
        let lists = ["platform", "platform-dev"];
        let mut required = lists
            .iter()
            .filter_map(|list| lock.get(list)?.get(package)?.as_str());
        required.any(|it| it == asked).into()
    }

    fn names_dependents(&self) -> bool {
        true
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let lock = parse_json(text)?;
        let lists = ["packages", "packages-dev"];
        let packages = lists
            .iter()
            .filter_map(|list| lock.get(list)?.as_array())
            .flatten();
        let pin = |package: &Value| {
            let name = package.get("name")?.as_str()?;
            let version = package.get("version")?.as_str()?;
            Some(Pin::exact(name, version, file))
        };
        Ok(packages.filter_map(pin).collect())
    }
}
