//! Catalogs: versions that a workspace keeps in one place, and that its packages name by `catalog:` (pnpm.io, "Catalogs"; bun.com,
//! "Catalogs").

use crate::project::json_positions::{self, JsonObject};
use crate::project::requirement::Requirement;
use crate::project::{text, yaml_entries};

/// The version that a catalog gives to our package.
pub(super) struct SharedVersion {
    /// The file, as messages name it.
    pub(super) file: String,
    /// Its line, from 1.
    pub(super) line: usize,
    /// The range.
    pub(super) text: String,
    /// Its offset in the file, in bytes.
    pub(super) at: usize,
}

/// Returns what the catalog that `reference` names, `catalog:` or `catalog:NAME`, says of the package of `wanted`.
pub(super) fn find(reference: &str, wanted: Requirement) -> Option<SharedVersion> {
    let name = reference.trim().strip_prefix("catalog:")?.trim();
    let name = if name.is_empty() { "default" } else { name };
    let mut parents = wanted.parents.iter();
    parents.find_map(|(path, text)| {
        if path.ends_with(".yaml") || path.ends_with(".yml") {
            in_yaml(path, text, name, wanted.package)
        } else {
            in_json(path, text, name, wanted.package)
        }
    })
}

fn in_yaml(path: &str, text: &str, name: &str, package: &str) -> Option<SharedVersion> {
    let mut entries = yaml_entries::read(text).into_iter();
    let found = entries.find(|entry| {
        let of_default = name == "default" && entry.path == ["catalog", package];
        of_default || entry.path == ["catalogs", name, package]
    })?;
    (!found.value.is_empty()).then(|| SharedVersion {
        file: path.to_owned(),
        line: found.line,
        text: found.value.to_owned(),
        at: found.at,
    })
}

fn in_json(path: &str, text: &str, name: &str, package: &str) -> Option<SharedVersion> {
    let root = json_positions::read(text).ok()?;
    let inner = |object: &JsonObject, name: &str| {
        json_positions::object(text, object.member(name)?.value).ok()?
    };
    let holders = [inner(&root, "workspaces"), Some(root)];
    holders.into_iter().flatten().find_map(|holder| {
        let default = || {
            (name == "default")
                .then(|| inner(&holder, "catalog"))
                .flatten()
        };
        let named = || inner(&inner(&holder, "catalogs")?, name);
        let catalog = default().or_else(named)?;
        let member = catalog.member(package)?;
        let version = json_positions::string(text, member.value, member.end)?;
        let is_plain = text.get(member.value + 1..member.end - 1) == Some(version.as_str());
        is_plain.then(|| SharedVersion {
            file: path.to_owned(),
            line: text::line_of(text, member.start),
            at: member.value + 1,
            text: version,
        })
    })
}
