//! What a project is called.

use std::path::Path;

use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::project::language::ProjectLanguage;

/// The name where the folder's own cannot be one.
const FALLBACK: &str = "taos-example";

/// The project's name: `given`, which must be one, else what can be made of the folder's name.
pub(super) fn of_project(
    language: &ProjectLanguage,
    given: Option<&str>,
    dir: &Path,
) -> Result<String> {
    let format = language.manifest.format;
    if let Some(name) = given {
        return match format.reader().complaint_about_name(name) {
            None => Ok(name.to_owned()),
            Some(complaint) => Err(Error::new(
                ErrorId::Usage,
                message!("init-name", language = language.title, name = name),
                complaint,
                message!("init-name-next", name = usable(language, name)),
            )),
        };
    }
    let folder = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Ok(usable(language, &name))
}

/// A name that is like `name`, and that a project in `language` can have.
fn usable(language: &ProjectLanguage, name: &str) -> String {
    let name = from_folder(name);
    let reader = language.manifest.format.reader();
    match reader.complaint_about_name(&name) {
        None => name,
        Some(_) => FALLBACK.to_owned(),
    }
}

/// The name of the program of the project `name`: the last part of a module's path that is not its major version.
pub(super) fn program(name: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
        })
    };
    let mut parts = name.rsplit('/').filter(|part| !part.is_empty());
    match parts.next() {
        Some(last) if is_version(last) => parts.next().unwrap_or(last),
        Some(last) => last,
        None => FALLBACK,
    }
}

/// A folder's name in lower case with what no name may hold replaced by dashes.
fn from_folder(folder: &str) -> String {
    let words: Vec<_> = folder
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let name = words.join("-").trim_matches('_').to_ascii_lowercase();
    if name.is_empty() {
        FALLBACK.to_owned()
    } else {
        name
    }
}

/// How the opening comment of the program at `path` calls it: by its folder in `cmd/…`, else `The program`.
pub(super) fn program_title(path: &str) -> String {
    let mut parts = path.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(_), Some(folder)) => format!("Command {}", folder.trim_start_matches('_')),
        _ => "This program".to_owned(),
    }
}

#[cfg(test)]
mod tests;
