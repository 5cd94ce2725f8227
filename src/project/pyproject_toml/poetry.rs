//! The table `[tool.poetry.dependencies]` (python-poetry.org/docs, "Dependency specification").

use semver::{Version, VersionReq};
use toml_edit::Item;

use super::FILE;
use crate::message::message;
use crate::project::requirements_txt::normalised;
use crate::project::toml_document::TomlText;
use crate::project::{
    edit::{Edit, EditRefusal, Splice},
    pep440,
    requirement::Requirement,
};

/// Where the table stands.
pub(super) const DEPENDENCIES: [&str; 3] = ["tool", "poetry", "dependencies"];

/// Whether the packages stand in Poetry's table although `[project]` is there: it then has no list of its own, and Poetry would
/// forget those in the table if it got one (poetry-core, `Factory._configure_package_dependencies`).
pub(super) fn keeps_them(toml: &TomlText) -> bool {
    let names_packages = toml.table(&DEPENDENCIES).is_some_and(|table| {
        let mut members = table.iter();
        members.any(|(name, _)| normalised(name) != "python")
    });
    names_packages && toml.item(&["project", "dependencies"]).is_none()
}

pub(super) fn edit(toml: &TomlText, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let mut edit = Edit::default();
    let name = normalised(wanted.package);
    let present = toml.table(&DEPENDENCIES).and_then(|table| {
        let mut members = table.iter();
        members.find(|(it, _)| normalised(it) == name)
    });
    if let Some(location) = wanted.location {
        return Err(EditRefusal::Conflict {
            line: 1,
            found: message!("project-poetry-location"),
            next: message!("project-poetry-location-next", location = location),
        });
    }
    edit.asked = Some(wanted.version.to_owned());
    let Some((theirs, item)) = present else {
        let quote = quote(toml);
        let value = format!("{quote}{}{quote}", wanted.version);
        edit.insertion = Some(toml.insert(&DEPENDENCIES, &[(wanted.package, value)]));
        return Ok(edit);
    };
    let line = toml.line_of(&DEPENDENCIES, theirs);
    let table = item.as_table_like();
    let asked = match table {
        Some(table) => table.get("version").and_then(Item::as_str),
        None => item.as_str(),
    };
    let Some(asked) = asked else {
        edit.asked = None;
        edit.notes.push(message!(
            "project-location",
            file = FILE,
            line = line,
            package = theirs
        ));
        return Ok(edit);
    };
    let versions = wanted.asked(asked, |version| admits(asked, version) == Some(true));
    match admits(asked, wanted.version) {
        Some(true) if asked.trim_start_matches('=') == wanted.version => {}
        Some(is_admitted) => {
            let operator = asked.get(..1).filter(|it| ["^", "~"].contains(it));
            let operator = operator.filter(|_| !asked.contains([',', '|', ' ', '=']));
            let ours = with_operator(operator.unwrap_or_default(), wanted);
            let value = table.map_or(Some(item), |table| table.get("version"));
            let span = toml.place(value.and_then(Item::span));
            let is_replaced = if is_admitted {
                wanted.replaces_range(versions)
            } else {
                wanted.replaces(versions)
            };
            if !is_replaced || span.is_empty() {
                let (place, by_hand) = ((FILE, line), format!("{ours:?}"));
                let note = if is_admitted {
                    wanted.settle_range(place, versions, &by_hand)?
                } else {
                    let found = message!("project-asks", package = theirs, asked = asked);
                    wanted.settle(place, found, versions, &by_hand)?
                };
                edit.notes.push(note);
                edit.asked = (!asked.contains([',', '|', ' '])).then(|| asked.to_owned());
                return Ok(edit);
            }
            // In the quotes that are there: neither the operators nor a version hold any.
            let quote = toml.source().get(span.start..=span.start).unwrap_or("\"");
            edit.replacements.push(Splice {
                at: span.start,
                removes: span.len(),
                text: format!("{quote}{ours}{quote}"),
            });
            edit.asked = Some(ours);
        }
        None => {
            return Err(EditRefusal::Unparsable {
                line,
                reason: message!("project-not-a-constraint", asked = asked),
            });
        }
    }
    Ok(edit)
}

/// Our version with `operator`, unless that lets a release through that is known not to work.
pub(super) fn with_operator(operator: &str, wanted: Requirement) -> String {
    wanted.with_operator(operator, "", |range, version| {
        admits(range, version) == Some(true)
    })
}

/// The quotes that the table's first text has.
fn quote<'a>(toml: &'a TomlText) -> &'a str {
    let table = toml.table(&DEPENDENCIES);
    let first = table.and_then(|table| table.iter().find(|(_, item)| item.is_str()));
    let at = toml.place(first.and_then(|(_, item)| item.span())).start;
    let quote = toml.source().get(at..=at);
    quote.filter(|it| *it == "'").unwrap_or("\"")
}

/// Whether the constraint `asked` admits `version`; `None` where it is none. Its parts are joined by `,` or white space, its
/// alternatives by `|` or `||` (poetry-core, `parse_constraint`).
pub(super) fn admits(asked: &str, version: &str) -> Option<bool> {
    let mut any = false;
    for alternative in asked.replace("||", "|").split('|') {
        let mut all = true;
        let parts = without_space_behind_operators(alternative);
        let mut parts = parts
            .split([',', ' '])
            .filter(|part| !part.is_empty())
            .peekable();
        parts.peek()?;
        for part in parts {
            all &= admits_part(part, version)?;
        }
        any |= all;
    }
    Some(any)
}

fn admits_part(part: &str, version: &str) -> Option<bool> {
    let is_caret = part.starts_with('^') || part.starts_with('~') && !part.starts_with("~=");
    let is_plain = part.starts_with(|c: char| c.is_ascii_digit());
    if part == "*" {
        Some(true)
    } else if is_caret {
        let version = Version::parse(version).ok()?;
        Some(VersionReq::parse(part).ok()?.matches(&version))
    } else if is_plain {
        pep440::admits(&format!("=={part}"), version).ok()
    } else {
        pep440::admits(part, version).ok()
    }
}

/// `>= 2.0 < 3` as `>=2.0 <3`.
fn without_space_behind_operators(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(['<', '>', '=', '~', '^', '!']) {
            out.push(' ');
        }
    }
    out
}
