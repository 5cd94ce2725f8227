//! What the files that a `requirements.txt` includes (`-r`, `-c`) say of our package. They are only read.

use super::syntax::{self, IncludedFile, ParsedRequirements};
use super::{AskedOfPackage, admits, named, normalised, upgrade};
use crate::message::message;
use crate::project::edit::{Edit, EditRefusal, FileEdit};
use crate::project::{pep440, requirement::Requirement};

/// The most included files that are looked at.
const MOST: usize = 256;

/// The paths of the files that `source` includes, as seen from it.
pub fn paths(source: &str) -> Vec<String> {
    let includes = syntax::parse(source).map(|parsed| parsed.includes);
    let mut paths: Vec<String> = Vec::new();
    for include in includes.unwrap_or_default() {
        if paths.len() < MOST && !paths.contains(&include.path) {
            paths.push(include.path);
        }
    }
    paths
}

/// Whether a file that `parsed` includes, or one that such a file includes, names the package of `wanted`. Notes and upgrades of those
/// files go to `edit`; `is_written` says whether `parsed` gets our version. `wanted.parents` holds the files that could be read.
///
/// # Errors
/// The conflict with a version that is known not to work, or with a constraint that excludes the version that is written.
pub(super) fn names_ours(
    parsed: &ParsedRequirements,
    wanted: Requirement,
    is_written: bool,
    edit: &mut Edit,
) -> Result<bool, EditRefusal> {
    let name = normalised(wanted.package);
    let first = parsed.includes.iter().map(|include| SeenFile {
        line: include.line,
        path: include.path.clone(),
        constrains: include.constrains,
    });
    let mut seen: Vec<SeenFile> = Vec::new();
    for file in first {
        file.add_to(&mut seen);
    }
    let mut names = false;
    let mut excluded = None;
    let mut at = 0;
    while let Some(file) = seen.get(at).cloned() {
        at += 1;
        let mut files = wanted.parents.iter();
        let text = files.find(|(path, _)| *path == file.path);
        // What cannot be read decides nothing; pip will tell.
        let Some(inner) = text.and_then(|(_, text)| syntax::parse(text).ok()) else {
            continue;
        };
        for entry in inner.entries.iter().filter(|entry| entry.name == name) {
            names |= !file.constrains;
            if let AskedOfPackage::Versions(asked) = &entry.asks {
                if let Some(splice) = upgrade(&inner, entry, wanted) {
                    edit.elsewhere.push(FileEdit {
                        path: file.path.clone(),
                        splices: vec![splice],
                    });
                    continue;
                }
                if file.constrains && pep440::admits(asked, wanted.version) == Ok(false) {
                    excluded.get_or_insert(file.conflict(entry.first, &entry.asks, wanted));
                }
            }
            let note = admits(&file.path, entry.first, &entry.asks, wanted)
                .map_err(|_| file.conflict(entry.first, &entry.asks, wanted))?;
            if !file.constrains {
                edit.notes.extend(note);
            }
        }
        for include in inner.includes {
            file.including(include).add_to(&mut seen);
        }
    }
    match excluded {
        Some(conflict) if is_written && !names => Err(conflict),
        _ => Ok(names),
    }
}

/// An included file, as it is seen from the one that is edited.
#[derive(Clone)]
struct SeenFile {
    /// The line there that leads to it.
    line: usize,
    path: String,
    constrains: bool,
}

impl SeenFile {
    /// Adds it to the files to look at, unless it is one of them.
    fn add_to(self, seen: &mut Vec<Self>) {
        let is_known = |it: &Self| it.path == self.path && it.constrains == self.constrains;
        if seen.len() < MOST && !seen.iter().any(is_known) {
            seen.push(self);
        }
    }

    /// The file that this one includes.
    fn including(&self, include: IncludedFile) -> Self {
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder);
        Self {
            line: self.line,
            path: match folder {
                Some(folder) => format!("{folder}/{}", include.path),
                None => include.path,
            },
            constrains: self.constrains || include.constrains,
        }
    }

    fn conflict(&self, line: usize, asks: &AskedOfPackage, wanted: Requirement) -> EditRefusal {
        let asked = match asks {
            AskedOfPackage::Versions(asked) => asked.as_str(),
            AskedOfPackage::Location(_) => " @ …",
        };
        EditRefusal::Conflict {
            line: self.line,
            found: message!(
                "project-pip-includes",
                path = self.path,
                package = wanted.package,
                asked = asked,
                line = line
            ),
            next: message!(
                "project-write-at",
                replacement = named(wanted),
                place = format!("{}:{line}", self.path)
            ),
        }
    }
}
