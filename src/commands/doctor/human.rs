//! `doctor` for people: a line for each group, the checks that are not as they should be, then the findings.

use crate::commands::verify::human::{describe_finding, mark};
use crate::diagnose::{Severity, Status};
use crate::doctor::repair::{RepairResult, RepairState};
use crate::doctor::{CheckGroup, CheckName, CheckOutcome, DoctorOutcome};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::HumanOptions;
use crate::output::layout::{columns, next, note, pad};
use crate::output::style::Style;
use crate::safety::printable::escape_controls;

/// The columns of the mark and the group's title before its line.
const TITLE: usize = 14;
/// Where the details of a check begin.
const INDENT: usize = 8;

/// Renders the groups and the findings; with `verbose`, every check with all that it found.
pub(super) fn render(outcome: &DoctorOutcome, options: &HumanOptions) -> String {
    let (style, locale) = (options.stdout, options.locale);
    let mut text = String::new();
    for (group, status, checks) in outcome.groups() {
        text.push_str(&group_line(group, status, &checks, options));
        for check in checks {
            let status = check.report.status();
            let is_wrong = matches!(status, Status::Failed | Status::Warning);
            if options.verbose || is_wrong {
                let name = check.check.as_str();
                text.push_str(&format!("    {} {name}\n", mark(status, style)));
            }
            if options.verbose {
                text.push_str(&details(check, locale, style));
            }
        }
    }
    for finding in &outcome.findings {
        text.push('\n');
        text.push_str(&describe_finding(finding, locale, style));
    }
    text.push('\n');
    text.push_str(&format!("{}\n", summary(outcome).text(locale)));
    text
}

/// A group: its title, and the headlines of its checks.
fn group_line(
    group: CheckGroup,
    status: Status,
    checks: &[&CheckOutcome],
    options: &HumanOptions,
) -> String {
    let (style, locale) = (options.stdout, options.locale);
    let title = pad(&group.title().text(locale), TITLE);
    let headlines = checks.iter().map(|check| &check.report.headline);
    let headlines = headlines.filter(|headline| !headline.is_empty());
    let headlines: Vec<String> = headlines.map(|headline| headline.text(locale)).collect();
    let separator = match locale {
        Locale::En => "; ",
        Locale::Zh => "；",
    };
    let mut line = headlines.join(separator);
    if line.is_empty() && status == Status::Skipped {
        line = nothing_in(group, checks).text(locale);
    }
    let line = style.prose(TITLE + 3, TITLE + 3, escape_controls(&line));
    let line = format!("{} {} {line}", mark(status, style), style.strong(title));
    format!("{}\n", line.trim_end())
}

/// Why there was nothing to check in `group`.
fn nothing_in(group: CheckGroup, checks: &[&CheckOutcome]) -> Message {
    match group {
        CheckGroup::Toolchains if checks.len() > 1 => message!("doctor-no-runtime"),
        CheckGroup::Driver
        | CheckGroup::Loader
        | CheckGroup::Configuration
        | CheckGroup::Network
        | CheckGroup::Toolchains
        | CheckGroup::Project => {
            let mut details = checks.iter().flat_map(|check| &check.report.details);
            details.next().cloned().unwrap_or_default()
        }
    }
}

fn details(check: &CheckOutcome, locale: Locale, style: Style) -> String {
    let lines = check.report.details.iter().map(|detail| {
        let text = escape_controls(&detail.text(locale));
        let text = style.prose(INDENT, INDENT + 2, text);
        format!("{}{text}\n", " ".repeat(INDENT))
    });
    lines.collect()
}

/// The last line: how many faults there are.
fn summary(outcome: &DoctorOutcome) -> Message {
    let count = |severity| {
        let findings = outcome.findings.iter();
        findings.filter(|it| it.severity == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match errors + warnings {
        0 => message!("doctor-healthy", checks = outcome.checks.len()),
        _ => message!("doctor-faults", errors = errors, warnings = warnings),
    }
}

/// Renders the repairs, for stderr.
pub(super) fn repairs(outcome: &DoctorOutcome, options: &HumanOptions) -> String {
    let blocks = outcome.repairs.iter().map(|it| repair(it, options));
    blocks.collect()
}

fn repair(result: &RepairResult, options: &HumanOptions) -> String {
    let (style, locale) = (options.stderr, options.locale);
    let about = result.name.about();
    let heading = match &result.state {
        RepairState::Planned => message!("doctor-repair-planned", about = about),
        RepairState::Done => message!("doctor-repair-done", about = about),
        RepairState::Failed(why) => message!("doctor-repair-failed", about = about, why = why),
    };
    let heading = heading.text(locale);
    let heading = match &result.state {
        RepairState::Planned => style.strong(heading),
        RepairState::Done => style.good(heading),
        RepairState::Failed(_) => style.bad(heading),
    };
    let mut text = format!("{heading}\n");
    for step in &result.steps {
        text.push_str(&format!("  {}\n", escape_controls(&step.text(locale))));
    }
    text
}

/// Renders the repairs and what to run next, for stderr.
pub(super) fn notes(outcome: &DoctorOutcome, planned: bool, options: &HumanOptions) -> String {
    let mut text = repairs(outcome, options);
    if planned {
        text.push_str(&note(&message!("doctor-nothing-changed"), options));
        text.push_str(&next(
            &["taos-setup doctor --fix --yes".to_owned()],
            options,
        ));
    }
    text
}

/// Renders the list of checks.
pub(super) fn list(checks: &[CheckName], options: &HumanOptions) -> String {
    let rows: Vec<Vec<String>> = checks
        .iter()
        .map(|check| {
            vec![
                check.to_string(),
                check.group().as_str().to_owned(),
                check.about().text(options.locale),
            ]
        })
        .collect();
    columns(&rows)
        .iter()
        .map(|row| format!("{row}\n"))
        .collect()
}
