//! What `gc` removed, or would.

use serde_json::{Value, json};

use crate::store::{Leftover, LeftoverKind};

/// `data` of `gc`: `kind` is `staging`, `interrupted` or `download`; `idle` is false where another taos-setup is at work,
/// so that a dry run can tell nothing.
pub fn gc(leftovers: &[Leftover], dry_run: bool, idle: bool) -> Value {
    let items: Vec<Value> = leftovers
        .iter()
        .map(|leftover| {
            let kind = match leftover.kind {
                LeftoverKind::Staging => "staging",
                LeftoverKind::Interrupted => "interrupted",
                LeftoverKind::Download => "download",
            };
            json!({"kind": kind, "path": leftover.path.to_string_lossy(), "bytes": leftover.bytes})
        })
        .collect();
    let bytes: u64 = leftovers.iter().map(|leftover| leftover.bytes).sum();
    json!({"dry_run": dry_run, "idle": idle, "items": items, "bytes": bytes})
}
