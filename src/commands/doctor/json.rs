//! JSON form of `taos-setup doctor`.

use serde_json::{Value, json};

use crate::doctor::repair::{RepairResult, RepairState};
use crate::doctor::{CheckName, CheckOutcome, DoctorOutcome};
use crate::driver::Machine;
use crate::driver::copies::DriverCopy;
use crate::message::locale::Locale;

/// Returns `data`: the checks, every copy of the driver, and the repairs.
pub(super) fn data(outcome: &DoctorOutcome, locale: Locale) -> Value {
    json!({
        "checks": outcome.checks.iter().map(|it| check(it, locale)).collect::<Vec<_>>(),
        "libraries": outcome.copies.iter().map(library).collect::<Vec<_>>(),
        "repairs": outcome.repairs.iter().map(|it| repair(it, locale)).collect::<Vec<_>>(),
    })
}

fn check(outcome: &CheckOutcome, locale: Locale) -> Value {
    let details = outcome.report.details.iter();
    json!({
        "check": outcome.check.as_str(),
        "group": outcome.check.group().as_str(),
        "status": outcome.report.status(),
        "ms": outcome.ms,
        "observed": details.map(|it| it.text(locale)).collect::<Vec<_>>(),
    })
}

fn library(copy: &DriverCopy) -> Value {
    json!({
        "file": copy.candidate.file.to_string_lossy(),
        "version": copy.version,
        "machine": copy.machine.as_ref().ok().map(Machine::to_string),
        "use": copy.used.as_str(),
    })
}

/// `state` is `planned`, `done`, or `failed`.
fn repair(result: &RepairResult, locale: Locale) -> Value {
    let (state, why) = match &result.state {
        RepairState::Planned => ("planned", None),
        RepairState::Done => ("done", None),
        RepairState::Failed(why) => ("failed", Some(why.text(locale))),
    };
    json!({
        "repair": result.name.as_str(),
        "state": state,
        "why": why,
        "steps": result.steps.iter().map(|it| it.text(locale)).collect::<Vec<_>>(),
    })
}

/// Returns `data` of `--list`.
pub(super) fn list(checks: &[CheckName], locale: Locale) -> Value {
    let checks = checks.iter().map(|check| {
        json!({
            "check": check.as_str(),
            "group": check.group().as_str(),
            "about": check.about().text(locale),
        })
    });
    json!({ "checks": checks.collect::<Vec<_>>() })
}
