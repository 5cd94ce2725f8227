//! All that a project needs to be built without a network, fetched by the client of its language.

mod cargo;
mod go;
mod maven;
mod npm;
mod pip;

use std::fs;
use std::path::{Path, PathBuf};

use super::check::NeededPackages;
use super::fault::{unreadable, unwritable};
use super::manifest::{GapReason, MirrorPart};
use super::part::PartContent;
use super::project_copy;
use super::publication::remove;
use super::walk;
use crate::catalog::connectors::Connectors;
use crate::error::{Error, ErrorId, Result};
use crate::init::{self, InitRequest};
use crate::message::{Message, message};
use crate::store::Store;
use crate::system::directory::{Directory, EntryType};
use crate::system::events::EventSink;
use crate::system::interrupts::Interrupts;
use crate::tdengine::platform::Platform;

pub(super) use maven::JarArtifact;

/// A project whose dependencies are mirrored.
#[derive(Clone, Debug)]
pub struct ProjectJob {
    /// The language, as `init --lang` takes it.
    pub language: String,
    /// Its name for people.
    pub name: String,
    /// Its directory.
    pub dir: PathBuf,
    /// The platforms for which built packages are fetched.
    pub platforms: Vec<Platform>,
    /// The versions of Python for which wheels are fetched; without them the one of this machine.
    pub python_versions: Vec<String>,
}

/// A job whose project was copied.
struct ClosureContext<'a> {
    job: &'a ProjectJob,
    /// The copy of the project.
    project: PathBuf,
    /// The directory of the clients' caches.
    scratch: PathBuf,
    stop: &'a mut Interrupts,
    events: &'a EventSink,
}

impl ProjectJob {
    /// The project that `init` makes for `language`, rendered into the cache directory of `store`.
    ///
    /// # Errors
    /// Those of `init`, `file-unwritable`.
    pub fn of_language(
        language: &str,
        platforms: &[Platform],
        python_versions: &[String],
        store: &Store,
        events: &EventSink,
    ) -> Result<Self> {
        let id = init::canonical_language(language)?;
        let dir = rendered(store).join(&id);
        remove(&dir)?;
        fs::create_dir_all(&dir).map_err(|error| unwritable(&dir, &error))?;
        let mut request = InitRequest::new_project(language, dir.clone());
        // The program of R has a jar, which is fetched with everything else.
        request.dry_run = Connectors::built_in().has_jar(&id);
        let outcome = init::run(&request, events)?;
        if request.dry_run
            && let Some(artifact) = JarArtifact::of_init(&outcome)
        {
            artifact.write(&dir)?;
        }
        Ok(Self {
            language: outcome.language.to_owned(),
            name: format!("init {}", outcome.language),
            dir,
            platforms: platforms.to_vec(),
            python_versions: python_versions.to_vec(),
        })
    }

    /// The project in `dir`, in the language that its files show.
    ///
    /// # Errors
    /// `usage` if they show none.
    pub fn of_project(
        dir: &Path,
        platforms: &[Platform],
        python_versions: &[String],
    ) -> Result<Self> {
        let language = init::language_of(dir).ok_or_else(|| {
            Error::new(
                ErrorId::Usage,
                message!("mirror-create-tried"),
                message!("mirror-project-language", path = dir.display()),
                message!("mirror-project-language-next"),
            )
        })?;
        let name = dir.canonicalize().ok();
        let name = name.as_deref().and_then(Path::file_name);
        let name = name.map_or_else(|| "project".into(), |name| name.to_string_lossy());
        Ok(Self {
            name: format!("{name} ({language})"),
            language,
            dir: dir.to_path_buf(),
            platforms: platforms.to_vec(),
            python_versions: python_versions.to_vec(),
        })
    }

    /// The part of a mirror that it is.
    ///
    /// # Errors
    /// `file-unreadable`.
    pub(super) fn part(&self) -> Result<MirrorPart> {
        let mut words = vec![b"project-1".to_vec(), self.language.clone().into_bytes()];
        if self.language == "python" {
            let platforms = self.platforms.iter().map(Platform::to_string);
            let versions = self.python_versions.iter().cloned();
            words.extend(platforms.chain(versions).map(String::into_bytes));
        }
        let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        Ok(MirrorPart {
            kind: self.language.clone(),
            name: self.name.clone(),
            key: project_copy::key(&self.dir, &words)?,
        })
    }

    /// The directory in which its clients work. It stays after an interruption, so that the next run goes on.
    pub(super) fn scratch(&self, store: &Store, part: &MirrorPart) -> PathBuf {
        directory(store).join(part.key.to_string())
    }
}

/// The directory of work in the cache.
fn directory(store: &Store) -> PathBuf {
    store.downloads_dir().join("mirror")
}

/// The directory of the projects that this process rendered.
fn rendered(store: &Store) -> PathBuf {
    directory(store).join(format!("init-{}", std::process::id()))
}

/// Removes the directory of a job that is done.
pub(super) fn remove_scratch(path: &Path) -> Result<()> {
    remove(path)
}

/// Removes the projects that this process rendered.
pub fn remove_rendered(store: &Store) {
    let _ = remove(&rendered(store));
}

/// Fetches all that the project of `job` needs.
///
/// # Errors
/// `program-failed` if the client of its language is missing or fails, `file-unreadable`, `file-unwritable`, `interrupted`.
pub(super) async fn collect(
    job: &ProjectJob,
    part: &MirrorPart,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<PartContent> {
    let scratch = job.scratch(store, part);
    let project = scratch.join("project");
    remove(&project)?;
    project_copy::copy(&job.dir, &project)?;
    let mut context = ClosureContext {
        job,
        project,
        scratch,
        stop,
        events,
    };
    match job.language.as_str() {
        "go" => go::collect(&mut context).await,
        "python" => pip::collect(&mut context).await,
        "node" => npm::collect(&mut context).await,
        "rust" => cargo::collect(&mut context).await,
        "java" => maven::collect(&mut context).await,
        "r" => maven::collect_jar(&mut context).await,
        // Their packages come from the system, are built by hand, or are the client itself.
        other => Ok(PartContent {
            gaps: vec![(GapReason::SystemPackage, other.to_owned())],
            ..PartContent::default()
        }),
    }
}

/// What the lock file of a project names; a project without one is a gap.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`.
pub(super) fn needed_packages(job: &ProjectJob) -> Result<NeededPackages> {
    match job.language.as_str() {
        "go" => go::needed(&job.dir),
        "python" => pip::needed(&job.dir),
        "node" => npm::needed(&job.dir),
        "rust" => cargo::needed(&job.dir),
        other => Ok(NeededPackages {
            gaps: vec![(GapReason::SystemPackage, other.to_owned())],
            ..NeededPackages::default()
        }),
    }
}

/// Builds a copy of a Maven project with the mirror in `mirror` as its only repository, and returns the artifacts that it lacks.
///
/// # Errors
/// `program-failed` if Maven is missing or fails for another reason.
pub(super) async fn missing_artifacts(
    job: &ProjectJob,
    mirror: &Path,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Vec<String>> {
    let scratch = directory(store).join(format!("check-{}", std::process::id()));
    remove(&scratch)?;
    let project = scratch.join("project");
    project_copy::copy(&job.dir, &project)?;
    let mut context = ClosureContext {
        job,
        project,
        scratch: scratch.clone(),
        stop,
        events,
    };
    let missing = maven::missing(&mut context, mirror).await;
    remove(&scratch)?;
    missing
}

/// Everything below `directory`, as paths with `/` and files; nothing if it does not exist.
fn files_below(directory: &Path) -> Result<Vec<(String, PathBuf)>> {
    let opened = match Directory::open_named(directory) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(directory, &error)),
    };
    let found = walk::files(&opened).map_err(|error| unreadable(directory, &error))?;
    let files = found.into_iter().filter_map(|(path, kind)| {
        matches!(kind, EntryType::File(_)).then(|| {
            let mut file = directory.to_path_buf();
            file.extend(path.split('/'));
            (path, file)
        })
    });
    Ok(files.collect())
}

/// The error for an answer of a client that does not have the form that it should.
fn unexpected_answer(program: &str) -> Error {
    Error::new(
        ErrorId::ProgramFailed,
        message!("mirror-run-tool", command = program),
        message!("mirror-tool-answer"),
        Message::default(),
    )
}
