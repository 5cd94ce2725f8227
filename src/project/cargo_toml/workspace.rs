//! Workspaces: whose packages have which root, and what they inherit from it (doc.rust-lang.org/cargo, "Workspaces").

use std::path::Path;

use crate::message::{Message, message};
use crate::project::toml_document::TomlText;
use crate::project::{edit::EditRefusal, requirement::Requirement, workspace_members as members};

/// The folders in which the workspace of the package `source` may have its root, nearest first.
pub fn workspace_folders(source: &str) -> Vec<String> {
    let Ok(toml) = TomlText::read(source) else {
        return Vec::new();
    };
    if toml.item(&["workspace"]).is_some() {
        return Vec::new();
    }
    match toml
        .item(&["package", "workspace"])
        .and_then(|it| it.as_str())
    {
        Some(folder) => vec![folder.to_owned()],
        None => members::folders_above().collect(),
    }
}

/// Whether `root` is the root of a workspace that counts the package in its folder `member` (with `/`) among its own: Cargo takes the
/// nearest that does not exclude it.
pub fn counts_member(root: &str, member: &str) -> bool {
    let Ok(toml) = TomlText::read(root) else {
        return false;
    };
    if toml.table(&["workspace"]).is_none() {
        return false;
    }
    let starts = |list: &str| {
        let folders = toml.strings(&["workspace", list]);
        // Below a folder, so that `./a` is `a`.
        let below = |folder: &str| Path::new("root").join(folder);
        folders
            .iter()
            .any(|it| below(member).starts_with(below(it)))
    };
    !starts("exclude") || starts("members")
}

/// The directories and patterns of the members that the root `toml` names; what it excludes starts with `!`.
pub(super) fn members_of(toml: &TomlText) -> Vec<String> {
    let excluded = toml.strings(&["workspace", "exclude"]).into_iter();
    let excluded = excluded.map(|it| format!("!{}", it.trim_end_matches('/')));
    let excluded = excluded.flat_map(|it| [format!("{it}/**"), it]);
    let members = toml.strings(&["workspace", "members"]).into_iter();
    members.chain(excluded).collect()
}

/// Why Cargo refuses to build a new package in the folder `member` of the workspace of `root`, shown as `path`; `None` where it does
/// not. No other package can depend on it yet, which would make it a member, too.
pub fn note_about_new_member(path: &str, root: &str, member: &str) -> Option<Message> {
    let toml = TomlText::read(root).ok()?;
    if members::any_names(&toml.strings(&["workspace", "members"]), member) {
        return None;
    }
    Some(message!(
        "project-cargo-new-member",
        path = path,
        line = toml.line_of(&[], "workspace"),
        member = member
    ))
}

/// Where a package's workspace says what its members inherit.
pub(super) enum WorkspaceRoot<'a> {
    /// Nowhere.
    None,
    /// In the manifest itself.
    Own,
    /// In another one: its path, as it is shown, and its text.
    Other(&'a str, Box<TomlText<'a>>),
}

impl<'a> WorkspaceRoot<'a> {
    pub(super) fn of(toml: &TomlText, wanted: Requirement<'a>) -> Result<Self, EditRefusal> {
        if toml.item(&["workspace"]).is_some() {
            return Ok(Self::Own);
        }
        for (path, text) in wanted.parents {
            // What is wrong with another project's file is for Cargo to tell.
            if let Ok(parent) = TomlText::read(text)
                && parent.item(&["workspace"]).is_some()
            {
                return Ok(Self::Other(path, Box::new(parent)));
            }
        }
        Ok(Self::None)
    }
}
