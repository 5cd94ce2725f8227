//! The sparse index of cargo, made from `cargo metadata`, which has all that an index entry has but the digest.

use serde_json::{Map, Value, json};

/// The file that says where crates are, for `base`.
pub(super) fn config(base: &str) -> String {
    json!({"dl": format!("{base}crates/{{crate}}-{{version}}.crate")}).to_string()
}

/// The path of a crate's releases in the index, which cargo computes from its name.
pub(super) fn path(name: &str) -> String {
    let name = name.to_lowercase();
    let part = |from: usize, to: usize| name.get(from..to).unwrap_or_default();
    let directory = match name.len() {
        1 => "1".to_owned(),
        2 => "2".to_owned(),
        3 => format!("3/{}", part(0, 1)),
        _ => format!("{}/{}", part(0, 2), part(2, 4)),
    };
    format!("crates/index/{directory}/{name}")
}

/// The entry of a package of `cargo metadata`, whose file has the digest `sha256`; `None` if fields are missing.
pub(super) fn release(package: &Value, sha256: &str) -> Option<Value> {
    let name = package.get("name")?.as_str()?;
    let version = package.get("version")?.as_str()?;
    let dependencies = package.get("dependencies")?.as_array()?;
    // Also those for development: features may name them, and such an entry without them is invalid.
    let dependencies: Vec<Value> = dependencies.iter().map(dependency).collect::<Option<_>>()?;
    let features = package.get("features")?.as_object()?;
    // The newer forms of features are in a field that older versions of cargo pass over.
    let is_new = |values: &Value| {
        values.as_array().into_iter().flatten().any(|value| {
            value
                .as_str()
                .is_some_and(|it| it.starts_with("dep:") || it.contains("?/"))
        })
    };
    let (new, old): (Map<String, Value>, Map<String, Value>) = features
        .iter()
        .map(|(name, values)| (name.clone(), values.clone()))
        .partition(|(_, values)| is_new(values));
    let mut entry = json!({
        "name": name,
        "vers": version,
        "deps": dependencies,
        "cksum": sha256,
        "features": old,
        "yanked": false,
    });
    let fields = entry.as_object_mut()?;
    if !new.is_empty() {
        fields.insert("features2".to_owned(), Value::Object(new));
        fields.insert("v".to_owned(), 2.into());
    }
    for (from, to) in [("links", "links"), ("rust_version", "rust_version")] {
        if let Some(value) = package.get(from).filter(|value| value.is_string()) {
            fields.insert(to.to_owned(), value.clone());
        }
    }
    Some(entry)
}

fn dependency(dependency: &Value) -> Option<Value> {
    let name = dependency.get("name")?.as_str()?;
    let renamed = dependency.get("rename").and_then(Value::as_str);
    let mut entry = json!({
        "name": renamed.unwrap_or(name),
        "req": dependency.get("req")?,
        "features": dependency.get("features")?,
        "optional": dependency.get("optional")?,
        "default_features": dependency.get("uses_default_features")?,
        "target": dependency.get("target"),
        "kind": dependency.get("kind").and_then(Value::as_str).unwrap_or("normal"),
    });
    if renamed.is_some() {
        entry
            .as_object_mut()?
            .insert("package".to_owned(), name.into());
    }
    Some(entry)
}

#[cfg(test)]
mod tests;
