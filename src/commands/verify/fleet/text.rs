//! The table of many targets, for people.

use std::collections::HashMap;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::human::{describe_finding, mark};
use super::{SharedFinding, VerdictCounts, group_rows, shared_findings, verdict};
use crate::diagnose::Status;
use crate::dsn::Transport;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::verify::{FleetView, TargetOutcome, VerifyOutcome};

/// The names of targets that are shown of a finding.
const MOST_NAMES: usize = 10;
/// The columns after which the text of a cell is cut.
const MOST_COLUMNS: usize = 48;

/// A row: its verdict and its cells.
struct FleetRow {
    verdict: Option<Status>,
    cells: Vec<FleetCell>,
}

/// A cell of a table.
enum FleetCell {
    Text(String),
    Mark(Option<Status>),
}

impl FleetCell {
    fn text(text: &str) -> Self {
        let text = escape_controls(text);
        if text.width() <= MOST_COLUMNS {
            return Self::Text(text);
        }
        let mut cut = String::new();
        let mut columns = 1;
        for c in text.chars() {
            columns += c.width().unwrap_or_default();
            if columns > MOST_COLUMNS {
                break;
            }
            cut.push(c);
        }
        cut.push('…');
        Self::Text(cut)
    }

    /// Its columns on a terminal.
    fn width(&self) -> usize {
        match self {
            Self::Text(text) => text.width(),
            Self::Mark(_) => 1,
        }
    }

    fn shown(&self, style: Style) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Mark(Some(status)) => mark(*status, style),
            Self::Mark(None) => " ".to_owned(),
        }
    }
}

/// Renders the counts, a row for each target or group, and the findings of each cause once.
pub(in crate::commands::verify) fn render(
    outcome: &VerifyOutcome,
    fleet: &FleetView,
    locale: Locale,
    style: Style,
) -> String {
    let total = VerdictCounts::of(outcome).sentence(locale);
    let rows = match &fleet.group_by {
        Some(name) => group_table(outcome, name, locale),
        None => target_table(outcome, locale),
    };
    let mut text = format!("{}\n{}", style.strong(total), table(&rows, style));
    for shared in shared_findings(&outcome.findings) {
        text.push('\n');
        text.push_str(&describe(&shared, locale, style));
    }
    text
}

fn headings(names: &[Message], locale: Locale) -> FleetRow {
    let cells = names.iter().map(|name| FleetCell::text(&name.text(locale)));
    FleetRow {
        verdict: None,
        cells: cells.collect(),
    }
}

fn group_table(outcome: &VerifyOutcome, name: &str, locale: Locale) -> Vec<FleetRow> {
    let names = [
        Message::quoted(name),
        message!("fleet-targets"),
        message!("fleet-ok"),
        message!("fleet-warned"),
        message!("fleet-failed-column"),
        message!("fleet-skipped"),
    ];
    let rows = group_rows(outcome, name).into_iter().map(|row| {
        let counts = row.counts;
        let numbers = [
            counts.total(),
            counts.ok,
            counts.warned,
            counts.failed,
            counts.skipped,
        ];
        let numbers = numbers.map(|number| FleetCell::Text(number.to_string()));
        FleetRow {
            verdict: Some(counts.worst()),
            cells: std::iter::once(FleetCell::text(row.value.unwrap_or("-")))
                .chain(numbers)
                .collect(),
        }
    });
    std::iter::once(headings(&names, locale))
        .chain(rows)
        .collect()
}

fn target_table(outcome: &VerifyOutcome, locale: Locale) -> Vec<FleetRow> {
    let mut transports: Vec<Transport> = Vec::new();
    for checks in outcome.targets.iter().flat_map(|it| &it.transports) {
        if !transports.contains(&checks.transport) {
            transports.push(checks.transport);
        }
    }
    transports.sort_unstable();
    let names: Vec<Message> = [message!("fleet-target"), message!("fleet-group")]
        .into_iter()
        .chain(transports.iter().map(|it| Message::quoted(it.as_str())))
        .chain([message!("fleet-version"), message!("fleet-findings")])
        .collect();
    // What was found in the end: several transports together can tell more than a check of one.
    let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
    for finding in &outcome.findings {
        let ids = found.entry(finding.target.as_str()).or_default();
        if !ids.contains(&finding.id.as_str()) {
            ids.push(finding.id.as_str());
        }
    }
    let rows = outcome.targets.iter().map(|target| {
        let ids = found.get(target.target.as_str());
        target_row(target, &transports, ids.map_or(&[], Vec::as_slice))
    });
    std::iter::once(headings(&names, locale))
        .chain(rows)
        .collect()
}

fn target_row(target: &TargetOutcome, transports: &[Transport], ids: &[&str]) -> FleetRow {
    let group = target.labels.as_deref().and_then(|it| it.group.as_deref());
    let marks = transports.iter().map(|wanted| {
        let mut checks = target.transports.iter();
        let found = checks.find(|checks| checks.transport == *wanted);
        FleetCell::Mark(found.map(super::status_with_warnings))
    });
    let mut versions = target.transports.iter();
    let version = versions.find_map(|checks| checks.server_version.as_deref());
    let cells = [
        FleetCell::text(&target.target),
        FleetCell::text(group.unwrap_or_default()),
    ];
    FleetRow {
        verdict: Some(verdict(target)),
        cells: cells
            .into_iter()
            .chain(marks)
            .chain([
                FleetCell::text(version.unwrap_or_default()),
                FleetCell::text(&ids.join(", ")),
            ])
            .collect(),
    }
}

/// The rows in columns.
fn table(rows: &[FleetRow], style: Style) -> String {
    let columns = rows.first().map_or(0, |row| row.cells.len());
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column));
        let heading = cells.clone().next().map_or(0, FleetCell::width);
        match cells.skip(1).map(FleetCell::width).max() {
            Some(most) if most > 0 => most.max(heading),
            _ => 0,
        }
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let verdict = row.verdict.map_or(" ".to_owned(), |it| mark(it, style));
        let mut line = format!("  {verdict}");
        let mut gap = 1;
        for (cell, width) in row.cells.iter().zip(&widths) {
            // A column that is empty everywhere is left out.
            if *width == 0 {
                continue;
            }
            line.push_str(&" ".repeat(gap));
            line.push_str(&cell.shown(style));
            gap = width - cell.width() + 2;
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A finding, with its targets if it has several.
fn describe(shared: &SharedFinding<'_>, locale: Locale, style: Style) -> String {
    let text = describe_finding(shared.finding, locale, style);
    if shared.targets.len() < 2 {
        return text;
    }
    let line = message!(
        "fleet-shared",
        count = shared.targets.len(),
        names = shared_names(&shared.targets, locale),
        first = shared.finding.target
    );
    let line = escape_controls(&line.text(locale));
    match text.split_once('\n') {
        Some((heading, rest)) => format!("{heading}\n  {line}\n{rest}"),
        None => text,
    }
}

/// The first of `targets`, and how many more there are.
pub(in crate::commands::verify) fn shared_names(targets: &[&str], locale: Locale) -> String {
    let shown = targets.len().min(MOST_NAMES);
    message!(
        "fleet-names",
        names = targets[..shown].join(", "),
        more = targets.len() - shown
    )
    .text(locale)
}
