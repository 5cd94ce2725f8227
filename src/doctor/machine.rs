//! The processor and system that the driver is made for, against this machine's.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::judge;
use crate::driver::{Driver, Machine, machine};
use crate::message::message;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let Some(platform) = facts.platform else {
        return CheckReport::skipped(message!("doctor-no-platform"));
    };
    let here = machine::words(platform);
    let report = CheckReport::default().titled(message!("doctor-machine", machine = here));
    // What the loader passed over matters if it found nothing else.
    let used = facts
        .used
        .as_ref()
        .map(|used| (&used.candidate, used.version));
    let passed = facts.located.passed.first();
    let passed = passed.map(|passed| (&passed.candidate, None));
    let Some((candidate, version)) = used.or(passed) else {
        return CheckReport {
            is_skipped: true,
            details: vec![message!("doctor-no-library")],
            ..report
        };
    };
    let mut driver = Driver::examine(candidate, platform, version);
    // Whether it is whole is a check of its own.
    driver.missing.clear();
    let name = platform.library_file("taos");
    let found = driver.machine.as_ref().map(Machine::to_string);
    let mut report = report;
    report.details.push(message!(
        "doctor-machine-of",
        file = candidate.file.display(),
        machine = found.unwrap_or_else(|_| machine::UNKNOWN.to_owned())
    ));
    let is_soname = driver.file.file_name() != Some(name.as_ref());
    let judgement = judge::native::library(&driver, &facts.located.passed, platform);
    if is_soname && driver.machine.as_ref().is_ok_and(|it| it.serves(platform)) {
        return report;
    }
    report.with(judgement)
}
