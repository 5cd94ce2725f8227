//! `system-journal.toml`: the change of the system's folders that is under way. It is on the disk before the first step and goes
//! after the last. First all that comes is put beside its place; then names change, one step a path; then what went is deleted.
//! What a process that died left is undone in the first phase and finished in the others.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::{Comes, Swap, SystemChangeName};
use super::place::{self, SystemPlace};
use super::receipt::is_folder;
use super::shift::PART;
use super::stage::{self, NEW};
use super::step::{Aside, Opened, Step, back, forward};
use super::{SystemLock, SystemReceipt, not_ours, unwritable};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::store::{disk, removal, toml_text};

/// What went and is deleted in the end has a name that begins with this.
const OLD: &str = ".taos-setup-old-";

/// A change under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Journal {
    schema: u32,
    /// The change as an English phrase, for versions of this program that read nothing else.
    what: String,
    /// The change; missing in the journals of such versions.
    #[serde(default)]
    name: Option<SystemChangeName>,
    phase: Phase,
    /// A part of the names of staged files that others cannot guess, so that nothing can be planted there.
    #[serde(default)]
    tag: String,
    before: Option<SystemReceipt>,
    after: Option<SystemReceipt>,
    /// Folders to be made, outer ones first.
    #[serde(default)]
    folders: Vec<String>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Phase {
    /// What comes is put beside its place.
    Staging,
    /// Names change.
    Swapping,
    /// All is in its place, and recorded.
    Done,
}

impl Journal {
    /// Returns `prefix` with the tag.
    fn tagged(&self, prefix: &str) -> String {
        match self.tag.as_str() {
            "" => prefix.to_owned(),
            tag => format!("{prefix}{tag}-"),
        }
    }

    fn is_honest(&self) -> bool {
        let receipts = [&self.before, &self.after];
        self.schema == 1
            && self.tag.len() <= 16
            && self.tag.bytes().all(|byte| byte.is_ascii_hexdigit())
            && self.steps.iter().all(Step::is_honest)
            && self.folders.iter().all(|folder| is_folder(folder))
            && receipts.into_iter().flatten().all(SystemReceipt::is_honest)
    }
}

impl SystemLock {
    /// Changes the system's folders as `swaps` say, and records `after`, or that nothing is installed any more. Either all of it
    /// is done, or nothing. Errors `file-unwritable`, `file-unreadable`, `digest-mismatch`.
    pub fn carry_out(
        &self,
        name: SystemChangeName,
        swaps: &[Swap],
        mut after: Option<SystemReceipt>,
    ) -> Result<()> {
        let before = self.system.receipt()?;
        if after.is_none() {
            // On a full disk this frees space for the journal.
            let _ = disk::remove_file(&self.reserve_path());
        }
        let folders = missing_folders(swaps);
        if let Some(after) = &mut after {
            for folder in &folders {
                if !after.folders.contains(folder) {
                    after.folders.push(folder.clone());
                }
            }
        }
        let mut journal = Journal {
            schema: 1,
            what: name.describe().text(Locale::En),
            name: Some(name),
            phase: Phase::Staging,
            tag: format!("{:016x}", RandomState::new().hash_one(std::process::id())),
            before,
            after,
            folders,
            steps: swaps.iter().map(Step::of).collect(),
        };
        let begun = self.write(&journal).and_then(|()| {
            self.stage(&journal, swaps)?;
            journal.phase = Phase::Swapping;
            self.write(&journal)
        });
        if let Err(error) = begun {
            journal.phase = Phase::Staging;
            return Err(self.give_up(&journal, error));
        }
        if let Err(error) = self.swap(&journal) {
            let back = self.swap_back(&journal).and_then(|()| {
                journal.phase = Phase::Staging;
                self.write(&journal)
            });
            return Err(match back {
                Ok(()) => self.give_up(&journal, error),
                Err(_) => later(error),
            });
        }
        self.conclude(&mut journal).map_err(later)
    }

    /// Completes or rolls back the change of a killed process, and describes it; `None` if there is none.
    pub(super) fn recover(&self) -> Result<Option<Message>> {
        for path in [
            self.journal_path(),
            self.receipt_path(),
            self.reserve_path(),
        ] {
            stage::discard(&path)?;
        }
        let path = self.journal_path();
        let Some(mut journal) = super::read::<Journal>(&path)? else {
            return Ok(None);
        };
        if !journal.is_honest() {
            return Err(not_ours(&path));
        }
        let change = match journal.name {
            Some(name) => name.describe(),
            None => Message::quoted(printable(&journal.what)),
        };
        let done = |is_completed: bool| {
            Ok(Some(message!(
                "store-recovered",
                change = change,
                is_completed = is_completed
            )))
        };
        if journal.phase == Phase::Staging {
            self.undo(&journal)?;
            return done(false);
        }
        if journal.phase == Phase::Swapping
            && let Err(error) = self.swap(&journal)
        {
            self.swap_back(&journal).map_err(|_| error)?;
            journal.phase = Phase::Staging;
            self.write(&journal)?;
            self.undo(&journal)?;
            return done(false);
        }
        self.conclude(&mut journal)?;
        done(true)
    }

    /// Puts what comes beside its place, and makes folders.
    fn stage(&self, journal: &Journal, swaps: &[Swap]) -> Result<()> {
        for folder in &journal.folders {
            stage::folder(folder, 0o755)?;
        }
        for step in &journal.steps {
            if let Some(Aside::Backup(name)) = &step.goes {
                self.backup_folders(name)?;
            }
        }
        swaps
            .iter()
            .try_for_each(|swap| stage::stage(&swap.path, &swap.comes, &journal.tagged(NEW)))
    }

    /// Makes the folders of the backup `name`, for root alone.
    fn backup_folders(&self, name: &str) -> Result<()> {
        let whole = self.system.backup_dir().join(name);
        let folders = whole.ancestors().skip(1);
        let mut missing: Vec<&Path> = folders.take_while(|folder| !folder.is_dir()).collect();
        missing.reverse();
        missing
            .into_iter()
            .try_for_each(|folder| stage::folder(&folder.to_string_lossy(), 0o700))
    }

    /// Every name that is still to change. May be begun again after any step.
    fn swap(&self, journal: &Journal) -> Result<()> {
        for step in &journal.steps {
            self.open(journal, step)
                .and_then(|open| forward(&open))
                .map_err(|error| unwritable(Path::new(&step.path), &error))?;
        }
        self.sync(journal)?;
        self.record(journal.after.as_ref())
    }

    /// Every name that has changed, back. May be begun again.
    fn swap_back(&self, journal: &Journal) -> Result<()> {
        for step in journal.steps.iter().rev() {
            self.open(journal, step)
                .and_then(|open| back(&open))
                .map_err(|error| unwritable(Path::new(&step.path), &error))?;
        }
        self.sync(journal)?;
        self.record(journal.before.as_ref())
    }

    /// Deletes what went, and ends the journal.
    fn conclude(&self, journal: &mut Journal) -> Result<()> {
        if journal.phase != Phase::Done {
            journal.phase = Phase::Done;
            self.write(journal)?;
        }
        for step in &journal.steps {
            let mut prefixes = vec![journal.tagged(PART)];
            if let Some(Aside::Beside) = step.goes {
                prefixes.push(journal.tagged(OLD));
            }
            self.sweep(step, &prefixes)?;
        }
        if let (Some(before), None) = (&journal.before, &journal.after) {
            for folder in before.folders.iter().rev() {
                stage::remove_if_empty(Path::new(folder))?;
            }
        }
        if journal.after.is_some() {
            self.set_room_aside();
        }
        self.end()
    }

    /// Keeps some space for the journal of the removal, which has to succeed on a full disk. Without it, less succeeds there.
    fn set_room_aside(&self) {
        const ROOM: usize = 256 << 10;
        let path = self.reserve_path();
        let is_there =
            std::fs::symlink_metadata(&path).is_ok_and(|found| found.len() == ROOM as u64);
        if !is_there && stage::write(&path, &vec![b'.'; ROOM]).is_err() {
            let _ = std::fs::remove_file(&path);
        }
    }

    fn reserve_path(&self) -> PathBuf {
        self.system.home().join(super::RESERVE)
    }

    /// After a failure in the first phase: undoes it, or leaves that to the next run.
    fn give_up(&self, journal: &Journal, error: crate::error::Error) -> crate::error::Error {
        match self.undo(journal) {
            Ok(()) => error,
            Err(_) => later(error),
        }
    }

    /// Removes what was put beside its place, and folders that were made.
    fn undo(&self, journal: &Journal) -> Result<()> {
        for step in &journal.steps {
            self.sweep(step, &[journal.tagged(NEW), journal.tagged(PART)])?;
        }
        for folder in journal.folders.iter().rev() {
            stage::remove_if_empty(Path::new(folder))?;
        }
        if journal.before.is_some() {
            self.set_room_aside();
        }
        self.end()
    }

    /// Removes what has the step's name behind one of `prefixes`, and copies in the folder of backups that are not whole.
    fn sweep(&self, step: &Step, prefixes: &[String]) -> Result<()> {
        let remove = |path: &Path, prefixes: &[String]| -> io::Result<()> {
            let place = match SystemPlace::of(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                place => place?,
            };
            for prefix in prefixes {
                let name = place.beside(prefix);
                if place.folder.entry_type(&name).is_ok() {
                    disk::step()?;
                    place::remove(&place.folder, &name)?;
                }
            }
            Ok(())
        };
        let path = Path::new(&step.path);
        remove(path, prefixes).map_err(|error| unwritable(path, &error))?;
        for aside in [&step.comes, &step.goes].into_iter().flatten() {
            if let Aside::Backup(name) = aside {
                let path = self.system.backup_dir().join(name);
                remove(&path, prefixes).map_err(|error| unwritable(&path, &error))?;
            }
        }
        Ok(())
    }

    /// Removes folders of backups that are empty, then the journal.
    fn end(&self) -> Result<()> {
        let backups = self.system.backup_dir();
        if let Ok(folder) = stage::open(&backups) {
            removal::remove_empty(&folder).map_err(|error| unwritable(&backups, &error))?;
            stage::remove_if_empty(&backups)?;
        }
        let path = self.journal_path();
        disk::remove_file(&path).map_err(|error| unwritable(&path, &error))
    }

    fn open(&self, journal: &Journal, step: &Step) -> io::Result<Opened> {
        let aside = |aside: &Option<Aside>, prefix: &str| -> io::Result<Option<SystemPlace>> {
            Ok(match aside {
                None => None,
                Some(Aside::Backup(name)) => {
                    Some(SystemPlace::of(&self.system.backup_dir().join(name))?)
                }
                Some(Aside::Beside) => {
                    let place = SystemPlace::of(Path::new(&step.path))?;
                    let name = place.beside(prefix);
                    Some(SystemPlace { name, ..place })
                }
            })
        };
        Ok(Opened {
            path: SystemPlace::of(Path::new(&step.path))?,
            comes: aside(&step.comes, &journal.tagged(NEW))?,
            goes: aside(&step.goes, &journal.tagged(OLD))?,
            restores: matches!(step.comes, Some(Aside::Backup(_))),
            part: journal.tagged(PART),
        })
    }

    /// Brings every name that changed to the disk.
    fn sync(&self, journal: &Journal) -> Result<()> {
        let mut folders = BTreeSet::new();
        for step in &journal.steps {
            let mut paths = vec![PathBuf::from(&step.path)];
            for aside in [&step.comes, &step.goes].into_iter().flatten() {
                if let Aside::Backup(name) = aside {
                    paths.push(self.system.backup_dir().join(name));
                }
            }
            folders.extend(
                paths
                    .iter()
                    .filter_map(|path| path.parent())
                    .map(Path::to_path_buf),
            );
        }
        for folder in folders {
            disk::step()
                .and_then(|()| match stage::open(&folder) {
                    Ok(opened) => opened.sync(),
                    // The system's own folder, which may be a link.
                    Err(_) => disk::sync_directory(&folder),
                })
                .map_err(|error| unwritable(&folder, &error))?;
        }
        Ok(())
    }

    fn write(&self, journal: &Journal) -> Result<()> {
        let path = self.journal_path();
        let text = toml_text(&path, journal)?;
        stage::write(&path, text.as_bytes())
    }

    fn record(&self, receipt: Option<&SystemReceipt>) -> Result<()> {
        let path = self.receipt_path();
        match receipt {
            Some(receipt) => stage::write(&path, toml_text(&path, receipt)?.as_bytes()),
            None => disk::remove_file(&path).map_err(|error| unwritable(&path, &error)),
        }
    }
}

/// The folders on the way to what comes that are not there, outer ones first.
fn missing_folders(swaps: &[Swap]) -> Vec<String> {
    let mut missing = BTreeSet::new();
    for swap in swaps.iter().filter(|swap| swap.comes != Comes::Nothing) {
        for folder in Path::new(&swap.path).ancestors().skip(1) {
            let folder = folder.to_string_lossy();
            if !is_folder(&folder) || Path::new(&*folder).is_dir() {
                break;
            }
            missing.insert(folder.into_owned());
        }
    }
    missing.into_iter().collect()
}

fn later(mut error: crate::error::Error) -> crate::error::Error {
    error.next = error
        .next
        .then(Message::quoted("\n"))
        .then(message!("system-completed-later-next"));
    error
}
