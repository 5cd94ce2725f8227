//! taos.h against the library that programs load.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::driver::header;
use crate::message::{Message, message};

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let Some(used) = &facts.used else {
        return CheckReport::skipped(message!("doctor-no-library"));
    };
    let Some(header) = header::find() else {
        return CheckReport::skipped(message!("doctor-no-header"));
    };
    let library = &used.candidate.file;
    let found = message!("doctor-header", file = header.display());
    let Ok(Some(difference)) = header::compare(&header, library) else {
        return CheckReport::skipped(message!("doctor-header-unknown", file = header.display()));
    };
    let report = CheckReport::ok([found]);
    if difference.is_empty() {
        return report;
    }
    let only = |functions: &[&str], of: fn(String) -> Message| {
        (!functions.is_empty()).then(|| of(functions.join(", ")))
    };
    let observed = [
        only(&difference.declared_only, |names| {
            message!("doctor-declared-only", names = names)
        }),
        only(&difference.exported_only, |names| {
            message!("doctor-exported-only", names = names)
        }),
    ];
    report.with(
        Judgement::failed(
            Id::HeaderMismatch,
            Message::joined(observed.into_iter().flatten(), "; "),
        )
        .into_warning()
        .expecting(message!("doctor-header-expected"))
        .with("file", header.display())
        .with("library", library.display())
        .with(
            "client_version",
            used.version.map(|it| it.to_string()).unwrap_or_default(),
        ),
    )
}
