//! uv's workspaces: members share the lock file beside the root's manifest (docs.astral.sh/uv, "Using workspaces").

use crate::project::toml_document::TomlText;
use crate::project::workspace_members as members;

/// The table that makes a project the root of a workspace.
const WORKSPACE: [&str; 3] = ["tool", "uv", "workspace"];

/// The folders in which the workspace of the project `source` may have its root, nearest first: uv looks no further than the
/// first that holds a project.
pub fn folders(source: &str) -> Vec<String> {
    match TomlText::read(source) {
        Ok(toml) if toml.item(&WORKSPACE).is_none() => members::folders_above().collect(),
        _ => Vec::new(),
    }
}

/// The directories and patterns of the members that the root `toml` names; what it excludes starts with `!`. `None` if it is not a root.
pub fn members_of(toml: &TomlText) -> Option<Vec<String>> {
    toml.item(&WORKSPACE)?;
    let list = |name| toml.strings(&[WORKSPACE.as_slice(), &[name]].concat());
    let excluded = list("exclude").into_iter().map(|it| format!("!{it}"));
    Some(list("members").into_iter().chain(excluded).collect())
}

/// Whether the manifest `root` is that of a workspace to which the project in the folder `member`, as seen from it, belongs.
pub fn counts_member(root: &str, member: &str) -> bool {
    let Ok(toml) = TomlText::read(root) else {
        return false;
    };
    let names = |list| {
        let patterns = toml.strings(&[WORKSPACE.as_slice(), &[list]].concat());
        members::any_names(&patterns, member)
    };
    names("members") && !names("exclude")
}

#[cfg(test)]
mod tests;
