//! JSON form of `taos-setup self`.

use serde_json::{Value, json};

use crate::own_program::uninstall::OwnRemoval;
use crate::own_program::update::{OwnUpdate, OwnUpdateOutcome};

/// Returns `data` of `self update`: `outcome` is `current`, `available`, `planned`, or `updated`.
pub(super) fn updated(update: &OwnUpdate) -> Value {
    json!({
        "action": "update",
        "outcome": match update.outcome {
            OwnUpdateOutcome::Current => "current",
            OwnUpdateOutcome::Available => "available",
            OwnUpdateOutcome::Planned => "planned",
            OwnUpdateOutcome::Replaced => "updated",
        },
        "program": update.program.to_string_lossy(),
        "installed": update.before.to_string(),
        "version": update.version.to_string(),
        "place": update.place,
        "archive": update.archive,
        "sha256": update.sha256.map(|it| it.to_string()),
    })
}

/// Returns `data` of `self uninstall`.
pub(super) fn removed(removal: &OwnRemoval) -> Value {
    json!({
        "action": "uninstall",
        "program": removal.program.to_string_lossy(),
        "receipt": removal.receipt.to_string_lossy(),
        "left": removal.left.as_ref().map(|it| it.to_string_lossy()),
        "dry_run": removal.is_dry_run,
    })
}
