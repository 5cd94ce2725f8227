//! What a project is called.

use std::path::Path;

use crate::error::{Error, ErrorId, Result};
use crate::scaffold::language::Language;

/// The name where the folder's own cannot be one.
const FALLBACK: &str = "taos-example";

/// The project's name: `given`, which must be one, else what can be made of the folder's name.
pub(super) fn of_project(language: &Language, given: Option<&str>, dir: &Path) -> Result<String> {
    let format = language.manifest.format;
    if let Some(name) = given {
        return match format.complaint_about_name(name) {
            None => Ok(name.to_owned()),
            Some(complaint) => Err(Error::new(
                ErrorId::Usage,
                format!("name the {} project {name}", language.title),
                complaint,
                format!("say, for example, --name {}", from_folder(name)),
            )),
        };
    }
    let folder = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let name = from_folder(&folder.file_name().unwrap_or_default().to_string_lossy());
    Ok(match format.complaint_about_name(&name) {
        None => name,
        Some(_) => FALLBACK.to_owned(),
    })
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
        (Some(_), Some(folder)) => format!("Command {folder}"),
        _ => "This program".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::language;
    use proptest::prelude::*;

    #[test]
    fn folders() {
        assert_eq!(from_folder("My Project (1)"), "my-project-1");
        assert_eq!(from_folder("名"), FALLBACK);
        assert_eq!(from_folder("a_b.c"), "a_b-c");
    }

    proptest! {
        #[test]
        fn every_folder_gives_a_name(folder in "\\PC{0,20}") {
            for id in language::ids() {
                let language = language::load(id).unwrap();
                let name = of_project(&language, None, &Path::new("/nowhere").join(&folder)).unwrap();
                prop_assert_eq!(language.manifest.format.complaint_about_name(&name), None);
            }
        }
    }
}
