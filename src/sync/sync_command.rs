//! The use case of `sync`.

use super::PackageSources;
use super::changes::{self, LockChange};
use super::client::{self, ClientState};
use super::gaps::{self, LockGap};
use super::lock_command;
use super::projects::{self, SyncedProject};
use super::resolution::{Renewal, Resolver};
use crate::error::{Error, ErrorId, Result};
use crate::lock::{self, LOCK_FILE, LockFile, SetupFile};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::plan::{Action, FileChange};
use crate::store::{Client, Store};
use crate::system::events::EventSink;
use crate::tdengine::platform::Platform;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct SyncRequest {
    /// Ask no server, and do not write the lock.
    pub locked: bool,
    /// Only report whether something would change.
    pub check: bool,
    /// Where packages come from.
    pub sources: PackageSources,
}

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct SyncOutcome {
    /// Whether only a report was asked for.
    pub check: bool,
    /// Entries that were added to the lock.
    pub added: Vec<LockChange>,
    /// The client of this machine, if one is asked for.
    pub client: Option<(Client, ClientState)>,
    /// The projects.
    pub projects: Vec<SyncedProject>,
    /// Notes for the user.
    pub notes: Vec<Message>,
}

impl SyncOutcome {
    /// Whether a report found differences.
    pub fn differs(&self) -> bool {
        let is_pending = |project: &SyncedProject| {
            let mut changes = project.changes.iter();
            changes.any(|(_, action)| *action != Action::None) || !project.stale_locks.is_empty()
        };
        let client = self.client.as_ref();
        self.check
            && (client.is_some_and(|(_, state)| *state != ClientState::Ready)
                || self.projects.iter().any(is_pending)
                || !self.added.is_empty()
                || !self.notes.is_empty())
    }
}

/// Brings the client of this machine and the connectors of all projects to the lock: first the client, then all files of the projects or
/// none.
///
/// # Errors
/// `lock-stale`, `platform-not-locked`, `digest-mismatch`, `version-conflict`; those of both files, of `install`, and of editing manifests.
pub fn sync(request: &SyncRequest, store: &Store, events: &EventSink) -> Result<SyncOutcome> {
    let setup = lock::required()?;
    let interrupted = projects::recover(&setup, request.check)?;
    let setup = match interrupted.is_empty() {
        true => setup,
        false => lock::required()?,
    };
    let text = setup.lock_text()?;
    let existing = match &text {
        Some(text) => LockFile::parse(text, &setup.lock_path())?,
        None if request.locked || request.check => return Err(stale(message!("sync-no-lock"))),
        None => LockFile::default(),
    };
    if !request.check && setup.client.is_some() && store.is_interrupted() {
        drop(store.lock("sync", events)?);
    }
    let mut lock = completed(request, &setup, &existing, store, events)?;
    let client = client::examine(&setup, &lock, store)?;
    let planned = projects::plan(&setup, &lock, &request.sources, request.check, events)?;
    let mut state = client.as_ref().map(|it| (it.client.clone(), it.state));
    if let (Some(client), Some((_, state)), false) = (&client, &mut state, request.check)
        && *state != ClientState::Ready
    {
        client.install(&setup, &request.sources, store, events)?;
        *state = match state {
            ClientState::NotCurrent => ClientState::Selected,
            ClientState::Ready
            | ClientState::Missing
            | ClientState::Installed
            | ClientState::Selected => ClientState::Installed,
        };
    }
    if !request.locked && !request.check {
        for (index, digest) in planned.digests {
            lock.connectors[index].digest = Some(digest);
        }
    }
    let added = changes::between(&existing, &lock);
    if !request.check {
        let mut files = planned.changes;
        if !added.is_empty() {
            files.push(FileChange {
                path: LOCK_FILE.to_owned(),
                before: text.map(String::into_bytes),
                after: lock.render().into_bytes(),
            });
        }
        files.retain(|file| file.action() != Action::None);
        if !files.is_empty() {
            lock_command::write(files, &ProjectRoot::open(setup.directory())?)?;
        }
    }
    Ok(SyncOutcome {
        check: request.check,
        added,
        client: state,
        projects: planned.projects,
        notes: interrupted,
    })
}

/// The lock with the entries that it lacks, which only an unlocked `sync` adds.
fn completed(
    request: &SyncRequest,
    setup: &SetupFile,
    existing: &LockFile,
    store: &Store,
    events: &EventSink,
) -> Result<LockFile> {
    let gaps = gaps::find(setup, existing)?;
    if gaps.is_empty() {
        return Ok(existing.clone());
    }
    let may_add = !request.locked && !request.check;
    let refused = gaps.iter().find(|gap| !may_add || !gap.is_addition());
    match refused {
        Some(LockGap::PlatformMissing(platform))
            if Some(*platform) == Platform::host() && gaps.len() == 1 =>
        {
            Err(client::not_locked())
        }
        Some(gap) => Err(stale(gap.describe())),
        None => {
            let resolver = Resolver {
                setup,
                sources: &request.sources,
                store,
                events,
            };
            resolver.resolve(existing, &Renewal::default())
        }
    }
}

fn stale(observed: Message) -> Error {
    Error::new(
        ErrorId::LockStale,
        message!("sync-tried"),
        observed,
        Message::quoted("taos-setup lock"),
    )
}
