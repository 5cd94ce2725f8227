//! Indexes of registries: files that grow with each part. What is there is kept, and what is new is added.

use serde_json::{Map, Value};

/// An addition to an index.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum IndexUpdate {
    /// A line of a text, once.
    Line(String),
    /// A release in the sparse index of cargo: a line of JSON with `vers`, which takes the place of the one of that version.
    Release(Value),
    /// A version in the document of an npm package.
    NpmVersion {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
        /// Its manifest, with `dist`.
        manifest: Value,
    },
}

/// Adds `update` to `existing`, the bytes of the index so far; nothing of what cannot be read is kept.
pub(super) fn merged(existing: Option<&[u8]>, update: &IndexUpdate) -> Vec<u8> {
    let text = existing.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = text.unwrap_or_default();
    match update {
        IndexUpdate::Line(line) => {
            let mut lines: Vec<&str> = text.lines().filter(|it| !it.is_empty()).collect();
            lines.push(line);
            lines.sort_unstable();
            lines.dedup();
            joined(&lines)
        }
        IndexUpdate::Release(release) => {
            let version = |line: &str| -> Option<String> {
                let value: Value = serde_json::from_str(line).ok()?;
                Some(value.get("vers")?.as_str()?.to_owned())
            };
            let new = release.to_string();
            let name = version(&new);
            let mut lines: Vec<&str> = text
                .lines()
                .filter(|line| {
                    let found = version(line);
                    found.is_some() && found != name
                })
                .collect();
            lines.push(&new);
            lines.sort_unstable();
            joined(&lines)
        }
        IndexUpdate::NpmVersion {
            name,
            version,
            manifest,
        } => {
            let existing: Option<Value> = serde_json::from_str(text).ok();
            let versions = existing.as_ref().and_then(|it| it.get("versions"));
            let mut versions = versions
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            versions.insert(version.clone(), manifest.clone());
            versions.sort_keys();
            let newest = newest(versions.keys());
            let mut document = Map::new();
            document.insert("name".into(), name.as_str().into());
            document.insert("dist-tags".into(), serde_json::json!({"latest": newest}));
            document.insert("versions".into(), Value::Object(versions));
            Value::Object(document).to_string().into_bytes()
        }
    }
}

fn joined(lines: &[&str]) -> Vec<u8> {
    let mut text = lines.join("\n");
    text.push('\n');
    text.into_bytes()
}

/// The newest stable version, else the newest.
fn newest<'a>(versions: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    versions
        .filter_map(|text| semver::Version::parse(text).ok().map(|it| (it, text)))
        .max_by(|(one, _), (other, _)| {
            let order = |version: &semver::Version| (version.pre.is_empty(), version.clone());
            order(one).cmp(&order(other))
        })
        .map(|(_, text)| text.as_str())
}

#[cfg(test)]
mod tests;
