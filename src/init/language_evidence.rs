//! The language of a project, by its files.

use super::{manifest_choice, other_languages};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::{ProjectRoot, shown};
use crate::project::language::{self, ManifestFile};
use crate::project::manifest::ManifestFormat;

/// Whether `manifest` is in `dir` and names the project's dependencies. One that cannot be read counts: its language reports the
/// error.
fn names_dependencies(dir: &ProjectRoot, there: &[String], manifest: &ManifestFile) -> bool {
    match dir.read(&manifest.file) {
        Ok(None) => false,
        Ok(Some(bytes)) => {
            let reader = manifest.format.reader();
            let text = String::from_utf8_lossy(&bytes);
            let is_c = manifest.format == ManifestFormat::Makefile
                && (builds_c(&text) || has_c_sources(there));
            let is_evidence = reader.is_evidence(&text) || is_c;
            is_evidence && reader.holds_dependencies(&text)
        }
        Err(_) => true,
    }
}

/// Whether the Makefile `text` compiles C.
fn builds_c(text: &str) -> bool {
    ["$(CC)", "${CC}", "%.o", ".c.o", "$(CFLAGS)"]
        .iter()
        .any(|it| text.contains(it))
}

/// Whether one of the files `there` is a source of C, and none is the project of another language.
fn has_c_sources(there: &[String]) -> bool {
    let is_source = |name: &String| [".c", ".h"].iter().any(|end| name.ends_with(end));
    let is_other = |name: &String| {
        OTHER_TOOLS.contains(&name.as_str()) || other_languages::shows_project(name)
    };
    there.iter().any(is_source) && !there.iter().any(is_other)
}

/// Files of projects of other tools.
const OTHER_TOOLS: &[&str] = &["setup.py", "setup.cfg", "Pipfile"];

/// The languages whose manifests stand in `dir`, with those.
///
/// # Errors
/// `unexpected` if a language cannot be loaded.
pub(super) fn shown_by_manifests(
    dir: &ProjectRoot,
) -> Result<Vec<(&'static str, String, ManifestFormat)>> {
    let mut found = Vec::new();
    let there = dir.names();
    for id in language::ids() {
        let language = language::load(id)?.with_names(&there);
        let mut known = language.manifests().filter(|it| !it.personal);
        if let Some(manifest) = known.find(|it| names_dependencies(dir, &there, it)) {
            found.push((id, manifest.file.clone(), manifest.format));
        }
    }
    // A Makefile beside go.mod is not another project.
    let is_own = |format: &ManifestFormat| !format.reader().is_shared();
    if found.iter().any(|(_, _, format)| is_own(format)) {
        found.retain(|(_, _, format)| is_own(format));
    }
    // Nor is a script next to a Makefile.
    let is_script = |format: &ManifestFormat| format.reader().is_script();
    if found.iter().any(|(_, _, format)| !is_script(format)) {
        found.retain(|(_, _, format)| !is_script(format));
    }
    Ok(found)
}

/// The patterns of all manifests.
fn manifest_patterns(there: &[String]) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for id in language::ids() {
        let language = language::load(id)?.with_names(there);
        let known = language.manifests().filter(|it| !it.personal);
        files.extend(known.map(ManifestFile::pattern));
    }
    Ok(files)
}

/// The language of the one manifest that stands in `dir`.
pub(super) fn language(dir: &ProjectRoot) -> Result<String> {
    let there = dir.names();
    let found = shown_by_manifests(dir)?;
    let refuse = |observed: Message, ids: Vec<&str>| {
        let lines = ids
            .into_iter()
            .map(|id| Message::quoted(format!("taos-setup init --lang {id}")));
        Error::new(
            ErrorId::Usage,
            message!("init-set-up"),
            observed,
            Message::joined(lines, "\n"),
        )
    };
    if found.is_empty()
        && let Some(id) = language_of_workspace(&there)?
    {
        // The refusal of that language lists the members.
        return Ok(id.to_owned());
    }
    let builder = match found.is_empty() {
        true => builder(&there)?,
        false => None,
    };
    if let Some((_, _, ids)) = &builder
        && let [id] = **ids
    {
        // The refusal of that language names the tool and the line to add.
        return Ok(id.to_owned());
    }
    if found.is_empty()
        && builder.is_none()
        && let Some(id) = language_of_project(dir)?
    {
        // The refusal of that language names the file.
        return Ok(id.to_owned());
    }
    if found.is_empty()
        && builder.is_none()
        && let Some(id) = language_of_signs(&there)?
    {
        return Ok(id.to_owned());
    }
    if found.is_empty()
        && let Some(refusal) = other_languages::refusal_for(&there)
    {
        return Err(refusal);
    }
    if let Some((file, tool, ids)) = builder {
        let dir = shown(dir.path());
        let observed = message!("init-several-builder", dir = dir, file = file, tool = tool);
        return Err(refuse(observed, ids));
    }
    match found.as_slice() {
        [(id, ..)] => Ok((*id).to_owned()),
        [] => Err(refuse(
            message!(
                "init-no-language",
                dir = shown(dir.path()),
                files = manifest_patterns(&there)?.join(", ")
            ),
            language::ids().collect(),
        )),
        several => {
            let files: Vec<_> = several.iter().map(|(_, file, _)| file.as_str()).collect();
            let ids = several.iter().map(|(id, ..)| *id).collect();
            Err(refuse(
                message!(
                    "init-several-languages",
                    dir = shown(dir.path()),
                    files = files.join(", ")
                ),
                ids,
            ))
        }
    }
}

/// The one language of which a project is in `dir` that lists its dependencies in another file.
fn language_of_project(dir: &ProjectRoot) -> Result<Option<&'static str>> {
    let mut found = Vec::new();
    for id in language::ids() {
        let language = language::load(id)?;
        let is_project = |manifest: &ManifestFile| {
            let reader = manifest.format.reader();
            let bytes = dir.read(&manifest.file).ok().flatten();
            !reader.is_shared()
                && bytes.is_some_and(|it| reader.is_project(&String::from_utf8_lossy(&it)))
        };
        if language.manifests().any(is_project)
            || !manifest_choice::elsewhere(&language, dir).is_empty()
        {
            found.push(id);
        }
    }
    Ok(match found.as_slice() {
        [id] => Some(*id),
        [] | [..] => None,
    })
}

/// The first language of which one of the files `there` is a sign.
fn language_of_signs(there: &[String]) -> Result<Option<&'static str>> {
    for id in language::ids() {
        let language = language::load(id)?;
        let is_sign = |name: &String| language.signs.iter().any(|sign| name.ends_with(sign));
        if there.iter().any(is_sign) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The one language of which the root of a workspace without a project is in a directory with the files `there`.
fn language_of_workspace(there: &[String]) -> Result<Option<&'static str>> {
    let mut found = Vec::new();
    for id in language::ids() {
        let language = language::load(id)?;
        let mut files = language
            .manifests()
            .filter_map(|it| it.format.reader().workspace_among(there, false));
        if files.next().is_some() {
            found.push(id);
        }
    }
    Ok(match found.as_slice() {
        [id] => Some(*id),
        [] | [..] => None,
    })
}

/// The file that shows another tool, the tool, and the languages that it builds.
fn builder(there: &[String]) -> Result<Option<(String, String, Vec<&'static str>)>> {
    let mut found: Option<(String, String)> = None;
    let mut ids = Vec::new();
    for id in language::ids() {
        let language = language::load(id)?;
        if let Some((file, tool)) = language.builder_of(there) {
            found.get_or_insert_with(|| (file.to_owned(), tool.title.clone()));
            ids.push(id);
        }
    }
    Ok(found.map(|(file, tool)| (file, tool, ids)))
}
