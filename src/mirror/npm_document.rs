//! Documents of npm packages ("packuments"), which name the address of each file.

use serde_json::Value;

/// The fields of a manifest that npm uses to resolve and install.
const FIELDS: [&str; 18] = [
    "name",
    "version",
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "bundleDependencies",
    "bundledDependencies",
    "bin",
    "directories",
    "engines",
    "os",
    "cpu",
    "libc",
    "license",
    "deprecated",
    "main",
    "type",
];

/// The path of the document of the package `name`. It is the index of a directory, because the name with a scope is one, too.
pub(super) fn path(name: &str) -> String {
    format!("npm/{name}/index.json")
}

/// The path of the file of a version.
pub(super) fn tarball_path(name: &str, version: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    format!("npm/{name}/-/{base}-{version}.tgz")
}

/// Whether `path` is that of a document.
pub(super) fn is_document(path: &str) -> bool {
    path.starts_with("npm/") && path.ends_with("/index.json")
}

/// The manifest of a version in a document, from package.json of its file. The address of the file is relative until
/// [`rebased`].
pub(super) fn version_manifest(package: &Value, integrity: &str, sha1: &str) -> Option<Value> {
    let package = package.as_object()?;
    let (name, version) = (
        package.get("name")?.as_str()?,
        package.get("version")?.as_str()?,
    );
    let mut manifest = serde_json::Map::new();
    for field in FIELDS {
        if let Some(value) = package.get(field) {
            manifest.insert(field.to_owned(), value.clone());
        }
    }
    let scripts = package.get("scripts").and_then(Value::as_object);
    if scripts.is_some_and(|scripts| {
        ["preinstall", "install", "postinstall"]
            .iter()
            .any(|it| scripts.contains_key(*it))
    }) {
        manifest.insert("hasInstallScript".to_owned(), true.into());
    }
    manifest.insert(
        "dist".to_owned(),
        serde_json::json!({
            "tarball": tarball_path(name, version),
            "integrity": integrity,
            "shasum": sha1,
        }),
    );
    Some(Value::Object(manifest))
}

/// Returns `document` with the addresses of its files below `base`; unchanged if it is not a document.
pub(super) fn rebased(document: &[u8], base: &str) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(document) else {
        return document.to_vec();
    };
    let name = value.get("name").and_then(Value::as_str).map(str::to_owned);
    let versions = value.get_mut("versions").and_then(Value::as_object_mut);
    for (version, manifest) in versions.into_iter().flatten() {
        let path = tarball_path(name.as_deref().unwrap_or_default(), version);
        if let Some(dist) = manifest.get_mut("dist").and_then(Value::as_object_mut) {
            dist.insert("tarball".to_owned(), format!("{base}{path}").into());
        }
    }
    value.to_string().into_bytes()
}

#[cfg(test)]
mod tests;
