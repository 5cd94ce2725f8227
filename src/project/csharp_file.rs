//! C# files that are projects themselves, with directives such as `#:package NAME@VERSION` at their top
//! (learn.microsoft.com/dotnet/csharp/language-reference/preprocessor-directives, "File-based apps").

use super::edit::{Edit, EditRefusal};
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::requirement::{AskedVersions, Requirement};
use super::text::{self, TextLine};
use crate::message::{Message, message};

/// The reader of the format.
pub struct CsharpFile;

/// A directive that names a package.
struct PackageDirective<'a> {
    line: TextLine<'a>,
    name: &'a str,
    /// The version, and where it starts; empty without one.
    version: &'a str,
    start: usize,
}

impl ManifestReader for CsharpFile {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let head = head(text);
        let packages = head.iter().filter_map(package);
        Ok(packages
            .filter_map(|it| ranged_pin(it.name, it.version, true, file))
            .collect())
    }

    fn complaint_about_name(&self, _name: &str) -> Option<Message> {
        None
    }

    fn holds_dependencies(&self, text: &str) -> bool {
        head(text).iter().any(is_directive)
    }
}

/// The lines before the first token of C#.
fn head(source: &str) -> Vec<TextLine<'_>> {
    let mut head = Vec::new();
    let mut is_comment = false;
    for line in text::lines(source) {
        let body = line.body.trim();
        let is_blank = body.is_empty() || body.starts_with("//") || body.starts_with("#:");
        let is_script = line.number == 1 && body.starts_with("#!");
        if is_comment {
            is_comment = !body.contains("*/");
            // What is behind the comment is a token.
            if !is_comment && !body.ends_with("*/") {
                break;
            }
        } else if let Some(behind) = body.strip_prefix("/*") {
            is_comment = !behind.contains("*/");
            if !is_comment && !body.ends_with("*/") {
                break;
            }
        } else if !is_blank && !is_script {
            break;
        }
        head.push(line);
    }
    head
}

fn is_directive(line: &TextLine) -> bool {
    line.body.trim_start().starts_with("#:")
}

fn package<'a>(line: &TextLine<'a>) -> Option<PackageDirective<'a>> {
    let rest = line.body.trim_start().strip_prefix("#:package")?;
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim();
    let (name, version) = match rest.split_once('@') {
        Some((name, version)) => (name.trim(), version.trim()),
        None => (rest, ""),
    };
    let end = line.start + line.body.trim_end().len();
    Some(PackageDirective {
        line: *line,
        name,
        version,
        start: end - version.len(),
    })
}

fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let head = head(source);
    let packages: Vec<_> = head.iter().filter_map(package).collect();
    let ours = packages
        .iter()
        .find(|it| it.name.eq_ignore_ascii_case(wanted.package));
    if let Some(ours) = ours {
        return settle(ours, wanted);
    }
    let added = format!("#:package {}@{}", wanted.package, wanted.version);
    let mut directives = head.iter().filter(|line| is_directive(line));
    let script = head.first().filter(|line| line.body.starts_with("#!"));
    let previous = packages.last().map(|it| it.line);
    let previous = previous.or_else(|| directives.next_back().copied());
    let previous = previous.or_else(|| script.copied());
    let mut notes = Vec::new();
    for package in &packages {
        notes.extend(wanted.note_about_retired(wanted.file, || package.line.number, package.name));
    }
    Ok(Edit {
        insertion: Some(text::insert_after(source, previous.as_ref(), &[&added])),
        asked: Some(wanted.version.to_owned()),
        notes,
        ..Edit::default()
    })
}

/// Decides about the directive `ours`, which is there.
fn settle(ours: &PackageDirective, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let mut edit = Edit {
        asked: Some(ours.version.to_owned()).filter(|it| !it.is_empty()),
        ..Edit::default()
    };
    let place = (wanted.file, ours.line.number);
    if ours.version == wanted.version {
        return Ok(edit);
    }
    if ours.version.is_empty() {
        edit.notes.push(message!(
            "project-csproj-no-version",
            file = wanted.file,
            line = ours.line.number,
            package = wanted.package
        ));
        return Ok(edit);
    }
    if ours.version == "*" {
        edit.notes.push(wanted.settle_newest(place, ours.version)?);
        return Ok(edit);
    }
    let versions = AskedVersions::exact(ours.version);
    if wanted.replaces(versions) && !ours.version.contains(['*', '[', '(']) {
        edit.replacements.push(super::edit::Splice {
            at: ours.start,
            removes: ours.version.len(),
            text: wanted.version.to_owned(),
        });
        edit.asked = Some(wanted.version.to_owned());
        return Ok(edit);
    }
    let what = Message::quoted(ours.version);
    let depends = message!("project-depends", artifact = wanted.package, what = what);
    let note = wanted.settle(place, depends, versions, wanted.version)?;
    edit.notes.push(note);
    Ok(edit)
}

#[cfg(test)]
mod tests;
