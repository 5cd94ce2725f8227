//! The manifest of a project that can have several.

use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::{ProjectRoot, shown};
use crate::project::language::{ManifestFile, ProjectLanguage};

/// `language` as the project in `dir` has it: by the manifest `named`, else by the one that is there. Where several are
/// there, by the one that names the dependencies; if several do, they are listed.
pub(super) fn of_project(
    language: ProjectLanguage,
    dir: &ProjectRoot,
    named: Option<&str>,
) -> Result<ProjectLanguage> {
    if let Some(file) = named {
        // One that is not there may be named, too.
        return by_name(language.with_names(&[file.to_owned()]), dir, file);
    }
    let names = dir.names();
    let language = language.with_names(&names);
    let mut there = Vec::new();
    let mut holding = Vec::new();
    for manifest in language.manifests().filter(|it| !it.personal) {
        for file in manifest.candidates(&names) {
            let Some(bytes) = dir.read(&file)? else {
                continue;
            };
            // A file that is not text is reported when it is edited.
            let text = String::from_utf8_lossy(&bytes);
            let holds = manifest.format.reader().holds_dependencies(&text);
            if holds {
                holding.push(file.clone());
            }
            // Another file may have the ending of a manifest.
            if holds || manifest.ending.is_none() {
                there.push(file);
            }
        }
    }
    // A project's scripts follow its list.
    let is_script = |file: &String| is_script(&language, file);
    if !there.iter().all(is_script) {
        there.retain(|file| !is_script(file));
        holding.retain(|file| !is_script(file));
    }
    let elsewhere = elsewhere(&language, dir);
    match (there.as_slice(), holding.as_slice()) {
        ([], _) if !elsewhere.is_empty() => Err(Error::new(
            ErrorId::Usage,
            message!("init-set-up-language", language = language.title),
            message!("init-manifests-elsewhere", files = elsewhere.join(", ")),
            choose_manifest(&language, &elsewhere),
        )),
        ([], _) => Ok(language),
        // A file of settings: another tool's file names the dependencies.
        (_, []) if language.builder_of(&dir.names()).is_some() => Ok(language),
        ([file], _) | (_, [file]) | ([file, ..], []) => Ok(chosen(language, file)),
        (_, several) => Err(Error::new(
            ErrorId::Usage,
            message!("init-set-up-language", language = language.title),
            message!("init-several-manifests", files = several.join(", ")),
            choose_manifest(&language, several),
        )),
    }
}

/// Whether `file` is a script, which loads packages and lists none.
fn is_script(language: &ProjectLanguage, file: &str) -> bool {
    let mut scripts = language
        .manifests()
        .filter(|it| it.format.reader().is_script());
    scripts.any(|it| it.ending.as_ref().is_some_and(|end| file.ends_with(end)))
}

/// The manifests of `language` in the usual directories below `dir`: `requirements/base.txt`.
pub(super) fn elsewhere(language: &ProjectLanguage, dir: &ProjectRoot) -> Vec<String> {
    let mut found = Vec::new();
    for manifest in language.manifests() {
        for (folder, endings) in manifest.format.reader().usual_places() {
            let names = dir.names_in(folder).into_iter();
            let meant = names.filter(|name| endings.iter().any(|end| name.ends_with(end)));
            found.extend(meant.map(|name| format!("{folder}/{name}")));
        }
    }
    found.truncate(20);
    found
}

/// `language` with the manifest `file`, which is one of those that are there.
fn chosen(language: ProjectLanguage, file: &str) -> ProjectLanguage {
    language.with_names(&[file.to_owned()]).with_manifest(file)
}

fn by_name(language: ProjectLanguage, dir: &ProjectRoot, file: &str) -> Result<ProjectLanguage> {
    let known: Vec<_> = language.manifests().map(ManifestFile::pattern).collect();
    let is_there = || dir.read(file).map(|found| found.is_some());
    let refuse = |observed: Message, next: Message| {
        Error::new(
            ErrorId::Usage,
            message!("init-set-up-language", language = language.title),
            observed,
            next,
        )
    };
    if known.iter().any(|it| it == file) {
        let path = dir.path().join(file);
        let is_there = is_there()?;
        if !is_there && let Some(other) = other_manifest(&language, dir, file)? {
            return Err(refuse(
                message!("init-no-new", path = shown(&path), other = other),
                choose_manifest(&language, &[other]),
            ));
        }
        let (new, title) = (known[0].clone(), language.title.clone());
        let language = language.with_manifest(file);
        if !is_there && !language.has_new {
            return Err(Error::new(
                ErrorId::Usage,
                message!("init-set-up-language", language = title),
                message!(
                    "init-manifest-missing",
                    path = shown(&path),
                    language = title,
                    file = new
                ),
                message!("init-manifest-missing-next", file = new),
            ));
        }
        return Ok(language);
    }
    if let Some(standard) = standard_name(file).filter(|it| known.iter().any(|known| known == it))
        && is_there()?
    {
        let mut language = language.with_manifest(standard);
        file.clone_into(&mut language.manifest.file);
        return Ok(language);
    }
    Err(refuse(
        message!(
            "init-manifest-unknown",
            file = file,
            language = language.title
        ),
        choose_manifest(&language, &known),
    ))
}

/// Another manifest than `file` that lists the project's dependencies.
fn other_manifest(
    language: &ProjectLanguage,
    dir: &ProjectRoot,
    file: &str,
) -> Result<Option<String>> {
    let others = language.manifests().filter(|it| !it.personal);
    for manifest in others.filter(|it| it.file != file) {
        if let Some(bytes) = dir.read(&manifest.file)?
            && manifest
                .format
                .reader()
                .holds_dependencies(&String::from_utf8_lossy(&bytes))
        {
            return Ok(Some(manifest.file.clone()));
        }
    }
    Ok(None)
}

/// The commands that choose one of `files`: one a line.
fn choose_manifest(language: &ProjectLanguage, files: &[String]) -> Message {
    let lines = files.iter().map(|file| {
        let id = language.id;
        Message::quoted(format!("taos-setup init --lang {id} --manifest {file}"))
    });
    Message::joined(lines, "\n")
}

/// The usual name of a manifest of the form of `file`: of `requirements/base.txt`, `requirements-dev.txt`, `deploy-pom.xml`.
fn standard_name(file: &str) -> Option<&'static str> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let is_requirements = name.contains("requirements") || folder.contains("requirements");
    if is_requirements && (name.ends_with(".txt") || name.ends_with(".in")) {
        return Some("requirements.txt");
    }
    if name.contains("pom") && name.ends_with(".xml") {
        return Some("pom.xml");
    }
    let endings = [
        (".gradle.kts", "build.gradle.kts"),
        (".gradle", "build.gradle"),
    ];
    let known = endings
        .into_iter()
        .find(|(ending, _)| name.ends_with(ending));
    known.map(|(_, usual)| usual)
}
