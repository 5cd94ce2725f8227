//! JSON form of `taos-setup uninstall`.

use serde_json::{Value, json};

use crate::clients::uninstall::UninstallOutcome;
use crate::install::SystemRemoval;
use crate::message::locale::Locale;
use crate::store::Kept;

/// Returns `data`: `why` a path was kept is `added` or `changed`; `current` is the current client now.
pub(super) fn data(outcome: &UninstallOutcome) -> Value {
    let clients: Vec<Value> = outcome
        .removed
        .iter()
        .map(|(client, removal)| {
            let kept: Vec<Value> = removal
                .kept
                .iter()
                .map(|(path, reason)| {
                    let why = match reason {
                        Kept::Added => "added",
                        Kept::Changed => "changed",
                    };
                    json!({"path": path, "why": why})
                })
                .collect();
            json!({
                "version": client.version,
                "edition": client.edition,
                "platform": client.platform.to_string(),
                "prefix": client.prefix.to_string_lossy(),
                "removed": removal.removed,
                "kept": kept,
            })
        })
        .collect();
    let current = outcome.current.as_ref().map(|current| current.version);
    json!({"uninstalled": clients, "current": current})
}

/// Returns `data` of `uninstall --system`.
pub(super) fn system_data(removal: &SystemRemoval, locale: Locale) -> Value {
    let notes = removal.notes.iter().map(|note| note.text(locale));
    json!({
        "system": {
            "version": removal.receipt.version,
            "edition": removal.receipt.edition,
            "removed": removal.removed,
            "restored": removal.restored,
            "kept": removal.kept,
            "backups": removal.backups,
            "notes": notes.collect::<Vec<_>>(),
        },
    })
}
