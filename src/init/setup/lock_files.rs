//! The lock files of the project, and those that are shared with others above it.

use super::ProjectSetup;
use crate::error::Result;
use crate::init::lock_files::{FoundLock, LockQuery};
use crate::init::surroundings::{SharedDirectory, Surroundings};
use crate::init::{StaleLock, commands};
use crate::message::Message;
use crate::project::files;
use crate::project::template::render;

impl<'a> ProjectSetup<'a> {
    /// The lock files that exist beside the project's manifest, and beside those above it.
    pub(in crate::init) fn locks(&self, around: &Surroundings) -> Vec<FoundLock<'a>> {
        let own = SharedDirectory {
            place: self.root.to_path_buf(),
            ..SharedDirectory::default()
        };
        let folders = std::iter::once(&own).chain(&around.folders);
        let found = folders.flat_map(|folder| {
            let locks = self.language.locks.iter();
            locks.map(move |lock| FoundLock {
                file: folder.place.join(&lock.file),
                path: format!("{}{}", folder.path, lock.file),
                member: folder.member.clone(),
                lock,
            })
        });
        found.filter(|found| found.file.exists()).collect()
    }

    /// Notes about what the lock file `found` holds that does not work with the connector.
    pub(super) fn notes_about_lock(&self, found: &FoundLock) -> Vec<Message> {
        match files::read_lock(&found.file) {
            Ok(Some(bytes)) => self.language.manifest.format.reader().notes_about_lock(
                &found.path,
                &String::from_utf8_lossy(&bytes),
                self.choice.companions,
            ),
            _ => Vec::new(),
        }
    }

    /// The lock files that exist and no longer match what `locked` says of the manifest.
    pub(in crate::init) fn stale_locks(&self, locked: &LockQuery) -> Result<Vec<StaleLock>> {
        let values = self.values(&self.language.existing, &locked.around)?;
        self.locks(&locked.around)
            .into_iter()
            .filter(|found| locked.is_stale(found) || !self.notes_about_lock(found).is_empty())
            .map(|FoundLock { path, lock, .. }| {
                let command = render("a command of template.toml", &lock.refresh, &values)?;
                let mut commands = [command];
                if let Some((tool, script)) = self.wrapper(&self.language.existing, &locked.around)
                {
                    commands::wrap(tool, &script, &mut commands);
                }
                let [refresh] = commands;
                Ok(StaleLock {
                    file: path,
                    refresh,
                })
            })
            .collect()
    }
}
