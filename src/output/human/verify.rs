//! `verify`: a checks a transport, then the verdict.

use crate::diagnose::{Finding, Severity, Status};
use crate::dsn::Transport;
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::system::locale::Locale;
use crate::verify::{CheckResult, TargetOutcome, TransportChecks, VerifyOutcome};

/// The words that stand before the parts of a verdict.
struct Words {
    over: &'static str,
    observed: &'static str,
    expected: &'static str,
    cause: &'static str,
    fix: &'static str,
    docs: &'static str,
    all_well: &'static str,
    severity: fn(Severity) -> &'static str,
}

const ENGLISH: Words = Words {
    over: "over",
    observed: "observed:",
    expected: "expected:",
    cause: "cause:   ",
    fix: "fix:     ",
    docs: "read:    ",
    all_well: "works over",
    severity: |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    },
};

const CHINESE: Words = Words {
    over: "涉及",
    observed: "实际：",
    expected: "预期：",
    cause: "原因：",
    fix: "修复：",
    docs: "参考：",
    all_well: "可以通过以下方式连接：",
    severity: |severity| match severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Note => "提示",
    },
};

/// The whole report.
pub fn verify(outcome: &VerifyOutcome, locale: Locale, style: Style) -> String {
    let words = match locale {
        Locale::En => &ENGLISH,
        Locale::Zh => &CHINESE,
    };
    let mut text = String::new();
    for (at, target) in outcome.targets.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(&of_target(target, words, style));
    }
    for finding in &outcome.findings {
        text.push('\n');
        text.push_str(&verdict(finding, words, style));
    }
    text
}

/// A target: its name, its transports, and what works.
fn of_target(target: &TargetOutcome, words: &Words, style: Style) -> String {
    let mut text = format!("{}\n", style.strong(escape_controls(&target.target)));
    for checks in &target.transports {
        text.push_str(&of_ladder(checks, style));
    }
    let works: Vec<&str> = target
        .transports
        .iter()
        .filter(|checks| checks.status() == Status::Ok)
        .map(|checks| checks.transport.as_str())
        .collect();
    let failed = target
        .transports
        .iter()
        .any(|checks| checks.status() == Status::Failed);
    if !works.is_empty() && !failed {
        text.push_str(&format!(
            "{} {} {}\n",
            escape_controls(&target.target),
            words.all_well,
            style.good(works.join(", "))
        ));
    }
    text
}

fn of_ladder(checks: &TransportChecks, style: Style) -> String {
    let mut text = format!("  {}\n", style.strong(checks.transport));
    for step in &checks.results {
        text.push_str(&of_step(step, style));
    }
    text
}

fn of_step(step: &CheckResult, style: Style) -> String {
    let mark = match step.judgement.status {
        Status::Ok => style.good("✓"),
        Status::Warning => style.warning("!"),
        Status::Failed => style.bad("✗"),
        Status::Skipped => style.faint("-"),
    };
    format!(
        "    {mark} {:<14} {} {}\n",
        step.check.as_str(),
        escape_controls(&step.judgement.observed),
        style.faint(format_args!("({} ms)", step.ms)),
    )
}

/// A finding: title, what was seen and what should have been, cause, fix.
fn verdict(finding: &Finding, words: &Words, style: Style) -> String {
    let severity = format!(
        "{}[{}]",
        (words.severity)(finding.severity),
        finding.id.as_str()
    );
    let severity = match finding.severity {
        Severity::Error => style.bad(severity),
        Severity::Warning => style.warning(severity),
        Severity::Note => style.strong(severity),
    };
    let mut text = format!(
        "{severity} {} ({} {})\n",
        style.strong(escape_controls(&finding.summary)),
        words.over,
        transports(&finding.transports),
    );
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!("  {label} {value}\n"));
        }
    };
    line(words.observed, escape_controls(&finding.observed));
    line(words.expected, escape_controls(&finding.expected));
    line(words.cause, escape_controls(&finding.cause));
    if !finding.fix.is_empty() {
        line(words.fix, style.code(escape_controls(&finding.fix)));
    }
    line(words.docs, escape_controls(&finding.docs));
    text
}

fn transports(transports: &[Transport]) -> String {
    let names: Vec<&str> = transports.iter().map(|name| name.as_str()).collect();
    names.join(", ")
}
