//! JSON form of `taos-setup catalog`.

use serde_json::{Value, json};

use crate::own_catalog::add::OwnCatalogEntry;
use crate::own_catalog::check::CatalogCheck;
use crate::own_catalog::update::OwnCatalogVersion;

/// Returns `data`: `entry` is the catalog as TOML.
pub(super) fn entry(entry: &OwnCatalogEntry) -> Value {
    json!({
        "action": "add",
        "edition": entry.identity.edition.to_string(),
        "version": entry.identity.version.to_string(),
        "platform": entry.identity.platform.to_string(),
        "file": entry.file,
        "size": entry.size,
        "sha256": entry.sha256.to_string(),
        "md5": entry.md5,
        "known": entry.is_known,
        "entry": entry.text,
        "written": entry.written.as_ref().map(|(path, _)| path.to_string_lossy()),
    })
}

/// Returns `data` of a catalog that was signed or accepted.
pub(super) fn version(action: &str, version: &OwnCatalogVersion) -> Value {
    json!({
        "action": action,
        "place": version.place,
        "version": version.version,
        "expires": version.expires.to_string(),
        "releases": version.releases,
        "packages": version.packages,
        "changed": version.is_new,
    })
}

/// Returns `data`.
pub(super) fn check(check: &CatalogCheck) -> Value {
    json!({
        "action": "check",
        "listed": check.listed,
        "unknown": check.unknown,
        "without_digest": check.without_digest,
        "unlisted": check.unlisted,
    })
}
