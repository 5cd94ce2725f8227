//! Groups and extras, which are left alone, and what they ask of our package.

use toml_edit::{Item, TableLike};

use super::super::requirements_txt::{Asks, normalised, requirement};
use super::super::toml_document::Toml;
use super::super::{Requirement, pep440};
use super::{FILE, poetry};

/// Tables whose members are lists of requirements.
const OF_LISTS: [&[&str]; 3] = [
    &["project", "optional-dependencies"],
    &["dependency-groups"],
    &["tool", "pdm", "dev-dependencies"],
];

/// A note for each place beside the project's own dependencies that asks for another version of our package: uv, Poetry and
/// PDM lock them all together.
pub(super) fn notes(toml: &Toml, wanted: Requirement) -> Vec<String> {
    if wanted.location.is_some() {
        return Vec::new();
    }
    let mut asked = Vec::new();
    for path in OF_LISTS {
        let lists = toml.table(path).into_iter().flat_map(TableLike::iter);
        lists.for_each(|(_, list)| asked.extend(in_list(toml, list, wanted)));
    }
    if let Some(list) = toml.item(&["tool", "uv", "dev-dependencies"]) {
        asked.extend(in_list(toml, list, wanted));
    }
    let groups = toml.table(&["tool", "poetry", "group"]);
    let groups = groups.into_iter().flat_map(TableLike::iter);
    let groups = groups.filter_map(|(_, group)| group.as_table_like()?.get("dependencies"));
    let older = toml.item(&["tool", "poetry", "dev-dependencies"]);
    for table in groups.chain(older) {
        asked.extend(in_poetry(toml, table, wanted));
    }
    asked.sort();
    let notes = asked.into_iter().map(|(line, what)| {
        format!(
            "{FILE}:{line} asks for {what} in a group or an extra, which is left alone: it and {} cannot be installed together",
            wanted.version
        )
    });
    notes.collect()
}

/// What the requirements of `list` ask of our package that excludes our version, each with its line.
fn in_list(toml: &Toml, list: &Item, wanted: Requirement) -> Vec<(usize, String)> {
    let name = normalised(wanted.package);
    let members = list.as_array().into_iter().flat_map(|list| list.iter());
    let asked = members.filter_map(|member| {
        let text = member.as_str()?;
        match requirement(text).ok()?? {
            (theirs, Asks::Versions(asked)) if theirs == name => {
                let admitted = pep440::admits(&asked, wanted.version).ok()?;
                let line = toml.line_number(toml.place(member.span()).start);
                (!admitted).then(|| (line, format!("{}{asked}", wanted.package)))
            }
            _ => None,
        }
    });
    asked.collect()
}

/// What Poetry's `table` asks of our package that excludes our version, with its line.
fn in_poetry(toml: &Toml, table: &Item, wanted: Requirement) -> Option<(usize, String)> {
    let name = normalised(wanted.package);
    let table = table.as_table_like()?;
    let (theirs, item) = table.iter().find(|(it, _)| normalised(it) == name)?;
    let version = item.as_table_like().and_then(|it| it.get("version"));
    let asked = version.unwrap_or(item).as_str()?;
    let (key, _) = table.get_key_value(theirs)?;
    let line = toml.line_number(toml.place(key.span()).start);
    let admitted = poetry::admits(asked, wanted.version)?;
    (!admitted).then(|| (line, format!("{} {asked}", wanted.package)))
}
