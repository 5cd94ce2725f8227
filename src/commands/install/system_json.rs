//! JSON form of `taos-setup install --system`.

use std::path::Path;

use serde_json::{Value, json};

use crate::commands::client_values::system_client;
use crate::install::{Placement, SystemChange, SystemChangeKind};
use crate::message::locale::Locale;

/// `placement`: the client, its changes, and notes in `locale`.
pub(super) fn placement(placement: &Placement, locale: Locale) -> Value {
    let notes = placement.notes.iter().map(|note| note.text(locale));
    json!({
        "client": system_client(&placement.receipt, false),
        "changes": changes(&placement.changes),
        "notes": notes.collect::<Vec<_>>(),
    })
}

/// Paths that change, or would: `action` is `place`, `renew`, `replace`, `move`, `first-ep`, or `remove`; `backup` is the path of the
/// previous content.
pub(super) fn changes(changes: &[SystemChange]) -> Value {
    let path = |backup: &Path| json!(backup.to_string_lossy());
    changes
        .iter()
        .map(|change| {
            let (action, backup) = match &change.what {
                SystemChangeKind::Placed => ("place", Value::Null),
                SystemChangeKind::Replaced => ("renew", Value::Null),
                SystemChangeKind::BackedUp(backup) => ("replace", path(backup)),
                SystemChangeKind::MovedAway(backup) => ("move", path(backup)),
                SystemChangeKind::Pointed(backup) => {
                    ("first-ep", backup.as_deref().map_or(Value::Null, path))
                }
                SystemChangeKind::Removed => ("remove", Value::Null),
            };
            json!({"path": change.path, "action": action, "backup": backup})
        })
        .collect()
}
