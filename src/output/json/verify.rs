//! `verify`'s data (design, "JSON").

use serde_json::{Value, json};

use crate::diagnose::Status;
use crate::verify::{CheckResult, TransportChecks, VerifyOutcome};

/// `data` of the document.
pub fn verify(outcome: &VerifyOutcome) -> Value {
    let targets: Vec<Value> = outcome
        .targets
        .iter()
        .map(|target| {
            json!({
                "target": target.target,
                "transports": target.transports.iter().map(checks).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "targets": targets })
}

fn checks(checks: &TransportChecks) -> Value {
    json!({
        "transport": checks.transport,
        "status": checks.status(),
        "ms": checks.ms,
        "rungs": checks.results.iter().map(result).collect::<Vec<_>>(),
        "server_version": checks.server_version,
        "client_version": checks.client_version,
    })
}

fn result(result: &CheckResult) -> Value {
    let expected = match result.judgement.status {
        Status::Skipped => "",
        _ => &result.judgement.expected,
    };
    json!({
        "rung": result.check,
        "status": result.judgement.status,
        "ms": result.ms,
        "observed": result.judgement.observed,
        "expected": expected,
    })
}
