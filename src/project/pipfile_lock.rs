//! Pipenv's `Pipfile.lock`.

use serde_json::Value;

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pep440;
use super::pins::{Pin, ranged_pin};
use super::requirements_txt::normalised;
use super::text::parse_json;
use super::toml_package_list::digest_of_files;

/// The reader of the format.
pub struct PipfileLock;

impl LockReader for PipfileLock {
    fn state(&self, text: &str, _project: LockedProject, package: &str, asked: &str) -> LockState {
        let Ok(pins) = self.pins(text, "Pipfile.lock") else {
            return LockState::Unknown;
        };
        let name = normalised(package);
        let mut ours = pins.iter().filter(|pin| pin.package == name);
        ours.any(|pin| pep440::admits(asked, &pin.version).unwrap_or(true))
            .into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let value = parse_json(text)?;
        let packages = value.get("default").and_then(Value::as_object);
        let pin = |(name, package): (&String, &Value)| {
            let version = package.get("version")?.as_str()?;
            ranged_pin(&normalised(name), version, true, file)
        };
        Ok(packages.into_iter().flatten().filter_map(pin).collect())
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let value = parse_json(text).ok()?;
        let package = normalised(package);
        let mut packages = value.get("default")?.as_object()?.iter();
        let (_, ours) = packages.find(|(name, entry)| {
            let found = entry.get("version").and_then(Value::as_str);
            normalised(name) == package
                && found.is_some_and(|it| it.trim_start_matches('=') == version)
        })?;
        let hashes = ours.get("hashes")?.as_array()?;
        digest_of_files(hashes.iter().filter_map(Value::as_str))
    }
}
