//! `mirror check`: what projects would need that a mirror lacks, from their lock files. Projects of Maven, which have none, are built
//! against the mirror.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::closure::{self, ProjectJob};
use super::fault::interrupted;
use super::manifest::{GapReason, MirrorManifest};
use super::stored::StoredMirror;
use crate::error::Result;
use crate::store::Store;
use crate::system::events::EventSink;
use crate::system::runtime;

/// Projects to check against a mirror.
#[derive(Clone, Debug)]
pub struct MirrorCheckRequest {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// The projects.
    pub projects: Vec<ProjectJob>,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorCheck {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// What each project needs.
    pub projects: Vec<ProjectNeeds>,
}

/// What one project needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectNeeds {
    /// The project, by its name.
    pub project: String,
    /// The number of packages that it needs, if its lock file names them.
    pub packages: Option<usize>,
    /// The packages that the mirror lacks.
    pub missing: Vec<String>,
    /// What cannot be checked, and why.
    pub gaps: Vec<(GapReason, String)>,
}

/// What a project needs, by the files of a mirror: a package is there if one of its files is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NeededPackages {
    /// Each package with what it takes.
    pub(super) packages: Vec<NeededPackage>,
    /// What cannot be checked.
    pub(super) gaps: Vec<(GapReason, String)>,
}

/// A package, and the files of which the mirror must have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NeededPackage {
    /// Its name for people.
    pub(super) name: String,
    /// How its files are found.
    pub(super) files: NeededFiles,
}

/// The files of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NeededFiles {
    /// This file.
    Exactly(String),
    /// A wheel of a project, of a version if one is required.
    Wheel {
        /// The name of the project in an index.
        project: String,
        /// The version.
        version: Option<String>,
    },
}

impl NeededFiles {
    fn are_in(&self, manifest: &MirrorManifest) -> bool {
        let mut paths = manifest.files.keys().map(|path| path.as_str());
        match self {
            Self::Exactly(file) => paths.any(|path| path == file),
            Self::Wheel { project, version } => {
                let directory = format!("pypi/packages/{project}/");
                paths
                    .filter_map(|path| path.strip_prefix(&directory))
                    .any(|name| {
                        let found = name.split('-').nth(1);
                        version.is_none() || found == version.as_deref()
                    })
            }
        }
    }
}

impl MirrorCheck {
    /// Whether a project lacks something.
    pub fn is_complete(&self) -> bool {
        let mut projects = self.projects.iter();
        projects.all(|needs| needs.missing.is_empty() && needs.gaps.is_empty())
    }
}

/// Checks projects against a mirror.
///
/// # Errors
/// Those of opening a mirror, `file-unreadable`, `file-unparsable`; `program-failed` if Maven is missing or fails for another reason.
pub fn check(
    request: &MirrorCheckRequest,
    store: &Store,
    events: &EventSink,
) -> Result<MirrorCheck> {
    let mirror = StoredMirror::open(&request.dir)?;
    let mut projects = Vec::new();
    for job in &request.projects {
        projects.push(needs(job, &mirror, store, events)?);
    }
    Ok(MirrorCheck {
        dir: request.dir.clone(),
        projects,
    })
}

fn needs(
    job: &ProjectJob,
    mirror: &StoredMirror,
    store: &Store,
    events: &EventSink,
) -> Result<ProjectNeeds> {
    if job.language == "java" {
        let missing = runtime::run(interrupted, async |stop| {
            closure::missing_artifacts(job, &mirror.path, store, stop, events).await
        })?;
        return Ok(ProjectNeeds {
            project: job.name.clone(),
            packages: None,
            missing,
            gaps: Vec::new(),
        });
    }
    let needed = closure::needed_packages(job)?;
    let missing: BTreeSet<String> = needed
        .packages
        .iter()
        .filter(|package| !package.files.are_in(&mirror.manifest))
        .map(|package| package.name.clone())
        .collect();
    Ok(ProjectNeeds {
        project: job.name.clone(),
        packages: Some(needed.packages.len()),
        missing: missing.into_iter().collect(),
        gaps: needed.gaps,
    })
}

/// The path of a project's file, if it exists.
pub(super) fn existing(project: &Path, name: &str) -> Option<PathBuf> {
    let path = project.join(name);
    path.is_file().then_some(path)
}
