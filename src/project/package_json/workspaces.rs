//! Workspaces: which folders the root of one counts among its own (docs.npmjs.com, "workspaces"; pnpm.io, "pnpm-workspace.yaml").

use serde_json::Value;

use crate::project::workspace_members;

/// pnpm's file, which stands in the root of a workspace and names its members.
pub(super) const PNPM: &str = "pnpm-workspace.yaml";

/// Where the root of the workspace of the package `source` may be, nearest first: nowhere, where it is one itself. An empty text stands
/// for a package that is not there yet.
pub fn workspace_roots(source: &str) -> Vec<String> {
    let is_root = match json(source) {
        Some(package) => !patterns(&package).is_empty(),
        None => !source.is_empty(),
    };
    if is_root {
        return Vec::new();
    }
    workspace_members::folders_above()
        .flat_map(|folder| [format!("{folder}/{PNPM}"), folder])
        .collect()
}

/// Whether the file `root` at `path` is the root of a workspace that counts the package in its folder `member` among its own.
pub fn counts_member(path: &str, root: &str, member: &str) -> bool {
    let patterns = if path.ends_with(PNPM) {
        pnpm_patterns(root)
    } else {
        json(root).map(|it| patterns(&it)).unwrap_or_default()
    };
    workspace_members::any_names(&patterns, member)
}

/// The program that `source` says its packages are installed with (nodejs.org/api/packages.html, "packageManager").
pub fn package_manager(source: &str) -> Option<String> {
    let package = json(source)?;
    let manager = package.get("packageManager")?.as_str()?;
    Some(manager.split('@').next()?.to_owned())
}

fn json(source: &str) -> Option<Value> {
    serde_json::from_str(source.trim_start_matches('\u{feff}')).ok()
}

/// The patterns of a package's `workspaces`: a list, or an object with a list `packages` (yarn).
pub(super) fn patterns(package: &Value) -> Vec<String> {
    let Some(value) = package.get("workspaces") else {
        return Vec::new();
    };
    let list = value.get("packages").unwrap_or(value).as_array();
    let strings = list.into_iter().flatten().filter_map(Value::as_str);
    strings.map(str::to_owned).collect()
}

/// The list `packages` of a file in YAML, as people write it: an item a line, or all in brackets in one line.
pub(super) fn pnpm_patterns(text: &str) -> Vec<String> {
    let bare = |item: &str| item.trim().trim_matches(['"', '\'']).to_owned();
    let mut lines = text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim_end())
        .skip_while(|line| !line.starts_with("packages:"));
    let head = lines.next().unwrap_or_default();
    let list = head.trim_start_matches("packages:").trim();
    if let Some(items) = list.strip_prefix('[') {
        return items.trim_end_matches(']').split(',').map(bare).collect();
    }
    lines
        .take_while(|line| line.is_empty() || line.starts_with([' ', '-', '#']))
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(bare)
        .collect()
}

#[cfg(test)]
mod tests;
