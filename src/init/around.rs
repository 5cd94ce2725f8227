//! What stands around a project and decides how it is locked and built.

use std::path::PathBuf;

use super::parents::Parent;
use crate::project::manifest;

/// What stands above a project and decides how it is locked and built.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The folders of the manifests that it inherits from, or is locked together with.
    pub(super) folders: Vec<Shared>,
    /// The program that its packages are installed with, where a manifest says so.
    pub(super) manager: Option<String>,
    /// The project's own name, where lock files repeat it.
    pub(super) name: Option<String>,
}

/// A folder above a project.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    /// Where it is.
    pub(super) place: PathBuf,
    /// Its path, relative to the project, with a `/` at its end.
    pub(super) path: String,
    /// The project's folder as seen from it, with `/`.
    pub(super) member: String,
}

impl Around {
    /// What `parents`, and the project's own manifest `text`, come to.
    pub(super) fn of(format: manifest::Format, text: &str, parents: &[Parent]) -> Self {
        let texts = std::iter::once(text).chain(parents.iter().map(|it| it.text.as_str()));
        Self {
            name: format.project_name(text),
            manager: texts.filter_map(|it| format.package_manager(it)).next(),
            folders: parents
                .iter()
                .map(|parent| Shared {
                    place: parent.place.clone(),
                    path: parent.folder().to_owned(),
                    member: parent.member.clone(),
                })
                .collect(),
        }
    }
}
