//! `verify`'s data (design, "JSON").

use serde_json::{Value, json};

use crate::diagnose::Status;
use crate::verify::{Ladder, Outcome, Step};

/// `data` of the document.
pub fn verify(outcome: &Outcome) -> Value {
    let targets: Vec<Value> = outcome
        .targets
        .iter()
        .map(|target| {
            json!({
                "target": target.target,
                "transports": target.ladders.iter().map(ladder).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "targets": targets })
}

fn ladder(ladder: &Ladder) -> Value {
    json!({
        "transport": ladder.transport,
        "status": ladder.status(),
        "ms": ladder.ms,
        "rungs": ladder.steps.iter().map(step).collect::<Vec<_>>(),
        "server_version": ladder.server_version,
        "client_version": ladder.client_version,
    })
}

fn step(step: &Step) -> Value {
    let expected = match step.judgement.status {
        Status::Skipped => "",
        _ => &step.judgement.expected,
    };
    json!({
        "rung": step.rung,
        "status": step.judgement.status,
        "ms": step.ms,
        "observed": step.judgement.observed,
        "expected": expected,
    })
}
