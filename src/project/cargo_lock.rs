//! `Cargo.lock`.

use semver::Version;

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::npm_range;
use super::pins::Pin;
use super::toml_package_list::TomlLock;
use crate::catalog::connectors::Companion;
use crate::message::{Message, message};

/// The reader of the format.
pub struct CargoLock;

impl LockReader for CargoLock {
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState {
        cargo_lock(text, project.name, package, asked)
    }

    fn names_dependents(&self) -> bool {
        true
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        Ok(TomlLock::read(text)?.pins(file, str::to_owned))
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let lock = TomlLock::read(text).ok()?;
        lock.digest(|name| name == package, version)
    }
}

/// `Cargo.lock` against a requirement as Cargo.toml writes it; one without an operator means `^`. The project `own` must be in it, and
/// need the package there, too: others may have brought it.
fn cargo_lock(text: &str, own: Option<&str>, package: &str, asked: &str) -> LockState {
    let Ok(lock) = TomlLock::read(text) else {
        return LockState::Unknown;
    };
    if own.is_some_and(|own| lock.dependence(own, package) != Some(true)) {
        return LockState::Stale;
    }
    let asked = asked.replace(',', " ");
    let bare = asked.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let asked = if bare { format!("^{asked}") } else { asked };
    lock.holds(
        |name| name == package,
        |version| npm_range::admits(&asked, version).unwrap_or(true),
    )
}

/// Returns what the lock file `text`, shown as `path`, holds of `companions` that does not work with the connector.
pub fn describe_broken_companions(
    path: &str,
    text: &str,
    companions: &[Companion],
) -> Vec<Message> {
    let Ok(lock) = TomlLock::read(text) else {
        // Cargo reports what is wrong with it.
        return Vec::new();
    };
    let mut notes = Vec::new();
    for companion in companions {
        let Some(breaks) = companion.breaks() else {
            continue;
        };
        let locked = lock.package.iter().find_map(|package| {
            let version = package.version.as_ref()?;
            let is_broken = Version::parse(version).is_ok_and(|it| breaks.matches(&it));
            (package.name == companion.package && is_broken).then_some((&package.name, version))
        });
        if let Some((name, version)) = locked {
            notes.push(message!(
                "project-lock-broken",
                path = path,
                name = name,
                version = version,
                why = Message::from(companion.why.clone()),
                wanted = companion.version
            ));
        }
    }
    notes
}
