//! `data` of `verify --json`.

use serde_json::{Value, json};

use super::bench_json;
use super::connectors;
use super::fleet;
use super::route_json;
use crate::diagnose::Status;
use crate::message::locale::Locale;
use crate::verify::{CheckResult, TransportChecks, VerifyOutcome};

/// Renders `data` of the document; texts are in `locale`.
pub fn data(outcome: &VerifyOutcome, locale: Locale) -> Value {
    let targets: Vec<Value> = outcome
        .targets
        .iter()
        .map(|target| {
            let transports = target.transports.iter().map(|it| checks(it, locale));
            let mut data = json!({
                "target": target.target,
                "transports": transports.collect::<Vec<_>>(),
                "path": route_json::route(&target.route),
                "control": target.control.as_ref().map(route_json::control),
            });
            if !target.connectors.is_empty() {
                data["connectors"] = connectors::data(&target.connectors, locale).into();
            }
            if let Some(labels) = &target.labels {
                data["group"] = labels.group.as_deref().into();
                data["labels"] = Value::from_iter(labels.labels.iter().cloned());
            }
            if let Some(figures) = &target.bench {
                data["bench"] = bench_json::data(figures, locale);
            }
            data
        })
        .collect();
    let mut data = json!({ "targets": targets });
    if let Some(view) = &outcome.fleet {
        data["fleet"] = fleet::data(outcome, view);
    }
    data
}

fn checks(checks: &TransportChecks, locale: Locale) -> Value {
    let results = checks.results.iter().map(|it| result(it, locale));
    json!({
        "transport": checks.transport,
        "status": checks.status(),
        "ms": checks.ms,
        "rungs": results.collect::<Vec<_>>(),
        "server_version": checks.server_version,
        "client_version": checks.client_version,
    })
}

pub(super) fn result(result: &CheckResult, locale: Locale) -> Value {
    let expected = match result.judgement.status {
        Status::Skipped => String::new(),
        Status::Ok | Status::Warning | Status::Failed => result.judgement.expected.text(locale),
    };
    let mut value = json!({
        "rung": result.check,
        "status": result.judgement.status,
        "ms": result.ms,
        "observed": result.judgement.observed.text(locale),
        "expected": expected,
    });
    route_json::with_reason(&mut value, result.ms, "follows from another check");
    value
}
