//! JSON form of `taos-setup gc`.

use serde_json::{Value, json};

use crate::clients::gc::GcOutcome;
use crate::store::LeftoverKind;

/// Returns `data`: `kind` is `staging`, `interrupted`, `download`, or `program`; `idle` is false if another process is changing the store, so
/// that a dry run cannot determine the leftovers.
pub(super) fn data(outcome: &GcOutcome) -> Value {
    let items: Vec<Value> = outcome
        .leftovers
        .iter()
        .map(|leftover| {
            let kind = match leftover.kind {
                LeftoverKind::Staging => "staging",
                LeftoverKind::Interrupted => "interrupted",
                LeftoverKind::Download => "download",
                LeftoverKind::Program => "program",
            };
            json!({"kind": kind, "path": leftover.path.to_string_lossy(), "bytes": leftover.bytes})
        })
        .collect();
    let bytes: u64 = outcome
        .leftovers
        .iter()
        .map(|leftover| leftover.bytes)
        .sum();
    json!({"dry_run": outcome.dry_run, "idle": outcome.is_idle, "items": items, "bytes": bytes})
}
