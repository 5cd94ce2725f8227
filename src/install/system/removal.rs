//! The use case of `uninstall --system`.

use super::{asked, ldconfig, plan};
use crate::error::{Error, ErrorId, Result};
use crate::store::{System, SystemReceipt};
use crate::system::events::{Event, EventSink};

/// What `uninstall --system` did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemRemoval {
    /// What was installed.
    pub receipt: SystemReceipt,
    /// How many files and links went.
    pub removed: usize,
    /// What was put back, as it was before.
    pub restored: Vec<String>,
    /// What stays, because it changed since.
    pub kept: Vec<String>,
    /// Backups that have no place to go back to.
    pub backups: Vec<String>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Takes the client that is installed for every user away, and puts back what it replaced. Errors: `nothing-installed`;
/// `file-unwritable` for who is not root; those of the change.
pub fn uninstall(events: &EventSink) -> Result<SystemRemoval> {
    const TRIED: &str = "uninstall the client for all users";
    asked::is_possible(TRIED)?;
    asked::is_root(TRIED, || "sudo taos-setup uninstall --system".into())?;
    let system = System::of_this_machine();
    let nothing = || {
        Error::new(
            ErrorId::NothingInstalled,
            TRIED,
            "none is installed with --system on this machine",
            "taos-setup list",
        )
    };
    // Nothing is made where nothing is installed; an interrupted change may have left something all the same.
    if !system.home().is_dir() {
        return Err(nothing());
    }
    let lock = system.lock("uninstall --system", events)?;
    let Some(receipt) = system.receipt()? else {
        drop(lock);
        // A failed or killed installation may have left its client.
        if empty_store(&system, events)? {
            events.emit(Event::Note(
                format!(
                    "removed what an installation that failed left in {}",
                    system.home().display()
                )
                .into(),
            ));
        }
        system.tidy();
        return Err(nothing());
    };
    let backups = system.backup_dir();
    let has = |name: &str| std::fs::symlink_metadata(backups.join(name)).is_ok();
    let reversal = plan::reverse(&receipt, |path| system.look(path), has)?;
    let what = format!("the removal of {} for all users", receipt.version);
    lock.carry_out(&what, &reversal.swaps, None)?;
    drop(lock);
    let mut notes = ldconfig::refresh();
    notes.extend(forget(&system, &receipt, events));
    let left = system.backups();
    system.tidy();
    Ok(SystemRemoval {
        receipt,
        removed: reversal.removed,
        restored: reversal.restored,
        kept: reversal.kept,
        backups: left,
        notes,
    })
}

/// Finishes or undoes a change that was interrupted. For who is not root, or with `dry_run`, that is only said. Errors as for
/// the lock of [`System`].
pub fn recover(dry_run: bool, events: &EventSink) -> Result<()> {
    let system = System::of_this_machine();
    if !system.is_interrupted() {
        return Ok(());
    }
    if dry_run || asked::is_root("", String::new).is_err() {
        events.emit(Event::note(
            "a change for all users was interrupted; sudo taos-setup gc finishes or undoes it",
        ));
        return Ok(());
    }
    system.lock("gc", events).map(drop)
}

/// The store that is there for such clients alone goes with them; another one stays. Gives what went wrong.
fn forget(system: &System, receipt: &SystemReceipt, events: &EventSink) -> Vec<String> {
    if receipt.store != system.home() {
        return vec![format!(
            "the package's own copy stays in {}; taos-setup uninstall {} removes it",
            receipt.store.display(),
            receipt.version
        )];
    }
    let store = system.store();
    match empty_store(system, events) {
        Ok(_) => Vec::new(),
        Err(error) => vec![format!("{error}; it stays in {}", store.home().display())],
    }
}

/// Removes every client and package from the store that is only for clients of all users. Returns whether there were any.
pub(super) fn empty_store(system: &System, events: &EventSink) -> Result<bool> {
    let store = system.store();
    let emptied = || -> Result<bool> {
        let lock = store.lock("uninstall --system", events)?;
        let clients = store.installed()?;
        for client in &clients {
            lock.uninstall(client)?;
        }
        drop(lock);
        let collected = store.collect(events)?;
        Ok(!clients.is_empty() || !collected.is_empty())
    };
    let ended = emptied();
    let _ = std::fs::remove_dir(store.home().join("clients"));
    // The clients' logs are never deleted; a directory without any is removed.
    let _ = std::fs::remove_dir(store.log_dir());
    ended
}
