//! R's `DESCRIPTION`, read losslessly and spliced (Writing R Extensions, 1.1.1; `read.dcf`). Projects that are not packages have one, too:
//! renv, remotes, and pak take their packages from it.

mod fields;
mod package_list;

use super::edit::{Edit, EditRefusal, Splice};
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::requirement::{DependencyList, Requirement};
use super::text;
use crate::message::{Message, message};
use fields::{DescriptionField, read_fields};
use package_list::{PackageEntry, read_list};

/// The file's name, as notes say it.
const FILE: &str = "DESCRIPTION";

/// The indent of a list with a line for each package, as `usethis` and `desc` write it.
const INDENT: &str = "    ";

/// The fields in which packages that are needed can be named, and those in which others can.
const NEEDED: [&str; 2] = ["Imports", "Depends"];
const OPTIONAL: [&str; 2] = ["Suggests", "Enhances"];

/// The fields behind which a new list is put, the last that is there: those that people write before it.
const BEFORE_LIST: [&str; 9] = [
    "Package",
    "Type",
    "Title",
    "Version",
    "Description",
    "License",
    "Encoding",
    "Depends",
    "Imports",
];

/// The reader of the format.
pub struct DescriptionFile;

impl ManifestReader for DescriptionFile {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let fields = read_fields(text)?;
        let lists = NEEDED.iter().chain(&OPTIONAL);
        let lists = lists.filter_map(|name| fields.iter().find(|field| field.name == *name));
        let entries = lists.flat_map(|field| read_list(text, field));
        let pin = |entry: PackageEntry| {
            let bound = entry.bound.unwrap_or_default();
            ranged_pin(entry.name, bound, true, file).unwrap_or_else(|| Pin::open(entry.name, file))
        };
        // R itself is named like a package.
        Ok(entries.filter(|entry| entry.name != "R").map(pin).collect())
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_name(name)
    }

    fn has_list(&self, list: DependencyList) -> bool {
        matches!(list, DependencyList::Main | DependencyList::Development)
    }

    fn project_name(&self, text: &str) -> Option<String> {
        let fields = read_fields(text).ok()?;
        let field = fields.iter().find(|field| field.name == "Package")?;
        Some(text.get(field.value.clone())?.trim().to_owned())
    }

    /// Octave's packages, and others, have a file of that name, too.
    fn holds_dependencies(&self, text: &str) -> bool {
        let is_of_r = |field: &DescriptionField| {
            ["Package", "Type", "Imports", "Suggests"].contains(&field.name)
        };
        match read_fields(text) {
            Ok(fields) => fields.iter().any(is_of_r),
            // One that R cannot read is reported when it is edited.
            Err(_) => text.contains("Package:"),
        }
    }
}

/// Returns the edit that makes `source` name `wanted`. A list that is sorted stays sorted.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let fields = read_fields(source)?;
    let mut edit = Edit::default();
    if wanted.package.is_empty() {
        return Ok(edit);
    }
    let is_optional = wanted.list == DependencyList::Development;
    for (names, is_enough) in [(NEEDED, true), (OPTIONAL, is_optional)] {
        for name in names {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                continue;
            };
            for entry in read_list(source, field) {
                if entry.name != wanted.package {
                    continue;
                }
                let line = text::line_of(source, entry.start);
                if let Some(bound) = entry.bound {
                    edit.notes.push(message!(
                        "project-stays",
                        file = FILE,
                        line = line,
                        package = wanted.package,
                        asks = bound
                    ));
                }
                if !is_enough {
                    edit.notes.push(message!(
                        "project-description-optional",
                        line = line,
                        package = wanted.package,
                        field = name
                    ));
                }
                let asks = entry.bound.unwrap_or("*").to_owned();
                edit.asked.get_or_insert(asks);
            }
        }
    }
    if edit.asked.is_none() {
        edit.asked = Some("*".to_owned());
        edit.insertion = Some(insertion(source, &fields, wanted, is_optional));
    }
    Ok(edit)
}

/// The splice that adds `wanted` to the list for it, or that list to the fields.
fn insertion(
    source: &str,
    fields: &[DescriptionField],
    wanted: Requirement,
    is_optional: bool,
) -> Splice {
    let name = if is_optional { "Suggests" } else { "Imports" };
    if let Some(field) = fields.iter().find(|field| field.name == name) {
        return package_list::insert(source, field, wanted.package, INDENT);
    }
    let entry = format!("{INDENT}{}", wanted.package);
    let heading = format!("{name}:");
    let added = [heading.as_str(), entry.as_str()];
    let before: &[&str] = if is_optional {
        &BEFORE_LIST
    } else {
        &BEFORE_LIST[..BEFORE_LIST.len() - 1]
    };
    let last = fields.iter().rev().find(|it| before.contains(&it.name));
    // Fields of other names only: behind all.
    let last = last.or(fields.last());
    let lines = text::lines(source);
    let line = last.and_then(|field| {
        lines
            .iter()
            .rev()
            .find(|line| line.start < field.end && !line.body.trim().is_empty())
    });
    text::insert_after(source, line, &added)
}

/// Returns why `name` cannot be made the name of an R package; `None` if it can. `-` and `_` become dots.
fn complaint_about_name(name: &str) -> Option<Message> {
    if name.len() < 2 || name.len() > 100 {
        return Some(message!("project-name-length", most = 100));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(is_allowed);
    (!is_name).then(|| message!("project-description-name"))
}

#[cfg(test)]
pub(super) mod tests;
