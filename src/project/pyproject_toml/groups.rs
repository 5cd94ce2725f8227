//! Groups and extras: what they ask of our package, and the one that gets it.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use super::{FILE, array, entries, poetry};
use crate::catalog::connectors::VersionVerdict;
use crate::message::message;
use crate::project::edit::{Edit, EditRefusal, Splice};
use crate::project::pep440;
use crate::project::requirement::{DependencyList, Requirement};
use crate::project::requirements_txt::{
    AskedOfPackage, admits, named, normalised, requirement, version_in,
};
use crate::project::toml_document::TomlText;

/// Tables whose members are lists of requirements.
const OF_LISTS: [&[&str]; 3] = [
    &["project", "optional-dependencies"],
    &["dependency-groups"],
    &["tool", "pdm", "dev-dependencies"],
];

/// Returns the lists of extras and groups.
pub(super) fn lists<'a>(toml: &'a TomlText) -> impl Iterator<Item = &'a Item> {
    let tables = OF_LISTS.iter().filter_map(|path| toml.table(path));
    let lists = tables.flat_map(TableLike::iter).map(|(_, list)| list);
    lists.chain(toml.item(&["tool", "uv", "dev-dependencies"]))
}

/// Returns the tables of Poetry's groups.
pub(super) fn poetry_tables<'a>(toml: &'a TomlText) -> impl Iterator<Item = &'a Item> {
    let groups = toml.table(&["tool", "poetry", "group"]);
    let groups = groups.into_iter().flat_map(TableLike::iter);
    let groups = groups.filter_map(|(_, group)| group.as_table_like()?.get("dependencies"));
    groups.chain(toml.item(&["tool", "poetry", "dev-dependencies"]))
}

/// What a group or an extra asks of our package.
#[derive(Debug, PartialEq, Eq)]
struct GroupEntry {
    line: usize,
    /// The versions, as they are written.
    asked: String,
    /// The quoted text that holds them.
    range: Range<usize>,
    /// Whether they admit our version.
    admitted: bool,
    is_poetry: bool,
}

/// Adds to `edit` what the groups and extras ask of our package: uv, Poetry and PDM lock them together with the project's own
/// dependencies. A version that excludes ours is upgraded, or keeps ours out of the project's own list.
///
/// # Errors
/// The conflict with a version that is known not to work.
pub(super) fn settle(
    toml: &TomlText,
    wanted: Requirement,
    edit: &mut Edit,
) -> Result<(), EditRefusal> {
    if wanted.location.is_some() {
        return Ok(());
    }
    let mut found: Vec<GroupEntry> = Vec::new();
    for list in lists(toml) {
        found.extend(in_list(toml, list, wanted));
    }
    for table in poetry_tables(toml) {
        found.extend(in_poetry(toml, table, wanted));
    }
    found.sort_by_key(|it| it.line);
    for entry in found {
        let asked = &entry.asked;
        if !entry.admitted && wanted.replaces(asked) {
            edit.replacements.extend(upgrade(toml, &entry, wanted));
            continue;
        }
        if !entry.admitted && matches!(wanted.rules.judge(asked), VersionVerdict::Fails(_)) {
            let found = message!("project-asks", package = wanted.package, asked = asked);
            let ours = named(wanted);
            edit.notes
                .push(wanted.settle((FILE, entry.line), found, asked, &ours)?);
        }
        let is_alone = !entry.admitted && edit.insertion.is_some();
        if is_alone {
            edit.insertion = None;
            edit.asked = None;
        }
        edit.notes.push(message!(
            "project-py-group",
            file = FILE,
            line = entry.line,
            package = wanted.package,
            asked = asked,
            alone = is_alone,
            version = wanted.version
        ));
    }
    Ok(())
}

/// Our version in place of that of `entry`.
fn upgrade(toml: &TomlText, entry: &GroupEntry, wanted: Requirement) -> Option<Splice> {
    let text = toml.source().get(entry.range.clone())?;
    if !entry.is_poetry {
        return version_in(text, entry.range.start, &entry.asked, wanted);
    }
    let quote = text.get(..1)?;
    let operator = entry.asked.get(..1).filter(|it| ["^", "~"].contains(it));
    Some(Splice {
        at: entry.range.start,
        removes: entry.range.len(),
        text: format!(
            "{quote}{}{}{quote}",
            operator.unwrap_or_default(),
            wanted.version
        ),
    })
}

/// The edit that puts our package into the group or extra of `wanted`.
///
/// # Errors
/// Why the list cannot be edited.
pub(super) fn edit_list(toml: &TomlText, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let is_poetry = toml.table(&["tool", "poetry"]).is_some() && toml.table(&["project"]).is_none()
        || poetry::keeps_them(toml);
    let (path, name): (&[&str], &str) = match wanted.list {
        DependencyList::Extra(_) if is_poetry => {
            return Err(EditRefusal::Conflict {
                line: 1,
                found: message!("project-poetry-extra"),
                next: message!("project-poetry-extra-next", requirement = named(wanted)),
            });
        }
        DependencyList::Extra(name) => (&["project", "optional-dependencies"], name),
        DependencyList::Group(name) => (&["dependency-groups"], name),
        DependencyList::Development | DependencyList::Main => (&["dependency-groups"], "dev"),
    };
    let mut edit = Edit {
        asked: Some(format!("=={}", wanted.version)),
        ..Edit::default()
    };
    if is_poetry {
        let path = ["tool", "poetry", "group", name, "dependencies"];
        let present = toml.item(&path).and_then(|it| in_poetry(toml, it, wanted));
        edit.asked = Some(wanted.version.to_owned());
        match present {
            None => {
                let value = format!("{:?}", wanted.version);
                edit.insertion = Some(toml.insert(&path, &[(wanted.package, value)]));
            }
            Some(entry) => stay_or_upgrade(toml, &entry, wanted, &mut edit)?,
        }
        return Ok(edit);
    }
    let added = named(wanted);
    let Some(item) = toml.table(path).and_then(|table| table.get(name)) else {
        edit.insertion = Some(toml.insert(path, &[(name, format!("[{added:?}]"))]));
        return Ok(edit);
    };
    let Some(list) = item.as_array() else {
        return Err(EditRefusal::unparsable(
            toml.line_of(path, name),
            message!("project-py-not-list"),
        ));
    };
    if let Some(entry) = in_list(toml, item, wanted).into_iter().next() {
        stay_or_upgrade(toml, &entry, wanted, &mut edit)?;
        return Ok(edit);
    }
    // A group may include others: `{ include-group = "…" }`.
    let strings = list.iter().all(|it| it.is_str());
    let names: Vec<_> = if strings {
        let entries = entries(toml, list)?;
        entries
            .iter()
            .map(|(_, text)| match requirement(text) {
                Ok(Some((name, _))) => name,
                Ok(None) | Err(_) => String::new(),
            })
            .collect()
    } else {
        vec!["z".into(), String::new()]
    };
    let ours = normalised(wanted.package);
    edit.insertion = Some(array::insert(toml, list, &names, &ours, &added));
    Ok(edit)
}

fn stay_or_upgrade(
    toml: &TomlText,
    entry: &GroupEntry,
    wanted: Requirement,
    edit: &mut Edit,
) -> Result<(), EditRefusal> {
    if !entry.admitted && wanted.replaces(&entry.asked) {
        edit.replacements.extend(upgrade(toml, entry, wanted));
        return Ok(());
    }
    edit.asked = Some(entry.asked.clone());
    let asks = AskedOfPackage::Versions(entry.asked.clone());
    if entry.is_poetry {
        return Ok(());
    }
    edit.notes.extend(admits(FILE, entry.line, &asks, wanted)?);
    Ok(())
}

/// What the requirements of `list` ask of our package.
fn in_list(toml: &TomlText, list: &Item, wanted: Requirement) -> Vec<GroupEntry> {
    let name = normalised(wanted.package);
    let members = list.as_array().into_iter().flat_map(|list| list.iter());
    let asked = members.filter_map(|member| {
        let text = member.as_str()?;
        match requirement(text).ok()?? {
            (theirs, AskedOfPackage::Versions(asked)) if theirs == name => {
                let range = toml.place(member.span());
                Some(GroupEntry {
                    line: toml.line_number(range.start),
                    admitted: pep440::admits(&asked, wanted.version).ok()?,
                    range,
                    asked,
                    is_poetry: false,
                })
            }
            _ => None,
        }
    });
    asked.collect()
}

/// What Poetry's `table` asks of our package.
fn in_poetry(toml: &TomlText, table: &Item, wanted: Requirement) -> Option<GroupEntry> {
    let name = normalised(wanted.package);
    let table = table.as_table_like()?;
    let (theirs, item) = table.iter().find(|(it, _)| normalised(it) == name)?;
    let version = item.as_table_like().and_then(|it| it.get("version"));
    let version = version.unwrap_or(item);
    let asked = version.as_str()?;
    let (key, _) = table.get_key_value(theirs)?;
    Some(GroupEntry {
        line: toml.line_number(toml.place(key.span()).start),
        asked: asked.to_owned(),
        range: toml.place(version.span()),
        admitted: poetry::admits(asked, wanted.version)?,
        is_poetry: true,
    })
}
