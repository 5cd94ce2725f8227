//! Which of a language's manifests a project has.

use crate::error::{Error, ErrorId, Result};
use crate::project::files::ProjectRoot;
use crate::project::language::Language;

/// `language` as the project in `dir` has it: by the manifest `named`, else by the one that is there. Where several are
/// there, by the one that says what the project depends on; where several say it, they are listed.
pub(super) fn of_project(
    language: Language,
    dir: &ProjectRoot,
    named: Option<&str>,
) -> Result<Language> {
    if let Some(file) = named {
        // One that is not there may be named, too.
        return by_name(language.with_names(&[file.to_owned()]), file);
    }
    let language = language.with_names(&dir.names());
    let mut there = Vec::new();
    let mut holding = Vec::new();
    for manifest in language.manifests() {
        let Some(bytes) = dir.read(&manifest.file)? else {
            continue;
        };
        there.push(manifest.file.clone());
        // A file that is no text is told about when it is edited.
        let text = String::from_utf8_lossy(&bytes);
        if manifest.format.reader().holds_dependencies(&text) {
            holding.push(manifest.file.clone());
        }
    }
    match (there.as_slice(), holding.as_slice()) {
        ([], _) => Ok(language),
        ([file], _) | (_, [file]) => Ok(language.with_manifest(file)),
        ([file, ..], []) => Ok(language.with_manifest(file)),
        (_, several) => Err(Error::new(
            ErrorId::Usage,
            format!("set up the {} project", language.title),
            format!("its dependencies are named in {}", several.join(" and in ")),
            format!(
                "say --manifest {}; nothing was written",
                several.join(" or --manifest ")
            ),
        )),
    }
}

fn by_name(language: Language, file: &str) -> Result<Language> {
    let known: Vec<_> = language.manifests().map(|it| it.file.clone()).collect();
    if known.iter().any(|it| it == file) {
        return Ok(language.with_manifest(file));
    }
    Err(Error::new(
        ErrorId::Usage,
        format!("set up the {} project", language.title),
        format!("init knows no manifest {file} of {}", language.title),
        format!("say --manifest {}", known.join(" or --manifest ")),
    ))
}
