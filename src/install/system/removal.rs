//! The use case of `uninstall --system`.

use super::{ldconfig, permission, plan};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::store::{System, SystemChangeName, SystemReceipt};
use crate::system::events::{Event, EventSink};

/// The result of `uninstall --system`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemRemoval {
    /// The record of the client.
    pub receipt: SystemReceipt,
    /// The number of files and links that were removed.
    pub removed: usize,
    /// The restored paths.
    pub restored: Vec<String>,
    /// The paths that stay, because they changed since.
    pub kept: Vec<String>,
    /// Backups whose place is taken.
    pub backups: Vec<String>,
    /// Notes.
    pub notes: Vec<Message>,
}

/// Removes the client that is installed for all users, and restores the files that it replaced. Errors: `nothing-installed`;
/// `file-unwritable` if the user is not root; those of the change.
pub fn uninstall(events: &EventSink) -> Result<SystemRemoval> {
    let tried = message!("system-uninstall-tried");
    permission::check_platform(&tried)?;
    permission::check_root(&tried, || message!("system-uninstall-next"))?;
    let system = System::of_this_machine();
    let nothing = || {
        Error::new(
            ErrorId::NothingInstalled,
            tried.clone(),
            message!("system-none-installed"),
            message!("store-list-next"),
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
            let home = printable_path(system.home());
            events.emit(Event::note(message!(
                "system-leftovers-removed",
                home = home
            )));
        }
        system.tidy();
        return Err(nothing());
    };
    let backups = system.backup_dir();
    let has = |name: &str| std::fs::symlink_metadata(backups.join(name)).is_ok();
    let reversal = plan::reverse(&receipt, |path| system.look(path), has)?;
    lock.carry_out(
        SystemChangeName::Removal(receipt.version),
        &reversal.swaps,
        None,
    )?;
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

/// Completes or rolls back an interrupted change. If the user is not root, or with `dry_run`, it is only reported. Errors as for
/// the lock of [`System`].
pub fn recover(dry_run: bool, events: &EventSink) -> Result<()> {
    let system = System::of_this_machine();
    if !system.is_interrupted() {
        return Ok(());
    }
    if dry_run || permission::check_root(&Message::default(), Message::default).is_err() {
        events.emit(Event::note(message!("system-interrupted")));
        return Ok(());
    }
    system.lock("gc", events).map(drop)
}

/// Empties the store if it exists only for such clients; another one stays. Returns notes.
fn forget(system: &System, receipt: &SystemReceipt, events: &EventSink) -> Vec<Message> {
    if receipt.store != system.home() {
        return vec![message!(
            "system-copy-stays",
            store = printable_path(&receipt.store),
            version = receipt.version
        )];
    }
    let store = system.store();
    match empty_store(system, events) {
        Ok(_) => Vec::new(),
        Err(error) => vec![message!(
            "system-copy-failed",
            tried = error.tried,
            why = error.observed,
            store = printable_path(store.home())
        )],
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
