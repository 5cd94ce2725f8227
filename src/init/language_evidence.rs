//! The language of a project whose user named none.

use crate::error::{Error, ErrorId, Result};
use crate::project::files::{ProjectRoot, shown};
use crate::project::language::{self, ManifestFile};

/// Whether `manifest` stands in `dir` and says what the project depends on. One that cannot be read counts: its language says
/// what is wrong with it.
fn names_dependencies(dir: &ProjectRoot, manifest: &ManifestFile) -> bool {
    match dir.read(&manifest.file) {
        Ok(None) => false,
        Ok(Some(bytes)) => manifest
            .format
            .reader()
            .holds_dependencies(&String::from_utf8_lossy(&bytes)),
        Err(_) => true,
    }
}

/// The language of the one manifest that stands in `dir`.
pub(super) fn language(dir: &ProjectRoot) -> Result<String> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    let there = dir.names();
    for id in language::ids() {
        let language = language::load(id)?.with_names(&there);
        let mut known = language.manifests();
        if let Some(manifest) = known.find(|it| names_dependencies(dir, it)) {
            found.push((
                id,
                manifest.file.clone(),
                manifest.format.reader().is_shared(),
            ));
        }
        files.extend(language.manifests().map(|it| it.file.clone()));
    }
    // A Makefile beside go.mod is not another project.
    if found.iter().any(|(_, _, is_shared)| !is_shared) {
        found.retain(|(_, _, is_shared)| !is_shared);
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
        [(id, ..)] => Ok((*id).to_owned()),
        [] => Err(refuse(
            format!(
                "no language is named, and {} holds none of {}",
                shown(dir.path()),
                files.join(", ")
            ),
            language::ids().collect(),
        )),
        several => {
            let files: Vec<_> = several.iter().map(|(_, file, _)| file.as_str()).collect();
            let ids = several.iter().map(|(id, ..)| *id).collect();
            Err(refuse(
                format!(
                    "no language is named, and {} holds {}",
                    shown(dir.path()),
                    files.join(" and ")
                ),
                ids,
            ))
        }
    }
}
