//! Groups and extras: what they ask of our package, and the one that gets it.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use super::{FILE, array, entries, library, poetry};
use crate::catalog::connectors::VersionVerdict;
use crate::message::{Message, message};
use crate::project::edit::{Edit, EditRefusal, Splice};
use crate::project::pep440;
use crate::project::requirement::{AskedVersions, DependencyList, Requirement};
use crate::project::requirements_txt::{
    AskedOfPackage, admits, named, normalised, requirement, version_in, versions,
};
use crate::project::toml_document::{TomlText, key};

/// Tables whose members are lists of requirements.
const OF_LISTS: [&[&str]; 3] = [
    &["project", "optional-dependencies"],
    &["dependency-groups"],
    &["tool", "pdm", "dev-dependencies"],
];

/// The table of Hatch's environments.
const HATCH: [&str; 3] = ["tool", "hatch", "envs"];

/// Returns the lists of extras and groups.
pub(super) fn lists<'a>(toml: &'a TomlText) -> impl Iterator<Item = &'a Item> {
    let tables = OF_LISTS.iter().filter_map(|path| toml.table(path));
    let lists = tables.flat_map(TableLike::iter).map(|(_, list)| list);
    let lists = lists.chain(toml.item(&["tool", "uv", "dev-dependencies"]));
    lists.chain(lists_of_hatch(toml))
}

/// Returns the lists of Hatch's environments, in which the project is installed, too (hatch.pypa.io, "Environment configuration").
fn lists_of_hatch<'a>(toml: &'a TomlText) -> impl Iterator<Item = &'a Item> {
    let environments = toml.table(&HATCH).into_iter().flat_map(TableLike::iter);
    environments.flat_map(|(_, environment)| {
        let table = environment.as_table_like();
        let list = move |name: &str| table.and_then(|it| it.get(name));
        ["dependencies", "extra-dependencies"]
            .into_iter()
            .filter_map(list)
    })
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

impl GroupEntry {
    /// What it asks, with the version that is taken of it.
    fn versions<'t>(&'t self, wanted: Requirement<'t>) -> AskedVersions<'t> {
        if self.is_poetry {
            wanted.asked(&self.asked, |version| {
                poetry::admits(&self.asked, version) == Some(true)
            })
        } else {
            versions(&self.asked, wanted)
        }
    }

    /// Whether our version replaces it.
    fn is_replaced(&self, wanted: Requirement) -> bool {
        let versions = self.versions(wanted);
        if self.admitted {
            wanted.replaces_range(versions)
        } else {
            wanted.replaces(versions)
        }
    }
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
    // The list that is edited has been settled; the project's own is another one if a group is edited.
    let is_group = wanted.list != DependencyList::Main;
    let edited = if is_group {
        edited_list(toml, wanted)
    } else {
        None
    };
    let is_other = |list: &Item| edited.is_none_or(|edited| !std::ptr::eq(edited, list));
    let own = toml.item(&["project", "dependencies"]).filter(|_| is_group);
    for list in lists(toml).chain(own).filter(|it| is_other(it)) {
        found.extend(in_list(toml, list, wanted));
    }
    let own = toml.item(&poetry::DEPENDENCIES).filter(|_| is_group);
    for table in poetry_tables(toml).chain(own).filter(|it| is_other(it)) {
        found.extend(in_poetry(toml, table, wanted));
    }
    found.sort_by_key(|it| it.line);
    for entry in found {
        let asked = &entry.asked;
        if entry.is_replaced(wanted) {
            edit.replacements.extend(upgrade(toml, &entry, wanted));
            continue;
        }
        if !entry.admitted && matches!(wanted.rules.judge(asked), VersionVerdict::Fails(_)) {
            let found = message!("project-asks", package = wanted.package, asked = asked);
            let (ours, versions) = (named(wanted), entry.versions(wanted));
            edit.notes
                .push(wanted.settle((FILE, entry.line), found, versions, &ours)?);
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
    let ours = poetry::with_operator(operator.unwrap_or_default(), wanted);
    Some(Splice {
        at: entry.range.start,
        removes: entry.range.len(),
        text: format!("{quote}{ours}{quote}"),
    })
}

/// A list of dependencies, by the table that it is in and its name there.
struct ListPlace<'a> {
    table: Vec<&'a str>,
    name: &'a str,
    /// Whether it is a table of Poetry.
    is_poetry: bool,
}

impl<'a> ListPlace<'a> {
    /// The place of the group or extra of `wanted`: the table of the project's own tool if that has it, else the standard's.
    fn of(toml: &TomlText, wanted: Requirement<'a>) -> Self {
        let place = |table: &[&'a str], name: &'a str| Self {
            table: table.to_vec(),
            name,
            is_poetry: false,
        };
        let name = match wanted.list {
            DependencyList::Extra(name) => {
                return place(&["project", "optional-dependencies"], name);
            }
            DependencyList::Group(name) => name,
            DependencyList::Development | DependencyList::Main => "dev",
        };
        let has = |path: &[&str]| toml.item(path).is_some();
        let standard = ["dependency-groups"];
        if !has(&[standard[0], name]) {
            let is_poetry =
                has(&["tool", "poetry"]) && !has(&["project"]) || poetry::keeps_them(toml);
            let of_poetry = |table: &[&'a str], name| Self {
                is_poetry: true,
                ..place(table, name)
            };
            let group = ["tool", "poetry", "group", name];
            let old = ["tool", "poetry", "dev-dependencies"];
            if name == "dev" && has(&old) && !has(&group) {
                return of_poetry(&old[..2], old[2]);
            }
            if is_poetry || has(&group) {
                return of_poetry(&group, "dependencies");
            }
            let pdm = ["tool", "pdm", "dev-dependencies"];
            if has(&pdm) && !has(&standard) {
                return place(&pdm, name);
            }
            if name == "dev" && has(&["tool", "uv", "dev-dependencies"]) {
                return place(&["tool", "uv"], "dev-dependencies");
            }
            if has(&[HATCH[0], HATCH[1], HATCH[2], name]) {
                return place(&[HATCH[0], HATCH[1], HATCH[2], name], "dependencies");
            }
        }
        place(&standard, name)
    }

    /// The keys from the root to it.
    fn path(&self) -> Vec<&'a str> {
        self.table.iter().copied().chain([self.name]).collect()
    }
}

/// The list that the group or extra of `wanted` is; `None` if the file does not have it.
fn edited_list<'t>(toml: &'t TomlText, wanted: Requirement) -> Option<&'t Item> {
    toml.item(&ListPlace::of(toml, wanted).path())
}

/// A note if the file has no list for the group or extra of `wanted`, which is made then.
pub(super) fn note_about_new_list(toml: &TomlText, wanted: Requirement) -> Option<Message> {
    let place = ListPlace::of(toml, wanted);
    let is_new = wanted.list != DependencyList::Main && toml.item(&place.path()).is_none();
    is_new.then(|| {
        message!(
            "project-py-new-list",
            file = FILE,
            table = format!("[{}]", place.table.join(".")),
            list = place.name
        )
    })
}

/// The edit that puts our package into the group or extra of `wanted`.
///
/// # Errors
/// Why the list cannot be edited.
pub(super) fn edit_list(toml: &TomlText, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let uses_poetry = toml.table(&["tool", "poetry"]).is_some()
        && toml.table(&["project"]).is_none()
        || poetry::keeps_them(toml);
    if uses_poetry && matches!(wanted.list, DependencyList::Extra(_)) {
        return Err(EditRefusal::Conflict {
            line: 1,
            found: message!("project-poetry-extra"),
            next: message!("project-poetry-extra-next", requirement = named(wanted)),
        });
    }
    let place = ListPlace::of(toml, wanted);
    let mut edit = Edit::default();
    let present = toml.item(&place.path());
    if place.is_poetry {
        let present = present.and_then(|it| in_poetry(toml, it, wanted));
        edit.asked = Some(wanted.version.to_owned());
        match present {
            None => {
                let value = format!("{:?}", wanted.version);
                edit.insertion = Some(toml.insert(&place.path(), &[(wanted.package, value)]));
            }
            Some(entry) => stay_or_upgrade(toml, &entry, wanted, &mut edit)?,
        }
        return Ok(edit);
    }
    // An extra is published with the library.
    let is_extra = matches!(wanted.list, DependencyList::Extra(_));
    let added = if is_extra {
        library::added(toml, wanted)
    } else {
        named(wanted)
    };
    edit.asked = Some(library::asked_by(&added, wanted));
    let Some(item) = present else {
        edit.insertion =
            Some(toml.insert(&place.table, &[(&key(place.name), format!("[{added:?}]"))]));
        return Ok(edit);
    };
    let Some(list) = item.as_array() else {
        return Err(EditRefusal::unparsable(
            toml.line_of(&place.table, place.name),
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
    if entry.is_replaced(wanted) {
        edit.replacements.extend(upgrade(toml, entry, wanted));
        return Ok(());
    }
    edit.asked = Some(entry.asked.clone());
    if !entry.is_poetry {
        let asks = AskedOfPackage::Versions(entry.asked.clone());
        edit.notes.extend(admits(FILE, entry.line, &asks, wanted)?);
        return Ok(());
    }
    if !entry.admitted {
        let found = message!(
            "project-asks",
            package = wanted.package,
            asked = entry.asked
        );
        let ours = format!("{:?}", wanted.version);
        let versions = entry.versions(wanted);
        edit.notes
            .push(wanted.settle((FILE, entry.line), found, versions, &ours)?);
    } else if entry.asked.trim_start_matches('=') != wanted.version {
        let ours = format!("{:?}", wanted.version);
        let versions = entry.versions(wanted);
        edit.notes
            .push(wanted.settle_range((FILE, entry.line), versions, &ours)?);
    }
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
