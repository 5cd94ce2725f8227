//! Edits `taos-setup.toml`: comments, order, and line ends stay.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::setup_file::ProjectSettings;
use crate::tdengine::platform::Platform;

/// A change of a `taos-setup.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupEdit {
    /// Adds these platforms to `client.platforms`.
    Platforms(Vec<Platform>),
    /// Adds a project at the end.
    Project(ProjectSettings),
}

impl SetupEdit {
    /// Returns `text`, a valid file, with the change; `None` if there is nothing to change: all platforms are locked, or no client is.
    pub fn apply(&self, text: &str) -> Option<String> {
        let mark = if text.starts_with('\u{feff}') {
            "\u{feff}"
        } else {
            ""
        };
        let mut document: DocumentMut = text[mark.len()..].parse().ok()?;
        match self {
            Self::Platforms(platforms) => {
                let client = document.get_mut("client")?.as_table_like_mut()?;
                let list = client.get_mut("platforms")?.as_array_mut()?;
                let before = list.len();
                for platform in platforms {
                    add_platform(list, &platform.to_string());
                }
                if list.len() == before {
                    return None;
                }
            }
            // A comment alone would stay behind what is added.
            Self::Project(project) if document.is_empty() => {
                let mut added = DocumentMut::new();
                add_project(&mut added, project)?;
                let gap = if text.is_empty() || text.ends_with('\n') {
                    ""
                } else {
                    "\n"
                };
                let separator = if text.is_empty() { "" } else { "\n" };
                let added = added.to_string();
                return Some(format!("{text}{gap}{separator}{}", added.trim_start()));
            }
            Self::Project(project) => add_project(&mut document, project)?,
        }
        let changed = document.to_string();
        // toml_edit ends the lines that it writes with \n.
        let changed = match text.contains("\r\n") {
            true => changed.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => changed,
        };
        Some(format!("{mark}{changed}"))
    }
}

/// Adds `platform` to `list` unless it is there, in the form of the last one.
fn add_platform(list: &mut Array, platform: &str) {
    if list.iter().any(|it| it.as_str() == Some(platform)) {
        return;
    }
    let mut added = Value::from(platform);
    let last = list
        .iter()
        .last()
        .and_then(|it| it.decor().prefix()?.as_str());
    match last.and_then(|last| last.rfind('\n').map(|at| last[at..].to_owned())) {
        // On a line of its own, without the comment that stands before the last one.
        Some(indent) => {
            added.decor_mut().set_prefix(indent);
            list.push_formatted(added);
        }
        None => list.push(added),
    }
}

fn add_project(document: &mut DocumentMut, project: &ProjectSettings) -> Option<()> {
    let fields = fields(project);
    match document.get_mut("project") {
        Some(Item::Value(Value::Array(list))) => {
            let mut inline = InlineTable::new();
            for (name, text) in fields {
                inline.insert(name, text.into());
            }
            list.push(inline);
        }
        Some(Item::ArrayOfTables(tables)) => tables.push(table(fields)),
        Some(_) => return None,
        None => {
            let mut tables = ArrayOfTables::new();
            tables.push(table(fields));
            document.insert("project", Item::ArrayOfTables(tables));
        }
    }
    Some(())
}

fn fields(project: &ProjectSettings) -> Vec<(&'static str, &str)> {
    let mut fields = vec![("dir", project.dir.as_str()), ("lang", &project.lang)];
    fields.extend(project.transport.map(|it| ("transport", it.as_str())));
    fields.extend(project.manifest.as_deref().map(|it| ("manifest", it)));
    fields
}

fn table(fields: Vec<(&'static str, &str)>) -> Table {
    let mut table = Table::new();
    for (name, text) in fields {
        table.insert(name, value(text));
    }
    table.decor_mut().set_prefix("\n");
    table
}

#[cfg(test)]
mod tests;
