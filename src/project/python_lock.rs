//! `uv.lock`, `poetry.lock` and `pdm.lock`.

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;
use super::requirements_txt::normalised;
use super::toml_package_list::TomlLock;
use super::{npm_range, pep440};

/// The reader of the format.
pub struct PythonLock;

impl LockReader for PythonLock {
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState {
        python_lock(text, project.name, package, asked)
    }

    fn names_dependents(&self) -> bool {
        true
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        Ok(TomlLock::read(text)?.pins(file, normalised))
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let (lock, package) = (TomlLock::read(text).ok()?, normalised(package));
        lock.digest(|name| normalised(name) == package, version)
    }
}

/// `uv.lock`, `poetry.lock` or `pdm.lock` against a requirement as PEP 440 or Poetry (`^`, `~`) writes it. Where the project `own` is
/// listed, it must need the package itself.
fn python_lock(text: &str, own: Option<&str>, package: &str, asked: &str) -> LockState {
    let Ok(lock) = TomlLock::read(text) else {
        return LockState::Unknown;
    };
    if own.is_some_and(|own| lock.dependence(own, package) == Some(false)) {
        return LockState::Stale;
    }
    let package = normalised(package);
    let poetry = asked.starts_with('^') || asked.starts_with('~') && !asked.starts_with("~=");
    lock.holds(
        |name| normalised(name) == package,
        |version| {
            if poetry {
                npm_range::admits(asked, version).unwrap_or(true)
            } else {
                // A version alone is Poetry's way to say `==`.
                let bare = asked.starts_with(|c: char| c.is_ascii_digit());
                let asked = if bare {
                    format!("=={asked}")
                } else {
                    asked.to_owned()
                };
                pep440::admits(&asked, version).unwrap_or(true)
            }
        },
    )
}
