//! `pyproject.toml`, read losslessly and spliced: the list `dependencies` of `[project]` (PEP 621), or the table
//! `[tool.poetry.dependencies]`.

mod array;
mod groups;
mod library;
mod poetry;
mod python_versions;
mod workspace;

use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::{pep440, requirements_txt, toml_document};
use std::ops::Range;

use toml_edit::{Array, Item, TableLike};

use super::edit::{Edit, EditRefusal, Splice};
use super::requirement::{DependencyList, Requirement};
use super::requirements_txt::{
    AskedOfPackage, admits, is_replaced, named, normalised, requirement, version_in,
};
use super::toml_document::TomlText;
use crate::message::{Message, message};

/// The reader of the format.
pub struct PyprojectToml;

impl ManifestReader for PyprojectToml {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        pins(text, file)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        requirements_txt::complaint_about_project_name(name)
    }

    fn parents(&self, text: &str) -> Vec<String> {
        workspace::folders(text)
    }

    fn is_parent(&self, _path: &str, text: &str, member: &str) -> bool {
        workspace::counts_member(text, member)
    }

    fn project_name(&self, text: &str) -> Option<String> {
        toml_document::text_at(text, &["project", "name"])
    }

    fn holds_dependencies(&self, text: &str) -> bool {
        holds_dependencies(text)
    }

    fn is_project(&self, text: &str) -> bool {
        holds_dependencies(text)
            || TomlText::read(text).is_ok_and(|toml| toml.table(&["project"]).is_some())
    }

    fn line_that_names(&self, text: &str, package: &str) -> Option<usize> {
        line_that_names(text, package)
    }

    fn package_manager(&self, text: &str) -> Option<String> {
        package_manager(text)
    }

    fn has_list(&self, _list: DependencyList) -> bool {
        true
    }

    fn admits(&self, asked: &str, version: &str) -> bool {
        match pep440::admits(asked, version) {
            Ok(admits) => admits,
            Err(_) => poetry::admits(asked, version) == Some(true),
        }
    }
}

/// The file's name, as notes say it.
const FILE: &str = "pyproject.toml";

/// The edit that makes `source` depend on `wanted` at exactly its version. A list that is sorted stays sorted; groups and
/// extras are left alone.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let toml = TomlText::read(source)?;
    let is_poetry = toml.table(&poetry::DEPENDENCIES).is_some();
    let mut edit = if wanted.list != DependencyList::Main {
        groups::edit_list(&toml, wanted)?
    } else if let Some(line) = dynamic(&toml) {
        if !is_poetry {
            return Err(EditRefusal::Conflict {
                line,
                found: message!("project-py-dynamic"),
                next: match dynamic_file(&toml) {
                    Some(file) => message!("project-py-dynamic-file", file = file),
                    None => message!("project-py-dynamic-next", requirement = named(wanted)),
                },
            });
        }
        poetry::edit(&toml, wanted)?
    } else if poetry::keeps_them(&toml) {
        poetry::edit(&toml, wanted)?
    } else if toml.table(&["project"]).is_some() {
        edit_project(&toml, wanted)?
    } else if is_poetry || toml.table(&["tool", "poetry"]).is_some() {
        poetry::edit(&toml, wanted)?
    } else {
        return Err(nothing(&toml));
    };
    groups::settle(&toml, wanted, &mut edit)?;
    if edit.insertion.is_some() {
        edit.notes
            .extend(groups::note_about_new_list(&toml, wanted));
    }
    edit.notes.extend(python_versions::notes(&toml, wanted));
    edit.notes.extend(note_about_source(&toml, wanted));
    Ok(edit)
}

/// Returns what `[project]` and its extras, groups, and Poetry's tables ask for.
fn pins(source: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
    let toml = TomlText::read(source)?;
    let own = toml.item(&["project", "dependencies"]).into_iter();
    let listed = own.chain(groups::lists(&toml));
    let listed = listed.filter_map(Item::as_array).flatten();
    let listed = listed.filter_map(|member| match requirement(member.as_str()?).ok()?? {
        (name, AskedOfPackage::Versions(asked)) => ranged_pin(&name, &asked, true, file),
        (_, AskedOfPackage::Location(_)) => None,
    });
    let own = toml.item(&poetry::DEPENDENCIES).into_iter();
    let tables = own.chain(groups::poetry_tables(&toml));
    let of_poetry = tables.filter_map(Item::as_table_like);
    let of_poetry = of_poetry.flat_map(TableLike::iter);
    let of_poetry = of_poetry.filter_map(|(name, item)| {
        let version = item
            .as_table_like()
            .map_or(Some(item), |it| it.get("version"));
        ranged_pin(&normalised(name), version?.as_str()?, true, file)
    });
    Ok(listed.chain(of_poetry).collect())
}

/// Whether `source` says what the project depends on; other tools keep their settings in this file, too.
fn holds_dependencies(source: &str) -> bool {
    TomlText::read(source).is_ok_and(|toml| {
        let project = toml.table(&["project"]).is_some() && dynamic(&toml).is_none();
        let is_root = toml.table(&["project"]).is_none() && workspace::members_of(&toml).is_some();
        project || is_root || toml.table(&["tool", "poetry"]).is_some()
    })
}

/// The tool that the project is set up for, by its own table or its build backend.
fn package_manager(source: &str) -> Option<String> {
    let toml = TomlText::read(source).ok()?;
    let backend = toml.item(&["build-system", "build-backend"]);
    let is_built_by = |start: &str| {
        backend
            .and_then(Item::as_str)
            .is_some_and(|it| it.starts_with(start))
    };
    let has_table = |tool: &str| toml.table(&["tool", tool]).is_some();
    let manager = if has_table("poetry") || is_built_by("poetry.") {
        "poetry"
    } else if has_table("pdm") {
        "pdm"
    } else if has_table("uv") {
        "uv"
    } else {
        return None;
    };
    Some(manager.to_owned())
}

/// The line, from 1, in which the project itself depends on `package`.
fn line_that_names(source: &str, package: &str) -> Option<usize> {
    let toml = TomlText::read(source).ok()?;
    let name = normalised(package);
    let list = toml.item(&["project", "dependencies"]);
    let members = list.and_then(Item::as_array).into_iter().flatten();
    let mut named = members.filter(|member| {
        let entry = member.as_str().and_then(|text| requirement(text).ok()?);
        entry.is_some_and(|(theirs, _)| theirs == name)
    });
    if let Some(member) = named.next() {
        return Some(toml.line_number(toml.place(member.span()).start));
    }
    let mut poetry = toml.table(&poetry::DEPENDENCIES)?.iter();
    let (theirs, _) = poetry.find(|(theirs, _)| normalised(theirs) == name)?;
    Some(toml.line_of(&poetry::DEPENDENCIES, theirs))
}

/// The line that says that a build backend finds the dependencies.
fn dynamic(toml: &TomlText) -> Option<usize> {
    let list = toml.item(&["project", "dynamic"])?.as_array()?;
    let is_dynamic = list.iter().any(|it| it.as_str() == Some("dependencies"));
    is_dynamic.then(|| toml.line_of(&["project"], "dynamic"))
}

/// The file from which setuptools reads the dependencies, if it is one.
fn dynamic_file(toml: &TomlText) -> Option<String> {
    let path = ["tool", "setuptools", "dynamic", "dependencies", "file"];
    if let Some(file) = toml.item(&path)?.as_str() {
        return Some(file.to_owned());
    }
    match toml.strings(&path).as_slice() {
        [file] => Some(file.clone()),
        [] | [..] => None,
    }
}

fn nothing(toml: &TomlText) -> EditRefusal {
    match workspace::members_of(toml) {
        Some(members) => EditRefusal::Aggregator {
            line: toml.line_of(&["tool", "uv"], "workspace"),
            found: message!("project-py-root"),
            members,
        },
        None => EditRefusal::Unparsable {
            line: 1,
            reason: message!("project-py-nothing"),
        },
    }
}

fn edit_project(toml: &TomlText, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let mut edit = Edit::default();
    let added = library::added(toml, wanted);
    edit.asked = wanted
        .location
        .is_none()
        .then(|| library::asked_by(&added, wanted));
    let Some(item) = toml.item(&["project", "dependencies"]) else {
        edit.insertion = Some(toml.append(&["project"], "dependencies", &format!("[{added:?}]")));
        return Ok(edit);
    };
    let line = toml.line_of(&["project"], "dependencies");
    let Some(list) = item.as_array() else {
        return Err(EditRefusal::Unparsable {
            line,
            reason: message!("project-py-not-list"),
        });
    };
    let name = normalised(wanted.package);
    let mut names = Vec::new();
    let mut found = false;
    for (range, entry) in entries(toml, list)? {
        let line = toml.line_number(range.start);
        let wrong = |reason| EditRefusal::Unparsable { line, reason };
        let entry = requirement(&entry).map_err(wrong)?;
        let (theirs, asks) =
            entry.unwrap_or((String::new(), AskedOfPackage::Location(String::new())));
        if theirs == name {
            found = true;
            let asked = match &asks {
                AskedOfPackage::Versions(asked) => Some(asked.clone()),
                AskedOfPackage::Location(_) => None,
            };
            match admits(FILE, line, &asks, wanted) {
                Ok(note) => {
                    edit.notes.extend(note);
                    edit.asked = asked;
                }
                Err(conflict) => {
                    let asked = asked.filter(|asked| is_replaced(asked, wanted));
                    let text = toml.source().get(range.clone()).unwrap_or_default();
                    let upgrade = asked.and_then(|it| version_in(text, range.start, &it, wanted));
                    edit.replacements.push(upgrade.ok_or(conflict)?);
                }
            }
        }
        names.push(theirs);
    }
    if !found {
        edit.insertion = Some(array::insert(toml, list, &names, &name, &added));
    }
    Ok(edit)
}

/// The texts of `list`, each with the place of its quoted form.
fn entries(toml: &TomlText, list: &Array) -> Result<Vec<(Range<usize>, String)>, EditRefusal> {
    list.iter()
        .map(|value| {
            let range = toml.place(value.span());
            let text = value.as_str().ok_or_else(|| EditRefusal::Unparsable {
                line: toml.line_number(range.start),
                reason: message!("project-py-not-string"),
            })?;
            Ok((range, text.to_owned()))
        })
        .collect()
}

/// A note where uv takes the package from elsewhere.
fn note_about_source(toml: &TomlText, wanted: Requirement) -> Option<Message> {
    let path = ["tool", "uv", "sources"];
    let name = normalised(wanted.package);
    let sources = toml.table(&path)?;
    let (ours, _) = sources.iter().find(|(it, _)| normalised(it) == name)?;
    Some(message!(
        "project-py-source",
        line = toml.line_of(&path, ours),
        package = ours
    ))
}

#[cfg(test)]
mod tests;
