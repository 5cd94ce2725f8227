//! `--system`: the client for every user of this machine. Its files are copied from the store into `/usr/local`, all or none.

mod asked;
mod driver;
mod ldconfig;
mod plan;
mod preview;
mod removal;
mod vendor;
mod wanted;

use std::path::Path;

use super::{InstallRequest, Installation};
use crate::error::{Error, ErrorId, Result};
use crate::store::{Client, Receipt, Store, System, SystemReceipt};
use crate::system::events::{EventSink, Silent};

pub use driver::SystemDriver;
pub(super) use driver::find;
pub use plan::{SystemChange, SystemChangeKind};
pub use preview::SystemPreview;
pub(super) use preview::preview;
pub use removal::{SystemRemoval, recover, uninstall};

/// SystemChangeKind was done for every user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// SystemChangeKind is recorded now.
    pub receipt: SystemReceipt,
    /// SystemChangeKind changed; empty where all was as it should be.
    pub changes: Vec<SystemChange>,
    /// SystemChangeKind the user should know, one sentence each, with the command that mends it.
    pub notes: Vec<String>,
}

/// Runs the installation `work` that [`place`] ends, once it is sure that this user may do so on this machine. Errors as for
/// [`asked::permit`], and those of `work`.
pub(super) fn around<T>(
    request: &InstallRequest,
    store: &Store,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    asked::permit(request)?;
    if request.dry_run {
        return work();
    }
    let system = System::of_this_machine();
    system.make()?;
    let is_new = !store.home().exists();
    let checked = asked::create_roots_store(store.home());
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
    let what = format!("the installation of {} for all users", of.version);
    lock.carry_out(&what, &planned.swaps, Some(receipt.clone()))?;
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

/// The plan for what `receipt` records of `client` below `root`, or error `would-overwrite` with all that is in the way.
fn planned(
    request: &InstallRequest,
    client: &Client,
    root: &Path,
    receipt: &Receipt,
    before: Option<&SystemReceipt>,
    system: &System,
) -> Result<plan::SystemPlan> {
    let wanted = wanted::wanted(root, receipt)?;
    let config = wanted::config(client, root, request, system)?;
    let found = vendor::find();
    let planned = plan::plan(&plan::SystemSituation {
        wanted: &wanted,
        config: &config,
        before,
        vendor: found.as_ref(),
        replace: request.replace,
        repair: request.repair,
        look: &|path| system.look(path),
        backup: &system.backup_names(),
    })?;
    if planned.conflicts.is_empty() {
        return Ok(planned);
    }
    Err(in_the_way(
        request,
        client.version,
        vendor::in_the_way(found.as_ref(), before),
        &planned.conflicts,
        system,
    ))
}

/// Error `would-overwrite`.
fn in_the_way(
    request: &InstallRequest,
    version: crate::tdengine::version::Version,
    vendor: Option<&vendor::VendorClient>,
    conflicts: &[plan::PathConflict],
    system: &System,
) -> Error {
    const NAMED: usize = 8;
    let mut said = Vec::new();
    if let Some(vendor) = vendor {
        said.push(vendor.to_string());
    }
    let mut named: Vec<String> = conflicts
        .iter()
        .take(NAMED)
        .map(|conflict| format!("{} ({})", conflict.path, conflict.why))
        .collect();
    if let Some(more) = conflicts.len().checked_sub(NAMED).filter(|more| *more > 0) {
        named.push(format!("{more} more"));
    }
    if !named.is_empty() {
        said.push(format!(
            "taos-setup did not put these there: {}",
            named.join(", ")
        ));
    }
    let stuck = conflicts.iter().any(|conflict| !conflict.movable);
    let next = if stuck {
        "move the folders and links that stand in the way, then run the command again".to_owned()
    } else {
        format!(
            "{}    # moves it to {}; uninstall --system puts it back",
            asked::command(request, &["--replace"]),
            system.backup_dir().display()
        )
    };
    Error::new(
        ErrorId::WouldOverwrite,
        format!("install {version} for all users"),
        said.join("; "),
        next,
    )
}
