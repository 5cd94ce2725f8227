//! `package.json` and `package-lock.json`.

use serde_json::Value;

use super::{Pin, ranged};

/// The dependencies of a manifest.
pub(super) fn manifest(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let value: Value = serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())?;
    let dependencies = value.get("dependencies").and_then(Value::as_object);
    let pin = |(package, range): (&String, &Value)| {
        let range = range.as_str()?;
        ranged(package, range, true, file).or_else(|| named(package, file))
    };
    Ok(dependencies.into_iter().flatten().filter_map(pin).collect())
}

/// The packages of a lock file, of the older form and of the newer.
pub(super) fn lock(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let value: Value = serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())?;
    let old = value.get("dependencies").and_then(Value::as_object);
    let new = value.get("packages").and_then(Value::as_object);
    let packages = new.into_iter().chain(old).flatten();
    let pin = |(path, package): (&String, &Value)| {
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        Some(Pin {
            package: name.to_owned(),
            version: package.get("version")?.as_str()?.to_owned(),
            exact: true,
            file,
        })
    };
    Ok(packages
        .filter_map(pin)
        .filter(|pin| !pin.package.is_empty())
        .collect())
}

/// A package whose version is not told: `latest`, `*`, a URL.
fn named(package: &str, file: &'static str) -> Option<Pin> {
    Some(Pin {
        package: package.to_owned(),
        version: String::new(),
        exact: false,
        file,
    })
}
