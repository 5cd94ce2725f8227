//! Groups and extras, which are left alone, and what they ask of our package.

use toml_edit::{Item, TableLike};

use super::{FILE, poetry};
use crate::message::{Message, message};
use crate::project::requirements_txt::{AskedOfPackage, normalised, requirement};
use crate::project::toml_document::TomlText;
use crate::project::{pep440, requirement::Requirement};

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

/// A note for each place beside the project's own dependencies that asks for another version of our package: uv, Poetry and
/// PDM lock them all together.
pub(super) fn notes(toml: &TomlText, wanted: Requirement) -> Vec<Message> {
    if wanted.location.is_some() {
        return Vec::new();
    }
    let mut asked = Vec::new();
    for list in lists(toml) {
        asked.extend(in_list(toml, list, wanted));
    }
    for table in poetry_tables(toml) {
        asked.extend(in_poetry(toml, table, wanted));
    }
    asked.sort();
    let notes = asked.into_iter().map(|(line, what, admitted)| {
        message!(
            "project-py-group",
            file = FILE,
            line = line,
            what = what,
            admitted = admitted,
            version = wanted.version
        )
    });
    notes.collect()
}

/// What the requirements of `list` ask of our package each with its line, and whether it admits our version.
fn in_list(toml: &TomlText, list: &Item, wanted: Requirement) -> Vec<(usize, String, bool)> {
    let name = normalised(wanted.package);
    let members = list.as_array().into_iter().flat_map(|list| list.iter());
    let asked = members.filter_map(|member| {
        let text = member.as_str()?;
        match requirement(text).ok()?? {
            (theirs, AskedOfPackage::Versions(asked)) if theirs == name => {
                let admitted = pep440::admits(&asked, wanted.version).ok()?;
                let line = toml.line_number(toml.place(member.span()).start);
                Some((line, format!("{}{asked}", wanted.package), admitted))
            }
            _ => None,
        }
    });
    asked.collect()
}

/// What Poetry's `table` asks of our package with its line, and whether it admits our version.
fn in_poetry(toml: &TomlText, table: &Item, wanted: Requirement) -> Option<(usize, String, bool)> {
    let name = normalised(wanted.package);
    let table = table.as_table_like()?;
    let (theirs, item) = table.iter().find(|(it, _)| normalised(it) == name)?;
    let version = item.as_table_like().and_then(|it| it.get("version"));
    let asked = version.unwrap_or(item).as_str()?;
    let (key, _) = table.get_key_value(theirs)?;
    let line = toml.line_number(toml.place(key.span()).start);
    let admitted = poetry::admits(asked, wanted.version)?;
    Some((line, format!("{} {asked}", wanted.package), admitted))
}
