//! `verify` for people: a line for each transport, then the findings.

use unicode_width::UnicodeWidthStr;

use super::bench_text;
use super::connectors;
use super::control_text;
use super::fleet;
use crate::diagnose::{Finding, Severity, Status};
use crate::dsn::Transport;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::verify::route::CertificateFact;
use crate::verify::{Check, CheckResult, TargetOutcome, TransportChecks, VerifyOutcome};

/// Renders the whole report: a line for each transport that works, all checks of one that does not, or of all if `verbose`.
pub fn render(outcome: &VerifyOutcome, verbose: bool, locale: Locale, style: Style) -> String {
    // The figures of a benchmark and of connectors have no place in a table.
    let fits = |target: &TargetOutcome| target.bench.is_none() && target.connectors.is_empty();
    if let Some(fleet) = &outcome.fleet
        && !verbose
        && outcome.targets.iter().all(fits)
    {
        return fleet::render(outcome, fleet, locale, style);
    }
    let mut text = String::new();
    for (at, target) in outcome.targets.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(&describe_target(target, verbose, locale, style));
    }
    for finding in &outcome.findings {
        text.push('\n');
        text.push_str(&describe_finding(finding, locale, style));
    }
    text
}

/// A target: its name and its transports.
fn describe_target(target: &TargetOutcome, verbose: bool, locale: Locale, style: Style) -> String {
    let mut text = format!("{}\n", style.strong(escape_controls(&target.target)));
    for checks in &target.transports {
        let mark = mark(checks.status(), style);
        let line = escape_controls(&summary(checks).text(locale));
        text.push_str(&format!(
            "  {mark} {:<6} {line}\n",
            checks.transport.as_str()
        ));
        let all = verbose || checks.status() == Status::Failed;
        for result in &checks.results {
            if all || result.judgement.status == Status::Warning {
                text.push_str(&describe_result(result, locale, style));
            }
        }
    }
    if let Some(control) = target.control.as_ref().filter(|_| !target.route.is_here) {
        let label = message!("report-from-here").text(locale);
        let row = escape_controls(&control_text::describe(control).text(locale));
        text.push_str(&format!("  {} {label}{row}\n", style.faint("·")));
    }
    for certificate in untrusted_certificates(target) {
        let row = message!(
            "report-untrusted-certificate",
            subject = certificate.subject,
            issuer = certificate.issuer
        );
        let row = escape_controls(&row.text(locale));
        text.push_str(&format!("  {} {row}\n", style.faint("·")));
    }
    text.push_str(&connectors::describe(target, locale, style));
    if let Some(figures) = &target.bench {
        text.push_str(&bench_text::describe(figures, locale, style));
    }
    text
}

/// The certificates of `target` that this machine does not trust: their issuer shows who is in between.
fn untrusted_certificates(target: &TargetOutcome) -> impl Iterator<Item = &CertificateFact> {
    let certificates = target.route.ports.iter();
    certificates
        .filter_map(|port| port.certificate.as_ref())
        .filter(|certificate| !certificate.trusted)
}

/// A transport in one line.
pub(super) fn summary(checks: &TransportChecks) -> Message {
    match (checks.status(), checks.results.last()) {
        (Status::Skipped, Some(last)) => last.judgement.observed.clone(),
        (Status::Failed, Some(last)) => {
            message!("verify-transport-failed", check = last.check.as_str())
        }
        (Status::Ok | Status::Warning, Some(last))
            if matches!(last.check, Check::Protocol | Check::Fingerprint) =>
        {
            message!("verify-transport-reachable", ms = checks.ms)
        }
        (Status::Ok | Status::Warning | Status::Skipped | Status::Failed, _) => {
            let version = checks.server_version.as_deref().unwrap_or_default();
            message!(
                "verify-transport-works",
                native = (checks.transport == Transport::Native),
                version = version,
                user = checks.user,
                dnodes = checks.dnodes.unwrap_or(0),
                ms = checks.ms
            )
        }
    }
}

/// The mark of a status.
pub fn mark(status: Status, style: Style) -> String {
    match status {
        Status::Ok => style.good("✓"),
        Status::Warning => style.warning("!"),
        Status::Failed => style.bad("✗"),
        Status::Skipped => style.faint("-"),
    }
}

pub(super) fn describe_result(result: &CheckResult, locale: Locale, style: Style) -> String {
    format!(
        "    {} {:<14} {} {}\n",
        mark(result.judgement.status, style),
        result.check.as_str(),
        escape_controls(&result.judgement.observed.text(locale)),
        style.faint(format_args!("({} ms)", result.ms.unwrap_or_default())),
    )
}

/// A finding: the summary, then what was observed and expected, the cause, and the fix.
pub fn describe_finding(finding: &Finding, locale: Locale, style: Style) -> String {
    let heading = match finding.severity {
        Severity::Error => message!("verify-error-heading", id = finding.id.as_str()),
        Severity::Warning => message!("verify-warning-heading", id = finding.id.as_str()),
        Severity::Note => message!("verify-note-heading", id = finding.id.as_str()),
    };
    let heading = heading.text(locale);
    let heading = match finding.severity {
        Severity::Error => style.bad(heading),
        Severity::Warning => style.warning(heading),
        Severity::Note => style.strong(heading),
    };
    let over = match finding.transports.is_empty() {
        true => Message::default(),
        false => message!(
            "verify-over-transports",
            names = transports(&finding.transports)
        ),
    };
    let mut text = format!(
        "{heading}{}{}\n",
        style.strong(escape_controls(&finding.summary)),
        over.text(locale),
    );
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {label}{value}\n"));
        }
    };
    for (label, value) in [
        (message!("verify-observed"), &finding.observed),
        (message!("verify-expected"), &finding.expected),
        (message!("verify-cause"), &finding.cause),
    ] {
        let label = label.text(locale);
        let value = style.prose(label.width() + 2, 4, escape_controls(value));
        line(&label, &value);
    }
    if !finding.fix.is_empty() {
        line(
            &message!("verify-fix").text(locale),
            &style.code(escape_controls(&finding.fix)),
        );
    }
    line(
        &message!("verify-docs").text(locale),
        &escape_controls(&finding.docs),
    );
    text
}

fn transports(transports: &[Transport]) -> String {
    let names: Vec<&str> = transports.iter().map(|name| name.as_str()).collect();
    names.join(", ")
}
