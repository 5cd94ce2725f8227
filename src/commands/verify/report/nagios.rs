//! `verify` as a plugin of Nagios, Icinga, and the like: one line with performance data.
//!
//! Form: <https://www.monitoring-plugins.org/doc/guidelines.html>

use serde_json::Value;

use super::super::fleet::{VerdictCounts, shared_findings, shared_names};
use crate::diagnose::{Severity, Status};
use crate::error::Error;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText};
use crate::safety::printable::escape_controls;
use crate::verify::{TransportChecks, VerifyOutcome};

/// The exit code of the state UNKNOWN: greater ones are CRITICAL to Nagios.
const UNKNOWN: u8 = 3;

/// Nothing was verified: a plugin says so on stdout, too, and exits with its own code.
#[derive(Debug)]
pub(in crate::commands::verify) struct UnknownState(pub(in crate::commands::verify) Error);

impl CommandResult for UnknownState {
    fn exit(&self) -> u8 {
        UNKNOWN
    }

    fn errors(&self) -> &[Error] {
        std::slice::from_ref(&self.0)
    }

    fn human(&self, _options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: format!("TDENGINE UNKNOWN - {}\n", said(&self.0)),
            stderr: String::new(),
        }
    }

    fn json(&self, _locale: Locale) -> Value {
        Value::Null
    }
}

/// What an error says, in one line.
fn said(error: &Error) -> String {
    let (tried, observed) = (
        error.tried.text(Locale::En),
        error.observed.text(Locale::En),
    );
    let said = format!("could not {tried}: {observed}");
    escape_controls(&said.replace('\n', " ")).replace('|', "/")
}

/// The exit code of a plugin, of which the report `unwritten` may be missing.
pub(super) fn exit(worst: Status, unwritten: Option<&Error>) -> u8 {
    match (worst, unwritten) {
        (Status::Failed, _) => 2,
        (Status::Skipped, _) | (Status::Ok | Status::Warning, Some(_)) => UNKNOWN,
        (Status::Ok, None) => 0,
        (Status::Warning, None) => 1,
    }
}

/// Renders the line.
pub(super) fn render(outcome: &VerifyOutcome, worst: Status, unwritten: Option<&Error>) -> String {
    if let (Status::Ok | Status::Warning, Some(error)) = (worst, unwritten) {
        return format!("TDENGINE UNKNOWN - {}\n", said(error));
    }
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
