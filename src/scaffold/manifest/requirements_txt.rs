//! `requirements.txt`, read losslessly and spliced. The grammar is pip's ("Requirements File Format") with PEP 508 lines;
//! names are compared as PEP 503 normalises them.
//!
//! A line that already names the package is left as it is where it admits our version, as `uv add` and pip users expect:
//! what it leaves open is the user's choice. Lines of included files (`-r`) are not read.

mod parse;

use super::text::{self, Line};
use super::{Edit, Insertion, Refusal, Requirement, pep440};
pub(super) use parse::{Asks, requirement};
use parse::{Entry, Parsed};

/// The edit that makes `source` name `wanted`. A file that is sorted stays sorted.
pub fn edit(source: &str, wanted: Requirement) -> Result<Edit, Refusal> {
    let parsed = parse::parse(source)?;
    let name = normalised(wanted.package);
    let mut edit = Edit::default();
    let mut found = false;
    for entry in parsed.entries.iter().filter(|entry| entry.name == name) {
        found = true;
        match admits("requirements.txt", entry.first, &entry.asks, wanted) {
            Ok(note) => edit.notes.extend(note),
            Err(conflict) => edit
                .replacements
                .push(upgrade(&parsed, entry, wanted).ok_or(conflict)?),
        }
    }
    for entry in &parsed.entries {
        edit.notes.extend(wanted.note_about_retired(
            "requirements.txt",
            || entry.first,
            &entry.name,
        ));
    }
    if found {
        return Ok(edit);
    }
    if let Some(line) = parsed.hashes {
        return Err(Refusal::Conflict {
            line,
            found: "this file pins hashes, and pip then refuses every line without one".into(),
            next: format!(
                "add {} to the file that this one is made from and make it anew, or set up another folder with --dir",
                named(wanted)
            ),
        });
    }
    edit.insertion = Some(insertion(source, &parsed, &name, wanted));
    Ok(edit)
}

/// The line that names `wanted` (PEP 508).
pub(super) fn named(wanted: Requirement) -> String {
    match wanted.location {
        Some(location) => format!("{} @ {location}", wanted.package),
        None => format!("{}=={}", wanted.package, wanted.version),
    }
}

/// Our version in place of the older ones that `entry` asks for; `None` where it may not, or stands in several lines.
fn upgrade(parsed: &Parsed, entry: &Entry, wanted: Requirement) -> Option<Insertion> {
    let Asks::Versions(asked) = &entry.asks else {
        return None;
    };
    if parsed.hashes.is_some() || !wanted.replaces(asked) {
        return None;
    }
    let line = parsed.line(entry.first)?;
    version_in(line.body, line.start, asked, wanted)
}

/// Our version in place of the specifiers `asked` in `text`, which starts at `start` in the manifest: the version alone where
/// they are one `==`.
pub(super) fn version_in(
    text: &str,
    start: usize,
    asked: &str,
    wanted: Requirement,
) -> Option<Insertion> {
    let at = start + text.find(asked).filter(|_| !asked.is_empty())?;
    let pin = asked.strip_prefix("==").filter(|_| is_pin(asked));
    Some(match pin {
        Some(version) => {
            let space = version.len() - version.trim_start().len();
            Insertion {
                at: at + asked.len() - version.len() + space,
                removes: version.len() - space,
                text: wanted.version.into(),
            }
        }
        None => Insertion {
            at,
            removes: asked.len(),
            text: format!("=={}", wanted.version),
        },
    })
}

/// The line, from 1, that names `package`.
pub fn line_that_names(source: &str, package: &str) -> Option<usize> {
    let parsed = parse::parse(source).ok()?;
    let name = normalised(package);
    let entry = parsed.entries.iter().find(|entry| entry.name == name)?;
    Some(entry.first)
}

/// The first line that names a package among `retired`: the package, and `source` without it.
pub fn without_retired<'a>(
    source: &str,
    retired: &[(&'a str, &str)],
) -> Result<Option<(&'a str, String)>, Refusal> {
    let parsed = parse::parse(source)?;
    for entry in &parsed.entries {
        let named = retired
            .iter()
            .find(|(name, _)| normalised(name) == entry.name);
        let lines = (parsed.line(entry.first), parsed.line(entry.last));
        if let (Some((name, _)), (Some(first), Some(last))) = (named, lines) {
            let mut new = source.to_owned();
            new.replace_range(first.start..last.end(), "");
            return Ok(Some((name, new)));
        }
    }
    Ok(None)
}

/// Whether what line `line` of `file` asks of our package can stay: a note where it leaves the version open, a conflict where
/// it excludes ours.
pub(super) fn admits(
    file: &str,
    line: usize,
    asks: &Asks,
    wanted: Requirement,
) -> Result<Option<String>, Refusal> {
    let stays = |what: &str| {
        Some(format!(
            "{file}:{line} {what} for {}; it is left as it is",
            wanted.package
        ))
    };
    let specifiers = match (asks, wanted.location) {
        (Asks::Location(found), Some(location)) if found == location => return Ok(None),
        (_, Some(_)) => {
            return Err(Refusal::Conflict {
                line,
                found: format!("the project already names {} there", wanted.package),
                next: format!(
                    "write {} in that line, or leave --source out",
                    named(wanted)
                ),
            });
        }
        (Asks::Location(_), None) => return Ok(stays("names a location")),
        (Asks::Versions(specifiers), None) => specifiers.as_str(),
    };
    match pep440::admits(specifiers, wanted.version) {
        Ok(true) if specifiers.is_empty() => Ok(stays("asks for any version")),
        Ok(true) if is_pin(specifiers) => Ok(None),
        Ok(true) => Ok(stays(&format!("asks for {specifiers}"))),
        Ok(false) => {
            let found = format!(
                "the project already asks for {}{specifiers}",
                wanted.package
            );
            Err(wanted.conflict(line, found, specifiers, &named(wanted)))
        }
        Err(part) => Err(Refusal::Unparsable {
            line,
            reason: format!("{part:?} is not a version specifier"),
        }),
    }
}

/// Whether `specifiers` admit one version alone.
fn is_pin(specifiers: &str) -> bool {
    specifiers.starts_with("==") && !specifiers.ends_with(".*") && !specifiers.contains(',')
}

fn insertion(source: &str, parsed: &Parsed, name: &str, wanted: Requirement) -> Insertion {
    let added = named(wanted);
    let sorted = parsed.entries.is_sorted_by(|a, b| a.name <= b.name);
    let previous = if sorted {
        parsed
            .entries
            .iter()
            .rev()
            .find(|entry| entry.name.as_str() < name)
    } else {
        parsed.entries.last()
    };
    let line = match (previous, parsed.entries.first()) {
        (Some(entry), _) => parsed.line(entry.last_with_comments),
        (None, Some(first)) => return above(source, parsed, first, &added),
        (None, None) => parsed.lines.last(),
    };
    text::insert_after(source, line, &[&added])
}

/// `added` above `entry` and the comments that stand directly above it.
fn above(source: &str, parsed: &Parsed, entry: &Entry, added: &str) -> Insertion {
    let mut first = entry.first;
    let goes_on = |line: &Line| line.body.ends_with('\\') && !is_comment(line);
    while first > 1
        && parsed.line(first - 1).is_some_and(is_comment)
        && !parsed.line(first - 2).is_some_and(goes_on)
    {
        first -= 1;
    }
    let line = if first > 1 {
        parsed.line(first - 1)
    } else {
        None
    };
    text::insert_after(source, line, &[added])
}

fn is_comment(line: &Line) -> bool {
    line.body.trim_start().starts_with('#')
}

/// A project's name as PEP 503 compares it: lower case, runs of `-`, `_` and `.` as one `-`.
pub fn normalised(name: &str) -> String {
    name.to_ascii_lowercase()
        .split(['-', '_', '.'])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Why `name` cannot be a Python project's name (PEP 508); `None` where it can.
pub fn complaint_about_project_name(name: &str) -> Option<String> {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if name.is_empty() || name.len() > 200 {
        return Some("a project's name has 1 to 200 characters".into());
    }
    if let Some(c) = name.chars().find(|c| !inner(*c)) {
        return Some(format!(
            "a project's name consists of ASCII letters, digits and - _ ., not {c:?}"
        ));
    }
    if !ends(name.chars().next()) || !ends(name.chars().last()) {
        return Some("a project's name starts and ends with a letter or a digit".into());
    }
    None
}

#[cfg(test)]
mod tests;
