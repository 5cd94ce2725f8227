//! NuGet's `packages.lock.json` (learn.microsoft.com/nuget/consume-packages/package-references-in-project-files, "Locking
//! dependencies"). A version of NuGet later than 4.9 writes it.

use serde_json::{Map, Value};

use super::edit::EditRefusal;
use super::lock_file::{LockReader, LockState, LockedProject};
use super::pins::Pin;
use super::text::parse_json;

/// The reader of the format.
pub struct NugetLock;

impl LockReader for NugetLock {
    fn state(&self, text: &str, _: LockedProject, package: &str, asked: &str) -> LockState {
        let Ok(lock) = parse_json(text) else {
            return LockState::Unknown;
        };
        let Some(frameworks) = lock.get("dependencies").and_then(Value::as_object) else {
            return LockState::Unknown;
        };
        let requested = requested(asked);
        let mut entries = frameworks
            .iter()
            // `net8.0/linux-x64` lists what differs for one system.
            .filter(|(framework, _)| !framework.contains('/'))
            .filter_map(|(_, packages)| entry(packages.as_object()?, package))
            .filter(|entry| entry.get("type").and_then(Value::as_str) == Some("Direct"));
        let is_same = |entry: &Value| {
            let locked = entry.get("requested").and_then(Value::as_str);
            locked.map(without_blanks) == Some(without_blanks(&requested))
        };
        entries.any(is_same).into()
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let lock = parse_json(text)?;
        let frameworks = lock.get("dependencies").and_then(Value::as_object);
        let packages = frameworks
            .into_iter()
            .flatten()
            .filter_map(|(_, it)| it.as_object());
        let pin = |(name, entry): (&String, &Value)| {
            let version = entry.get("resolved")?.as_str()?;
            Some(Pin::exact(name, version, file))
        };
        Ok(packages.flatten().filter_map(pin).collect())
    }

    fn digest(&self, text: &str, package: &str, version: &str) -> Option<String> {
        let lock = parse_json(text).ok()?;
        let frameworks = lock.get("dependencies")?.as_object()?;
        let ours = frameworks.iter().find_map(|(_, packages)| {
            let entry = entry(packages.as_object()?, package)?;
            let is_ours = entry.get("resolved").and_then(Value::as_str) == Some(version);
            is_ours.then_some(entry)
        })?;
        let hash = ours.get("contentHash")?.as_str()?;
        Some(format!("sha512-{hash}"))
    }
}

/// The entry of `package`, whose name may be written in other letters.
fn entry<'a>(packages: &'a Map<String, Value>, package: &str) -> Option<&'a Value> {
    packages
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(package))
        .map(|(_, entry)| entry)
}

/// `asked`, a version or a range of a manifest, as NuGet repeats it: `3.2.1` means that version or a later one.
fn requested(asked: &str) -> String {
    let asked = asked.trim();
    match asked.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(one) if !one.contains(',') => {
            let version = normalized(one.trim());
            format!("[{version}, {version}]")
        }
        Some(_) | None if asked.starts_with(['[', '(']) => asked.to_owned(),
        Some(_) | None => format!("[{}, )", normalized(asked)),
    }
}

/// `3.2.1.0` as 3.2.1, and `3.2` as 3.2.0.
fn normalized(version: &str) -> String {
    let (numbers, rest) = match version.find(['-', '+', '*']) {
        Some(at) => version.split_at(at),
        None => (version, ""),
    };
    if rest.starts_with('*') {
        return version.to_owned();
    }
    let mut parts: Vec<&str> = numbers.split('.').collect();
    while parts.len() < 3 {
        parts.push("0");
    }
    if parts.len() == 4 && parts[3] == "0" {
        parts.pop();
    }
    format!("{}{rest}", parts.join("."))
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests;
