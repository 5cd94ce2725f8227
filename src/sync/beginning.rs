//! A new `taos-setup.toml`: the current client, and the projects below the current directory that use a connector.

use std::path::Path;

use ignore::WalkBuilder;

use crate::catalog::connectors::Connectors;
use crate::error::{Error, ErrorId, Result};
use crate::lock::{LOCK_FILE, ProjectSettings, SETUP_FILE, SetupEdit, SetupFile};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::pins;
use crate::project::plan::FileChange;
use crate::store::Store;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Edition;

/// How deep projects are looked for.
const DEPTH: usize = 4;
/// The most directories that are looked at.
const DIRECTORIES: usize = 1000;
/// The file of git that says how files are merged.
const ATTRIBUTES: &str = ".gitattributes";

/// Returns a new file for the current directory, the files to create, and notes.
///
/// # Errors
/// `would-overwrite` if there is one; those of reading the store.
pub(super) fn new_setup(store: &Store) -> Result<(SetupFile, Vec<FileChange>, Vec<Message>)> {
    let root = ProjectRoot::open(Path::new("."))?;
    if root.read(SETUP_FILE)?.is_some() {
        return Err(Error::new(
            ErrorId::WouldOverwrite,
            message!("init-create", path = SETUP_FILE),
            message!("init-exists"),
            Message::quoted("taos-setup lock"),
        ));
    }
    let mut text = String::from(
        "# The TDengine server, client, and projects of this directory; `taos-setup lock` resolves them.\n",
    );
    if let Some(client) = store.current()? {
        text.push_str(&format!("\n[client]\nversion = \"{}\"\n", client.version));
        if client.edition != Edition::Oss {
            text.push_str(&format!("edition = \"{}\"\n", client.edition));
        }
    }
    let projects = find_projects(Path::new("."));
    for project in &projects {
        let edit = SetupEdit::Project(project.clone());
        text = edit.apply(&text).unwrap_or(text);
    }
    let setup = SetupFile::parse(&text, Path::new(SETUP_FILE))?;
    let mut files = vec![FileChange {
        path: SETUP_FILE.to_owned(),
        before: None,
        after: text.into_bytes(),
    }];
    files.extend(attributes(&root)?);
    let notes = match projects.len() {
        0 => vec![message!("lock-init-no-projects")],
        _ => Vec::new(),
    };
    Ok((setup, files, notes))
}

/// The change of `.gitattributes` that lets git merge additions of both sides; `None` outside of a repository, or if it has one.
fn attributes(root: &ProjectRoot) -> Result<Option<FileChange>> {
    let here = std::env::current_dir().unwrap_or_default();
    if !here.ancestors().any(|it| it.join(".git").exists()) {
        return Ok(None);
    }
    let before = root.read(ATTRIBUTES)?;
    let mut text = match &before {
        Some(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains(LOCK_FILE) => text.to_owned(),
            Ok(_) | Err(_) => return Ok(None),
        },
        None => String::new(),
    };
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(end);
    }
    text.push_str(&format!("{LOCK_FILE} merge=union{end}"));
    Ok(Some(FileChange {
        path: ATTRIBUTES.to_owned(),
        before,
        after: text.into_bytes(),
    }))
}

/// The projects below `root` whose files name a connector, sorted by directory. What git ignores is passed over.
fn find_projects(root: &Path) -> Vec<ProjectSettings> {
    let mut walk = WalkBuilder::new(root);
    walk.max_depth(Some(DEPTH)).follow_links(false);
    let entries = walk.build().flatten();
    let directories = entries.filter(|it| it.file_type().is_some_and(|kind| kind.is_dir()));
    let mut projects = Vec::new();
    for directory in directories.take(DIRECTORIES) {
        let Ok(relative) = directory.path().strip_prefix(root) else {
            continue;
        };
        let parts = relative.components().map(|it| it.as_os_str().to_str());
        let Some(parts) = parts.collect::<Option<Vec<_>>>() else {
            continue;
        };
        let dir = match parts.is_empty() {
            true => ".".to_owned(),
            false => parts.join("/"),
        };
        projects.extend(connectors_in(directory.path(), &dir));
    }
    projects.sort_by(|a: &ProjectSettings, b| (&a.dir, &a.lang).cmp(&(&b.dir, &b.lang)));
    projects
}

/// The connectors that the project in `path` names, one a language and transport.
fn connectors_in(path: &Path, dir: &str) -> Vec<ProjectSettings> {
    let catalog = Connectors::built_in();
    let (pins, _) = pins::read(path);
    let mut found: Vec<ProjectSettings> = Vec::new();
    for pin in pins {
        let Some(connector) = catalog
            .named(&pin.package)
            .filter(|it| it.retired.is_none())
        else {
            continue;
        };
        let has = |transport: &Transport| {
            let choice = catalog.choose(&connector.language, *transport, None);
            choice.is_some_and(|choice| choice.package == connector.package)
        };
        let Some(transport) = Transport::ALL.into_iter().find(has) else {
            continue;
        };
        let project = ProjectSettings {
            dir: dir.to_owned(),
            lang: connector.language.clone(),
            transport: Some(transport),
            manifest: None,
        };
        if !found.contains(&project) {
            found.push(project);
        }
    }
    found
}
