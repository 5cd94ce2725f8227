//! The projects of a `taos-setup.toml`, brought to their locked releases.

use super::PackageSources;
use super::wanted;
use crate::catalog::connectors::Connectors;
use crate::error::{Error, ErrorId, Result};
use crate::init::{self, JarRequest, PinnedProject, PlannedPin, StaleLock};
use crate::lock::{LockFile, LockedConnector, ProjectSettings, SetupFile};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::plan::{Action, FileChange, apply};
use crate::safety::shell::quoted;
use crate::system::events::EventSink;
use crate::tdengine::transport::Transport;

/// A project, and what happened to it or would.
#[derive(Clone, Debug)]
pub struct SyncedProject {
    /// Its locked connector.
    pub connector: LockedConnector,
    /// Its files, with paths relative to the directory of `taos-setup.toml`.
    pub changes: Vec<(String, Action)>,
    /// Its own lock files that do not match its manifest.
    pub stale_locks: Vec<StaleLock>,
}

/// The plans of all projects.
#[derive(Debug, Default)]
pub(super) struct PlannedProjects {
    pub(super) projects: Vec<SyncedProject>,
    /// The changes of all, each file once.
    pub(super) changes: Vec<FileChange>,
    /// Digests that the lock does not have yet: the index of the entry, and the digest.
    pub(super) digests: Vec<(usize, String)>,
}

/// The project that `settings` list.
pub(super) fn project<'a>(
    setup: &'a SetupFile,
    settings: &'a ProjectSettings,
    transport: Transport,
    lock: &LockFile,
) -> PinnedProject<'a> {
    PinnedProject {
        root: setup.directory(),
        dir: &settings.dir,
        lang: &settings.lang,
        transport,
        manifest: settings.manifest.as_deref(),
        server: lock.server.as_ref().map(|server| server.version),
    }
}

/// Completes a change that was interrupted, or only reports it.
pub(super) fn recover(setup: &SetupFile, check: bool) -> Result<Vec<Message>> {
    let root = ProjectRoot::open(setup.directory())?;
    Ok(match check {
        true => apply::describe_interrupted(&root).into_iter().collect(),
        false => apply::recover(&root)?.into_iter().collect(),
    })
}

/// Plans the changes of every project that `lock` has a connector for. Nothing is written; a connector's jar that is missing is fetched
/// unless `check`.
///
/// # Errors
/// `digest-mismatch` if a project's own lock file has another digest for the locked release; `version-conflict` if it holds another
/// release, or a manifest cannot be brought to the locked one.
pub(super) fn plan(
    setup: &SetupFile,
    lock: &LockFile,
    sources: &PackageSources,
    check: bool,
    events: &EventSink,
) -> Result<PlannedProjects> {
    let mut planned = PlannedProjects::default();
    for settings in &setup.projects {
        let transport = wanted::transport(settings)?;
        let is_ours = |it: &&LockedConnector| it.is_of(&settings.dir, &settings.lang, transport);
        let Some(index) = lock.connectors.iter().position(|it| is_ours(&it)) else {
            continue;
        };
        let connector = &lock.connectors[index];
        let release = (connector.package.as_str(), connector.version.as_str());
        let project = project(setup, settings, transport, lock);
        let jar = jar_request(&settings.lang, sources)?;
        let pin = project.plan(release, &jar, !check, events)?;
        refuse_differences(connector, &pin)?;
        if let (None, Some(digest)) = (&connector.digest, &pin.digest) {
            planned.digests.push((index, digest.clone()));
        }
        let files = pin.changes.iter();
        let files = files.map(|change| (change.path.clone(), change.action()));
        let missing = pin
            .missing
            .iter()
            .map(|path| (path.clone(), Action::Create));
        planned.projects.push(SyncedProject {
            connector: connector.clone(),
            changes: files.chain(missing).collect(),
            stale_locks: pin.stale_locks,
        });
        for change in pin.changes {
            add(&mut planned.changes, change)?;
        }
    }
    Ok(planned)
}

/// Where the jar of a project in `lang` comes from. Other languages have none, and refuse the options of one.
fn jar_request(lang: &str, sources: &PackageSources) -> Result<JarRequest> {
    let lang = init::canonical_language(lang)?;
    Ok(match Connectors::built_in().has_jar(&lang) {
        true => JarRequest {
            mirror: sources.mirror.clone(),
            offline: sources.fetch.offline,
            ..JarRequest::default()
        },
        false => JarRequest::default(),
    })
}

/// Adds `change` unless another project changes the file in the same way.
fn add(changes: &mut Vec<FileChange>, change: FileChange) -> Result<()> {
    match changes.iter_mut().find(|it| it.path == change.path) {
        None => changes.push(change),
        Some(other) if other.after == change.after => {}
        Some(other) if other.action() == Action::None => *other = change,
        Some(_) if change.action() == Action::None => {}
        Some(_) => {
            return Err(Error::new(
                ErrorId::VersionConflict,
                message!("project-write", path = change.path),
                message!("sync-two-changes"),
                message!("sync-two-changes-next"),
            ));
        }
    }
    Ok(())
}

fn refuse_differences(connector: &LockedConnector, pin: &PlannedPin) -> Result<()> {
    let LockedConnector {
        dir,
        package,
        version,
        ..
    } = connector;
    let tried = message!(
        "sync-pin-tried",
        package = package,
        version = version,
        dir = dir
    );
    let next = message!("sync-upgrade-next", dir = quoted(dir));
    match (&connector.digest, &pin.digest) {
        (Some(locked), Some(found)) if locked != found => {
            let observed = message!("sync-digest-differs", locked = locked, found = found);
            return Err(Error::new(ErrorId::DigestMismatch, tried, observed, next));
        }
        (Some(_) | None, _) => {}
    }
    // A lock file that is stale is reported with the command that refreshes it.
    if let Some((found, file)) = pin.taken.as_ref().filter(|_| pin.stale_locks.is_empty()) {
        let observed = message!("sync-taken-differs", file = file, found = found);
        return Err(Error::new(ErrorId::VersionConflict, tried, observed, next));
    }
    Ok(())
}
