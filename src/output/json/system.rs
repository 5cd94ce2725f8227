//! SystemChangeKind was, or would be, done for every user of the machine.

use serde_json::{Value, json};

use crate::install::{Placement, SystemChange, SystemChangeKind, SystemRemoval};
use crate::store::{System, SystemReceipt};

/// The client that is installed for every user, as `list` shows it; `current` where the store leaves the choice to the machine.
pub(super) fn receipt(receipt: &SystemReceipt, current: bool) -> Value {
    json!({
        "version": receipt.version,
        "edition": receipt.edition,
        "platform": receipt.platform,
        "current": current,
        "prefix": "/usr/local",
        "sha256": receipt.sha256,
        "verified": receipt.verified,
        "installed_at": receipt.installed_at,
    })
}

/// `placement` of `install --system`.
pub(super) fn placement(placement: &Placement) -> Value {
    json!({
        "client": receipt(&placement.receipt, false),
        "changes": changes(&placement.changes),
        "notes": placement.notes,
    })
}

/// Paths that change, or would: `action` is `place`, `renew`, `replace`, `move`, `first-ep` or `remove`; `backup` is where what
/// was there is kept.
pub(super) fn changes(changes: &[SystemChange]) -> Value {
    let backups = System::of_this_machine().backup_dir();
    let kept = |name: &String| json!(backups.join(name).to_string_lossy());
    changes
        .iter()
        .map(|change| {
            let (action, backup) = match &change.what {
                SystemChangeKind::Placed => ("place", Value::Null),
                SystemChangeKind::Replaced => ("renew", Value::Null),
                SystemChangeKind::BackedUp(name) => ("replace", kept(name)),
                SystemChangeKind::MovedAway(name) => ("move", kept(name)),
                SystemChangeKind::Pointed(name) => {
                    ("first-ep", name.as_ref().map_or(Value::Null, kept))
                }
                SystemChangeKind::Removed => ("remove", Value::Null),
            };
            json!({"path": change.path, "action": action, "backup": backup})
        })
        .collect()
}

/// `data` of `uninstall --system`.
pub fn uninstall_system(removal: &SystemRemoval) -> Value {
    json!({
        "system": {
            "version": removal.receipt.version,
            "edition": removal.receipt.edition,
            "removed": removal.removed,
            "restored": removal.restored,
            "kept": removal.kept,
            "backups": removal.backups,
            "notes": removal.notes,
        },
    })
}
