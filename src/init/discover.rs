//! The language of a project whose user named none.

use std::path::Path;

use crate::error::{Error, ErrorId, Result};
use crate::scaffold::language;
use crate::scaffold::project_file::{self, shown};

/// The language of the one manifest that stands in `dir`.
pub(super) fn language(dir: &Path) -> Result<String> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    for id in language::ids() {
        let manifest = language::load(id)?.manifest;
        if project_file::is_there(dir, &manifest.file) {
            found.push((id, manifest.file.clone()));
        }
        files.push(manifest.file);
    }
    let refuse = |observed: String, ids: Vec<&str>| {
        let choices: Vec<_> = ids.into_iter().map(|id| format!("--lang {id}")).collect();
        Error::new(
            ErrorId::Usage,
            "set up a project",
            observed,
            format!("say {}", choices.join(" or ")),
        )
    };
    match found.as_slice() {
        [(id, _)] => Ok((*id).to_owned()),
        [] => Err(refuse(
            format!(
                "no language is named, and {} holds none of {}",
                shown(dir),
                files.join(", ")
            ),
            language::ids().collect(),
        )),
        several => {
            let files: Vec<_> = several.iter().map(|(_, file)| file.as_str()).collect();
            let ids = several.iter().map(|(id, _)| *id).collect();
            Err(refuse(
                format!(
                    "no language is named, and {} holds {}",
                    shown(dir),
                    files.join(" and ")
                ),
                ids,
            ))
        }
    }
}
