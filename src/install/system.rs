//! `--system`: the client for every user of this machine. Its files are copied from the store into `/usr/local`, all or none.

mod driver;
mod ldconfig;
mod permission;
mod plan;
mod preview;
mod removal;
mod target_files;
mod vendor_client;

use std::path::Path;

use super::{InstallRequest, Installation};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::store::{Client, Receipt, Store, System, SystemChangeName, SystemReceipt};
use crate::system::events::{EventSink, Silent};

pub use driver::SystemDriver;
pub(super) use driver::find;
pub use plan::{SystemChange, SystemChangeKind};
pub use preview::SystemPreview;
pub(super) use preview::preview;
pub use removal::{SystemRemoval, recover, uninstall};

/// The installation for all users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its record.
    pub receipt: SystemReceipt,
    /// The changes; empty if everything was in place.
    pub changes: Vec<SystemChange>,
    /// Notes, with the command that fixes the problem.
    pub notes: Vec<Message>,
}

/// Runs the installation `work`, which [`place`] ends, if this user may do so on this machine. Errors as for
/// [`permission::check`], and those of `work`.
pub(super) fn around<T>(
    request: &InstallRequest,
    store: &Store,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    permission::check(request)?;
    if request.dry_run {
        return work();
    }
    let system = System::of_this_machine();
    system.make()?;
    let is_new = !store.home().exists();
    let checked = permission::create_roots_store(store.home());
    let ended = checked.and_then(|()| work());
    if ended.is_err() {
        discard_failed(&system, store, &ended);
    }
    if is_new {
        // Only if it is empty.
        let _ = std::fs::remove_dir(store.home());
    }
    system.tidy();
    ended
}

/// Removes what a failed installation left in the store that is only for such clients, unless a later one can resume from it.
fn discard_failed<T>(system: &System, store: &Store, ended: &Result<T>) {
    let can_resume = ended.as_ref().is_err_and(|error| {
        matches!(
            error.id,
            ErrorId::DownloadFailed | ErrorId::Interrupted | ErrorId::StoreBusy
        )
    });
    if can_resume || store.home() != system.home() || !matches!(system.receipt(), Ok(None)) {
        return;
    }
    let events: EventSink = std::sync::Arc::new(Silent);
    let _ = removal::empty_store(system, &events);
}

/// Copies an installed client to where every user's programs find it. Errors: `would-overwrite`, `file-unwritable`,
/// `file-unreadable`, `digest-mismatch`, `store-busy`.
pub(super) fn place(
    installation: &Installation,
    request: &InstallRequest,
    store: &Store,
    events: &EventSink,
) -> Result<Placement> {
    let system = System::of_this_machine();
    let lock = system.lock("install --system", events)?;
    let before = system.receipt()?;
    let of = &installation.receipt;
    let client = &installation.client;
    let planned = planned(
        request,
        client,
        &client.prefix,
        of,
        before.as_ref(),
        &system,
    )?;
    let same = |before: &SystemReceipt| {
        (before.version, before.edition, before.sha256) == (of.version, of.edition, of.sha256)
    };
    if planned.swaps.is_empty()
        && let Some(before) = before.clone().filter(same)
    {
        return Ok(Placement {
            receipt: before,
            changes: Vec::new(),
            notes: Vec::new(),
        });
    }
    let receipt = SystemReceipt {
        schema: 1,
        edition: of.edition,
        version: of.version,
        platform: of.platform.clone(),
        source: of.source.clone(),
        sha256: of.sha256,
        verified: of.verified,
        parts: of.parts,
        installed_at: crate::system::clock::now_text(),
        store: store.home().to_path_buf(),
        folders: before.map(|before| before.folders).unwrap_or_default(),
        paths: planned.paths,
    };
    lock.carry_out(
        SystemChangeName::Installation(of.version),
        &planned.swaps,
        Some(receipt.clone()),
    )?;
    let receipt = system.receipt()?.unwrap_or(receipt);
    drop(lock);
    let mut notes = planned.notes;
    notes.extend(ldconfig::refresh());
    notes.extend(ldconfig::after(&installation.client));
    Ok(Placement {
        receipt,
        changes: planned.changes,
        notes,
    })
}

/// Plans the placement of the files in `receipt` below `root`. Error `would-overwrite` with everything that is in the way.
fn planned(
    request: &InstallRequest,
    client: &Client,
    root: &Path,
    receipt: &Receipt,
    before: Option<&SystemReceipt>,
    system: &System,
) -> Result<plan::SystemPlan> {
    let targets = target_files::target_files(root, receipt)?;
    let config = target_files::target_config(client, root, request, system)?;
    let found = vendor_client::find();
    let planned = plan::plan(&plan::SystemSituation {
        targets: &targets,
        config: &config,
        before,
        vendor: found.as_ref(),
        replace: request.replace,
        repair: request.repair,
        look: &|path| system.look(path),
        backup: &system.backup_names(),
        backup_dir: &system.backup_dir(),
    })?;
    if planned.conflicts.is_empty() {
        return Ok(planned);
    }
    Err(in_the_way(
        request,
        client.version,
        vendor_client::in_the_way(found.as_ref(), before),
        &planned.conflicts,
        system,
    ))
}

/// Error `would-overwrite`.
fn in_the_way(
    request: &InstallRequest,
    version: crate::tdengine::version::Version,
    vendor: Option<&vendor_client::VendorClient>,
    conflicts: &[plan::PathConflict],
    system: &System,
) -> Error {
    const NAMED: usize = 8;
    let mut observed: Vec<Message> = Vec::new();
    if let Some(vendor) = vendor {
        observed.push(vendor.describe());
    }
    let mut named: Vec<Message> = conflicts
        .iter()
        .take(NAMED)
        .map(|conflict| {
            message!(
                "system-conflict",
                path = printable(&conflict.path),
                why = conflict.why
            )
        })
        .collect();
    if let Some(more) = conflicts.len().checked_sub(NAMED).filter(|more| *more > 0) {
        named.push(message!("system-conflicts-more", count = more));
    }
    if !named.is_empty() {
        let paths = Message::joined(named, ", ");
        observed.push(message!("system-conflicts", paths = paths));
    }
    let stuck = conflicts.iter().any(|conflict| !conflict.movable);
    let next = if stuck {
        message!("system-conflicts-move-next")
    } else {
        message!(
            "system-replace-next",
            command = permission::command(request, &["--replace"]),
            backups = printable_path(&system.backup_dir())
        )
    };
    Error::new(
        ErrorId::WouldOverwrite,
        message!("system-install-tried", version = version),
        Message::joined(observed, "; "),
        next,
    )
}
