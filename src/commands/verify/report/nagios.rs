//! `verify` as a plugin of Nagios, Icinga, and the like: one line with performance data.
//!
//! Form: <https://www.monitoring-plugins.org/doc/guidelines.html>

use super::super::fleet::{VerdictCounts, shared_findings, shared_names};
use crate::diagnose::{Severity, Status};
use crate::message::locale::Locale;
use crate::safety::printable::escape_controls;
use crate::verify::{TransportChecks, VerifyOutcome};

/// The exit code of a plugin.
pub(super) const fn exit(worst: Status) -> u8 {
    match worst {
        Status::Ok => 0,
        Status::Warning => 1,
        Status::Failed => 2,
        Status::Skipped => 3,
    }
}

/// Renders the line.
pub(super) fn render(outcome: &VerifyOutcome, worst: Status) -> String {
    let word = match worst {
        Status::Ok => "OK",
        Status::Warning => "WARNING",
        Status::Failed => "CRITICAL",
        Status::Skipped => "UNKNOWN",
    };
    if outcome.fleet.is_some() {
        return render_fleet(outcome, word);
    }
    let mut findings = outcome.findings.iter();
    let said = match findings.find(|finding| finding.severity != Severity::Note) {
        Some(finding) => format!(
            "{}: {} ({})",
            finding.target,
            finding.summary,
            finding.id.as_str()
        ),
        None => {
            let targets: Vec<&str> = outcome
                .targets
                .iter()
                .map(|it| it.target.as_str())
                .collect();
            targets.join(", ")
        }
    };
    let mut data = Vec::new();
    for target in &outcome.targets {
        for checks in target.transports.iter().filter(|it| is_measured(it)) {
            // A label may be in quotes; an equals sign and a quote would end it.
            let label = format!("{} {}", target.target, checks.transport.as_str())
                .replace(['\'', '='], "_");
            data.push(format!("'{}'={}ms;;;0", escape_controls(&label), checks.ms));
        }
    }
    let said = escape_controls(&said).replace('|', "/");
    match data.is_empty() {
        true => format!("TDENGINE {word} - {said}\n"),
        false => format!("TDENGINE {word} - {said} | {}\n", data.join(" ")),
    }
}

/// The line of an inventory: counts and the causes, because monitoring systems cut long lines.
fn render_fleet(outcome: &VerifyOutcome, word: &str) -> String {
    let counts = VerdictCounts::of(outcome);
    let total = counts.total();
    let mut said = vec![counts.sentence(Locale::En)];
    for shared in shared_findings(&outcome.findings) {
        if shared.finding.severity != Severity::Note {
            let names = shared_names(&shared.targets, Locale::En);
            said.push(format!("{} on {names}", shared.finding.id.as_str()));
        }
    }
    let said = escape_controls(&said.join("; ")).replace('|', "/");
    format!(
        "TDENGINE {word} - {said} | 'ok'={};;;0;{total} 'warning'={};;;0;{total} 'failed'={};;;0;{total} 'skipped'={};;;0;{total}\n",
        counts.ok, counts.warned, counts.failed, counts.skipped
    )
}

fn is_measured(checks: &TransportChecks) -> bool {
    checks.status() == Status::Ok
}
