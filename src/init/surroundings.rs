//! What stands around a project and decides how it is locked and built.

use std::path::PathBuf;

use super::parents::ParentManifest;
use super::spring_files;
use crate::project::manifest;

/// What stands above a project and decides how it is locked and built.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    /// The folders of the manifests that it inherits from, or is locked together with.
    pub(super) folders: Vec<SharedDirectory>,
    /// The program that its packages are installed with, where a manifest says so.
    pub(super) manager: Option<String>,
    /// The directory of the project that builds this one as a module, relative to it and with a `/` at its end, and the module's
    /// directory as seen from there: Maven's reactor.
    pub(super) reactor: Option<(String, String)>,
    /// What the manifest asks of the connector, in its own words.
    pub(super) asked: Option<String>,
    /// The project's own name, where lock files repeat it.
    pub(super) name: Option<String>,
    /// The other modules of the same build: the directory that leads it, its path relative to the project with a `/` at its end, and
    /// the module's directory as seen from there.
    pub(super) siblings: Vec<(PathBuf, String, String)>,
}

/// A folder above a project.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedDirectory {
    /// Where it is.
    pub(super) place: PathBuf,
    /// Its path, relative to the project, with a `/` at its end.
    pub(super) path: String,
    /// The project's folder as seen from it, with `/`.
    pub(super) member: String,
}

impl Surroundings {
    /// What `parents`, and the project's own manifest `text`, come to.
    pub(super) fn of(
        format: manifest::ManifestFormat,
        text: &str,
        parents: &[ParentManifest],
    ) -> Self {
        let texts = std::iter::once(text).chain(parents.iter().map(|it| it.text.as_str()));
        let mut reactor = None;
        let mut below = "";
        for parent in parents {
            let module = parent.member.strip_suffix(below).unwrap_or_default();
            if !format
                .reader()
                .builds_module(&parent.text, module.trim_end_matches('/'))
            {
                break;
            }
            reactor = Some((parent.folder().to_owned(), parent.member.clone()));
            below = &parent.member;
        }
        let siblings = parents.iter().flat_map(|parent| {
            let modules = spring_files::modules(format, &parent.text);
            let others = modules.into_iter().filter(|it| *it != parent.member);
            others.map(|it| (parent.place.clone(), parent.folder().to_owned(), it))
        });
        Self {
            siblings: siblings.collect(),
            reactor,
            asked: None,
            name: format.reader().project_name(text),
            manager: texts
                .filter_map(|it| format.reader().package_manager(it))
                .next(),
            folders: parents
                .iter()
                .map(|parent| SharedDirectory {
                    place: parent.place.clone(),
                    path: parent.folder().to_owned(),
                    member: parent.member.clone(),
                })
                .collect(),
        }
    }
}
