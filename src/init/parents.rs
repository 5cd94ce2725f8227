//! What stands above a project and has a say in it: manifests that it inherits from, or is locked together with.

use std::path::{Path, PathBuf};

use crate::message::{Message, message};
use crate::project::files;
use crate::project::go_work as work;
use crate::project::language::ManifestFile;
use crate::project::manifest::ManifestFormat;

/// A manifest above the project, or one that it includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParentManifest {
    /// Its path, relative to the project.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
    /// Where its folder is.
    pub(super) place: PathBuf,
    /// The project's folder as seen from it, with `/`.
    pub(super) member: String,
}

impl ParentManifest {
    /// Its folder's path, relative to the project, with a `/` at its end.
    pub(super) fn folder(&self) -> &str {
        let end = self.path.rfind('/').map_or(0, |slash| slash + 1);
        &self.path[..end]
    }
}

/// The manifests that the project in `root`, whose own is `text`, inherits from or is locked together with, nearest first, as far as
/// they can be read: they are only read, and what cannot be read decides nothing.
pub(super) fn of_project(root: &Path, manifest: &ManifestFile, text: &str) -> Vec<ParentManifest> {
    /// A chain of parents that is longer is a ring.
    const MOST: usize = 8;
    let root = real(root);
    let mut parents: Vec<ParentManifest> = Vec::new();
    let mut folder = String::new();
    let mut text = text.to_owned();
    while parents.len() < MOST {
        let candidates = manifest.format.reader().parents(&text).into_iter();
        let found = candidates
            .filter_map(|relative| read(&root, manifest, format!("{folder}{relative}")))
            .find(|it| {
                manifest
                    .format
                    .reader()
                    .is_parent(&it.path, &it.text, &it.member)
            });
        let Some(parent) = found else {
            break;
        };
        parent.folder().clone_into(&mut folder);
        text.clone_from(&parent.text);
        parents.push(parent);
    }
    parents
}

/// A note if the workspace of Go above the module in `root` does not use it, because the go command then refuses to build it.
pub(super) fn note_about_go_work(root: &Path, format: ManifestFormat) -> Option<Message> {
    if format != ManifestFormat::GoMod {
        return None;
    }
    let root = real(root);
    let (depth, folder) = root
        .ancestors()
        .enumerate()
        .find(|(_, folder)| folder.join(work::FILE).is_file())?;
    let text = files::read_outside(&folder.join(work::FILE)).ok()??;
    let uses = work::folders(&String::from_utf8_lossy(&text));
    let is_used = uses.iter().any(|it| real(&resolved(folder, it)) == root);
    (!is_used).then(|| {
        message!(
            "init-go-work",
            file = format!("{}{}", "../".repeat(depth), work::FILE)
        )
    })
}

/// The manifest at `path`, or in the folder there; `None` where it cannot be read.
pub(super) fn read(
    root: &Path,
    manifest: &ManifestFile,
    mut path: String,
) -> Option<ParentManifest> {
    let mut file = resolved(root, &path);
    if file.is_dir() {
        file.push(&manifest.file);
        path = format!("{}/{}", path.trim_end_matches('/'), manifest.file);
    }
    let bytes = files::read_outside(&file).ok()??;
    let place = file.parent().unwrap_or(root);
    let member = root.strip_prefix(place).unwrap_or(Path::new(""));
    let member: Vec<_> = member
        .components()
        .map(|it| it.as_os_str().to_string_lossy().into_owned())
        .collect();
    Some(ParentManifest {
        path,
        text: String::from_utf8(bytes).ok()?,
        member: member.join("/"),
        place: place.to_path_buf(),
    })
}

/// `folder` without links, also where it is not there yet.
pub(super) fn real(folder: &Path) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let there = folder
        .ancestors()
        .find_map(|it| Some((it, it.canonicalize().ok()?)));
    match there {
        Some((there, real)) => match folder.strip_prefix(there) {
            Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
            _ => real,
        },
        None => folder,
    }
}

/// The path `relative`, with `/`, from the folder `from`, which has no links.
fn resolved(from: &Path, relative: &str) -> PathBuf {
    if Path::new(relative).is_absolute() {
        return PathBuf::from(relative);
    }
    let mut path = from.to_path_buf();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests;
