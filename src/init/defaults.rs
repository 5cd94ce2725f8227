//! What `taos-setup.toml` says about a project that the command line leaves open, and the entry of a project that it does not list.

use std::path::Path;

use super::InitOutcome;
use crate::catalog::connectors::Transport;
use crate::error::Result;
use crate::lock::{self, LockFile, ProjectSettings, SETUP_FILE, SetupEdit, SetupFile};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::plan::{FileChange, Plan, apply};
use crate::safety::printable::{printable, printable_path};
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};

/// Options that the file may fill in.
#[derive(Debug)]
pub struct InitDefaults<'a> {
    /// `--lang`.
    pub lang: &'a mut Option<String>,
    /// `--transport`.
    pub transport: &'a mut Option<Transport>,
    /// `--manifest`.
    pub manifest: &'a mut Option<String>,
    /// `--server`.
    pub server: &'a mut Option<String>,
    /// Whether it is for TDengine Cloud, which is another server.
    pub cloud: bool,
}

/// A file that does not list the project yet.
#[derive(Debug)]
pub struct ProjectListing {
    setup: SetupFile,
    dir: String,
}

impl InitDefaults<'_> {
    /// Fills in what is open for the project in `directory`. `TAOS_HOST` is preferred to the server of the file, not to a version.
    ///
    /// # Errors
    /// Those of reading the file and its lock.
    pub fn fill_in(self, directory: &Path, events: &EventSink) -> Result<Option<ProjectListing>> {
        let effective = lock::in_effect()?;
        if let Some(note) = &effective.note {
            events.emit(Event::note(note.clone()));
        }
        let Some(setup) = effective.file else {
            return Ok(None);
        };
        let listed = setup.project_in(directory);
        if let Some(project) = listed
            && self.lang.as_ref().is_none_or(|lang| *lang == project.lang)
        {
            *self.lang = Some(project.lang.clone());
            *self.transport = self.transport.or(project.transport);
            if self.manifest.is_none() {
                self.manifest.clone_from(&project.manifest);
            }
        }
        if self.server.is_none() && !self.cloud {
            // A server that was asked before is not asked again.
            let known = match setup.server_version() {
                Some(version) => Some(version),
                None if setup.server_target().is_some() && env_vars::TAOS_HOST.get().is_none() => {
                    let lock: Option<LockFile> = setup.lock()?;
                    lock.and_then(|lock| lock.server)
                        .map(|server| server.version)
                }
                None => None,
            };
            let target = setup.server_target().map(str::to_owned);
            let target = target.filter(|_| env_vars::TAOS_HOST.get().is_none());
            *self.server = known.map(|version| version.to_string()).or(target);
            if let Some(server) = self.server {
                let path = printable_path(&setup.path);
                let note = message!(
                    "lock-default-server",
                    path = path,
                    server = printable(server)
                );
                events.emit(Event::note(note));
            }
        }
        let is_listed = listed.is_some();
        let dir = setup.relative(directory).filter(|_| !is_listed);
        Ok(dir.map(|dir| ProjectListing { setup, dir }))
    }
}

impl ProjectListing {
    /// Adds the project of `outcome` to the file, as `cargo new` adds a member to its workspace, and returns a note.
    ///
    /// # Errors
    /// `file-unwritable`, `would-overwrite`.
    pub fn add(self, outcome: &InitOutcome) -> Result<Option<Message>> {
        let edit = SetupEdit::Project(ProjectSettings {
            dir: self.dir.clone(),
            lang: outcome.language.to_owned(),
            transport: Some(outcome.transport),
            manifest: None,
        });
        let Some(after) = edit.apply(&self.setup.text) else {
            return Ok(None);
        };
        // A directory that the file cannot name is not listed.
        if SetupFile::parse(&after, &self.setup.path).is_err() {
            return Ok(None);
        }
        let root = ProjectRoot::open(self.setup.directory())?;
        let change = FileChange {
            path: SETUP_FILE.to_owned(),
            before: Some(self.setup.text.into_bytes()),
            after: after.into_bytes(),
        };
        apply::apply(
            &Plan {
                changes: vec![change],
            },
            &root,
        )?;
        let path = printable_path(&self.setup.path);
        Ok(Some(message!(
            "lock-listed",
            dir = printable(&self.dir),
            path = path
        )))
    }
}
