//! npm's `package-lock.json` and `npm-shrinkwrap.json`.

use serde_json::Value;

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::npm_range;
use super::pins::Pin;
use super::text::parse_json;

const LISTS: [&str; 4] = [
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "peerDependencies",
];

/// The reader of the format.
pub struct PackageLock;

impl LockReader for PackageLock {
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState {
        package_lock(text, project.member, package, asked)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let value = parse_json(text)?;
        let old = value.get("dependencies").and_then(Value::as_object);
        let new = value.get("packages").and_then(Value::as_object);
        let packages = new.into_iter().chain(old).flatten();
        let pin = |(path, package): (&String, &Value)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            let version = package.get("version")?.as_str()?;
            Some(Pin::exact(name, version, file))
        };
        Ok(packages
            .filter_map(pin)
            .filter(|pin| !pin.package.is_empty())
            .collect())
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let value = parse_json(text).ok()?;
        let lists = ["packages", "dependencies"];
        let packages = lists.iter().filter_map(|it| value.get(it)?.as_object());
        let (end, version) = (format!("node_modules/{package}"), Some(version));
        let ours = packages.flatten().find(|(path, entry)| {
            (path.as_str() == package || path.ends_with(&end))
                && entry.get("version").and_then(Value::as_str) == version
        })?;
        Some(ours.1.get("integrity")?.as_str()?.to_owned())
    }
}

/// npm's own check (`npm ci`): the lock file repeats of the project in `member` what the manifest asks, and the package is locked.
fn package_lock(text: &str, member: &str, package: &str, asked: &str) -> LockState {
    let Ok(lock) = parse_json(text) else {
        return LockState::Unknown;
    };
    if let Some(packages) = lock.get("packages").and_then(Value::as_object) {
        let project = packages.get(member);
        let version_in = |list: &&str| project.and_then(|it| it.get(list)?.get(package)?.as_str());
        let same = LISTS.iter().filter_map(version_in).any(|it| it == asked);
        let shared = format!("node_modules/{package}");
        let own = format!("{member}/{shared}");
        let locked = packages.contains_key(&shared) || packages.contains_key(&own);
        return (same && locked).into();
    }
    // npm 6 and earlier do not repeat the manifest.
    let version = lock
        .get("dependencies")
        .and_then(|it| it.get(package)?.get("version")?.as_str());
    version
        .is_some_and(|version| npm_range::admits(asked, version).unwrap_or(true))
        .into()
}
