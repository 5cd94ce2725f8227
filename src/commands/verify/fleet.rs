//! Many targets as one result: verdicts counted, rows for values of a label, and one entry for findings of the same cause.

mod text;

use serde_json::{Value, json};

use super::report::{status_with_warnings, worst};
use crate::diagnose::{Finding, Status};
use crate::message::locale::Locale;
use crate::message::message;
use crate::verify::{ConnectorChecks, FleetView, TargetOutcome, VerifyOutcome};

pub(super) use text::{render, shared_names};

/// Targets counted by their verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct VerdictCounts {
    /// Those that work.
    pub ok: usize,
    /// Those that work with a warning.
    pub warned: usize,
    /// Those on which a transport fails.
    pub failed: usize,
    /// Those on which nothing was verified.
    pub skipped: usize,
}

impl VerdictCounts {
    /// The counts of all targets of `outcome`.
    pub(super) fn of(outcome: &VerifyOutcome) -> Self {
        let mut counts = Self::default();
        for target in &outcome.targets {
            counts.add(verdict(target));
        }
        counts
    }

    fn add(&mut self, verdict: Status) {
        match verdict {
            Status::Ok => self.ok += 1,
            Status::Warning => self.warned += 1,
            Status::Failed => self.failed += 1,
            Status::Skipped => self.skipped += 1,
        }
    }

    /// The number of all targets.
    pub(super) const fn total(self) -> usize {
        self.ok + self.warned + self.failed + self.skipped
    }

    /// The worst verdict.
    fn worst(self) -> Status {
        let seen = [
            (self.ok, Status::Ok),
            (self.warned, Status::Warning),
            (self.failed, Status::Failed),
        ];
        worst(
            seen.into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(_, verdict)| verdict),
        )
    }

    /// The counts in one sentence.
    pub(super) fn sentence(self, locale: Locale) -> String {
        message!(
            "fleet-total",
            total = self.total(),
            ok = self.ok,
            warned = self.warned,
            failed = self.failed,
            skipped = self.skipped
        )
        .text(locale)
    }

    fn json(self) -> Value {
        json!({
            "targets": self.total(),
            "ok": self.ok,
            "warning": self.warned,
            "failed": self.failed,
            "skipped": self.skipped,
        })
    }
}

/// The worst of the transports and connectors of `target`.
pub(super) fn verdict(target: &TargetOutcome) -> Status {
    let transports = target.transports.iter().map(status_with_warnings);
    worst(transports.chain(target.connectors.iter().map(ConnectorChecks::status)))
}

/// The targets with one value of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupRow<'a> {
    /// The value; `None` for targets without the label.
    pub value: Option<&'a str>,
    /// Its targets.
    pub counts: VerdictCounts,
}

/// A row for each value of the label `name`, in the order in which they occur.
pub(super) fn group_rows<'a>(outcome: &'a VerifyOutcome, name: &str) -> Vec<GroupRow<'a>> {
    let mut rows: Vec<GroupRow<'a>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for target in &outcome.targets {
        let value = target.labels.as_deref().and_then(|it| it.value(name));
        let at = *known.entry(value).or_insert_with(|| {
            rows.push(GroupRow {
                value,
                counts: VerdictCounts::default(),
            });
            rows.len() - 1
        });
        rows[at].counts.add(verdict(target));
    }
    rows
}

/// A finding, and the targets that have it for the same cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SharedFinding<'a> {
    /// That of the first target.
    pub finding: &'a Finding,
    /// All targets, the first one first.
    pub targets: Vec<&'a str>,
}

/// The findings of all targets, one for each cause: errors first, then by the number of targets.
pub(super) fn shared_findings(findings: &[Finding]) -> Vec<SharedFinding<'_>> {
    let mut shared: Vec<SharedFinding<'_>> = Vec::new();
    for finding in findings {
        // There are few causes, however many targets there are.
        let same = shared.iter_mut().find(|it| is_same(it.finding, finding));
        match same {
            Some(same) => same.targets.push(&finding.target),
            None => shared.push(SharedFinding {
                finding,
                targets: vec![&finding.target],
            }),
        }
    }
    shared.sort_by_key(|it| std::cmp::Reverse((it.finding.severity, it.targets.len())));
    shared
}

/// Whether two findings have one cause.
fn is_same(one: &Finding, other: &Finding) -> bool {
    one.id == other.id
        && one.severity == other.severity
        && one.transports == other.transports
        && one.check == other.check
        && one.kinds == other.kinds
}

/// The part of `data` about all targets.
pub(super) fn data(outcome: &VerifyOutcome, fleet: &FleetView) -> Value {
    let mut data = VerdictCounts::of(outcome).json();
    if let Some(name) = &fleet.group_by {
        let rows = group_rows(outcome, name).into_iter().map(|row| {
            let mut data = row.counts.json();
            data["value"] = row.value.into();
            data
        });
        data["group_by"] = name.as_str().into();
        data["groups"] = rows.collect();
    }
    let causes = shared_findings(&outcome.findings).into_iter().map(|it| {
        json!({
            "id": it.finding.id.as_str(),
            "severity": it.finding.severity,
            "transports": it.finding.transports,
            "targets": it.targets,
        })
    });
    data["causes"] = causes.collect();
    data
}

#[cfg(test)]
mod tests;
