//! What `uninstall` removed and kept.

use serde_json::{Value, json};

use crate::store::{Client, Kept, Removal};

/// `data` of `uninstall`: `why` a path was kept is `added` or `changed`; `current` is what is current now.
pub fn uninstall(done: &[(Client, Removal)], current: Option<&Client>) -> Value {
    let clients: Vec<Value> = done
        .iter()
        .map(|(client, removal)| {
            let kept: Vec<Value> = removal
                .kept
                .iter()
                .map(|(path, why)| {
                    let why = match why {
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
    json!({"uninstalled": clients, "current": current.map(|current| current.version)})
}
