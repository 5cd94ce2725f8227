//! `requirements.txt`, `pyproject.toml`, and the lock files of uv, Poetry and Pipenv.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::{Pin, cargo, ranged};

/// The lines of a requirements file.
pub(super) fn requirements(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    Ok(text
        .lines()
        .filter_map(|line| requirement(line.split('#').next().unwrap_or_default(), file))
        .collect())
}

/// The dependencies of a project, as PEP 621 has them and as Poetry has them.
pub(super) fn pyproject(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let table: Table = text.parse().map_err(|_| "it is not TOML".to_owned())?;
    let project = table.get("project");
    let plain = project.and_then(|it| it.get("dependencies")?.as_array());
    let optional = project.and_then(|it| it.get("optional-dependencies")?.as_table());
    let extra = optional
        .into_iter()
        .flatten()
        .filter_map(|(_, list)| list.as_array());
    let listed = plain.into_iter().chain(extra).flatten();
    let listed = listed.filter_map(|line| requirement(line.as_str()?, file));
    let poetry = table
        .get("tool")
        .and_then(|tool| tool.get("poetry")?.get("dependencies")?.as_table());
    let poetry = poetry.into_iter().flatten().filter_map(|(name, value)| {
        let range = match value {
            Value::String(range) => range,
            other => other.get("version")?.as_str()?,
        };
        ranged(&normal(name), range, true, file)
    });
    Ok(listed.chain(poetry).collect())
}

/// The packages of uv.lock and poetry.lock, which have Cargo.lock's form.
pub(super) fn lock(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let mut pins = cargo::lock(text, file)?;
    for pin in &mut pins {
        pin.package = normal(&pin.package);
    }
    Ok(pins)
}

/// The packages of Pipfile.lock.
pub(super) fn pipfile_lock(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let value: Json = serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())?;
    let packages = value.get("default").and_then(Json::as_object);
    let pin = |(name, package): (&String, &Json)| {
        ranged(&normal(name), package.get("version")?.as_str()?, true, file)
    };
    Ok(packages.into_iter().flatten().filter_map(pin).collect())
}

/// `taospy[ws]==2.8.10 ; python_version >= "3.7"`. Options, addresses and paths are none.
fn requirement(line: &str, file: &'static str) -> Option<Pin> {
    let line = line.split(';').next()?.trim();
    if line.starts_with('-') || line.contains("://") || line.contains(" @ ") {
        return None;
    }
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))?;
    let (name, rest) = line.split_at(end);
    let range = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.1,
        None => rest,
    };
    ranged(&normal(name), range, true, file)
}

/// A project's name as PEP 503 compares it.
fn normal(name: &str) -> String {
    let lower = name.to_ascii_lowercase().replace(['_', '.'], "-");
    let parts: Vec<&str> = lower.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests;
