//! `Cargo.toml` and `Cargo.lock`.

use toml::{Table, Value};

use super::{Pin, ranged};

/// The packages of a lock file.
pub(super) fn lock(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let table: Table = text.parse().map_err(|_| "it is not TOML".to_owned())?;
    let packages = table.get("package").and_then(Value::as_array);
    let pin = |package: &Value| {
        Some(Pin {
            package: package.get("name")?.as_str()?.to_owned(),
            version: package.get("version")?.as_str()?.to_owned(),
            exact: true,
            file,
        })
    };
    Ok(packages.into_iter().flatten().filter_map(pin).collect())
}

/// The dependencies of a manifest; those from a path or a repository are left out.
pub(super) fn manifest(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let table: Table = text.parse().map_err(|_| "it is not TOML".to_owned())?;
    let workspace = table.get("workspace").and_then(|it| it.get("dependencies"));
    let lists = [table.get("dependencies"), workspace];
    let lists = lists.into_iter().flatten().filter_map(Value::as_table);
    let pin = |(name, value): (&String, &Value)| {
        let package = value.get("package").and_then(Value::as_str).unwrap_or(name);
        let range = match value {
            Value::String(range) => range,
            other => other.get("version")?.as_str()?,
        };
        let elsewhere = value.get("path").is_some() || value.get("git").is_some();
        ranged(package, range, false, file).filter(|_| !elsewhere)
    };
    Ok(lists.flatten().filter_map(pin).collect())
}
