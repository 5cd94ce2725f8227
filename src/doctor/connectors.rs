//! The connectors that the project in the current directory pins, against the client of this machine.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::message::message;
use crate::project::pins;
use crate::safety::printable::printable;
use crate::verify::pinned;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let (all, notes) = pins::read(&facts.request.directory);
    // Others are the project's own business.
    let pins: Vec<_> = all.into_iter().filter(pinned::is_connector).collect();
    if pins.is_empty() && notes.is_empty() {
        return CheckReport::skipped(message!("doctor-no-connector"));
    }
    let mut report = CheckReport::ok(notes);
    let mut names = Vec::new();
    for pin in &pins {
        let named = printable(format!("{} {}", pin.package, pin.asked).trim_end());
        report
            .details
            .push(message!("doctor-connector", named = named, file = pin.file));
        names.push(named);
    }
    report.headline = message!("doctor-connectors", names = names.join(", "));
    let version = facts.used.as_ref().and_then(|used| used.version);
    for (pin, mut judgement) in pinned::against_client(&pins, version) {
        judgement.observed = message!(
            "doctor-connector-with",
            named = format!("{} {}", pin.package, pin.version).trim_end(),
            file = pin.file,
            version = version.map(|it| it.to_string()).unwrap_or_default()
        );
        judgement.expected = message!("doctor-connector-expected");
        report = report.with(judgement);
    }
    report
}
