//! `verify` in the text format of Prometheus, for the textfile collector of its node exporter.
//!
//! Form: <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::collections::HashSet;
use std::fmt::Write;

use jiff::Timestamp;

use crate::diagnose::{Severity, Status};
use crate::verify::VerifyOutcome;
use crate::verify::inventory::GROUP;
use crate::verify::route::is_open;

/// One metric: its name, its help, and its samples as labels and value.
struct Metric {
    name: &'static str,
    help: &'static str,
    samples: Vec<(String, String)>,
    /// The labels of all samples: a search through many of them would take long.
    known: HashSet<String>,
}

/// Renders all metrics.
pub(super) fn render(outcome: &VerifyOutcome, now: Timestamp) -> String {
    let mut up = Metric::new(
        "up",
        "Whether the transport works, up to a query that taosd answers.",
    );
    let mut seconds = Metric::new(
        "duration_seconds",
        "Seconds that the checks of the transport took.",
    );
    let mut check_ok = Metric::new("check_success", "Whether the check passed.");
    let mut check_seconds = Metric::new("check_duration_seconds", "Seconds that the check took.");
    let mut dnodes = Metric::new(
        "dnode_reachable",
        "Whether the endpoint that a dnode advertises accepts connections.",
    );
    let mut connector_up = Metric::new(
        "connector_up",
        "Whether a program with the connector read its row.",
    );
    let mut connector_seconds = Metric::new(
        "connector_duration_seconds",
        "Seconds that the program with the connector took.",
    );
    let mut findings = Metric::new("finding", "A finding: 1 for each that was seen.");
    let mut info = Metric::new("target_info", "The group and the labels of a target.");
    for target in &outcome.targets {
        if let Some(labels) = &target.labels {
            let mut names = vec![("target".to_owned(), target.target.as_str())];
            for (name, value) in labels.pairs() {
                let plain = label_name(name);
                // Two names may become one: `产线` and `区域`, `rack-1` and `rack_1`.
                let mut number = 2;
                let mut name = plain.clone();
                while names.iter().any(|(known, _)| *known == name) {
                    name = format!("{plain}_{number}");
                    number += 1;
                }
                names.push((name, value));
            }
            let names: Vec<(&str, &str)> = names
                .iter()
                .map(|(name, value)| (name.as_str(), *value))
                .collect();
            info.sample(&names, 1_u8);
        }
        for checks in &target.transports {
            let labels = [
                ("target", target.target.as_str()),
                ("transport", checks.transport.as_str()),
            ];
            if checks.status() == Status::Skipped {
                continue;
            }
            let works = checks.status() == Status::Ok;
            up.sample(&labels, u8::from(works));
            if works {
                seconds.sample(&labels, in_seconds(checks.ms));
            }
            // A check may have several results; the last one of a name is the one that counts.
            let mut seen = Vec::new();
            for result in checks.results.iter().rev() {
                if seen.contains(&result.check) || result.judgement.status == Status::Skipped {
                    continue;
                }
                seen.push(result.check);
                let [target, transport] = labels;
                let labels = [target, transport, ("check", result.check.as_str())];
                let passed = result.judgement.status != Status::Failed;
                check_ok.sample(&labels, u8::from(passed));
                if let Some(ms) = result.ms {
                    check_seconds.sample(&labels, in_seconds(ms));
                }
            }
        }
        for checks in &target.connectors {
            if checks.status() == Status::Skipped {
                continue;
            }
            let labels = [
                ("target", target.target.as_str()),
                ("language", checks.language),
                ("connector", checks.package.as_str()),
                ("version", checks.version.as_str()),
                ("transport", checks.transport.map_or("", |it| it.as_str())),
            ];
            let works = checks.status() != Status::Failed;
            connector_up.sample(&labels, u8::from(works));
            if let Some(ms) = checks.result.ms.filter(|_| works) {
                connector_seconds.sample(&labels, in_seconds(ms));
            }
        }
        for dnode in target.route.dnodes.iter().flatten() {
            let labels = [
                ("target", target.target.as_str()),
                ("dnode", dnode.advertised.as_str()),
            ];
            dnodes.sample(
                &labels,
                u8::from(is_open(&dnode.dials) && !dnode.is_strange),
            );
        }
    }
    for finding in &outcome.findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let labels = [
            ("target", finding.target.as_str()),
            ("id", finding.id.as_str()),
            ("severity", severity),
        ];
        findings.sample(&labels, 1_u8);
    }
    let mut exit = Metric::new("exit_code", "The exit code of taos-setup verify.");
    exit.sample(&[], outcome.exit);
    let mut time = Metric::new(
        "timestamp_seconds",
        "When the checks ended, in seconds since 1970.",
    );
    time.sample(&[], now.as_second());
    [
        info,
        up,
        seconds,
        check_ok,
        check_seconds,
        dnodes,
        connector_up,
        connector_seconds,
        findings,
        exit,
        time,
    ]
    .iter()
    .map(Metric::text)
    .collect()
}

impl Metric {
    fn new(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            samples: Vec::new(),
            known: HashSet::new(),
        }
    }

    /// Adds a sample; one with the labels of another is left out, as Prometheus refuses the whole file for it.
    fn sample(&mut self, labels: &[(&str, &str)], value: impl ToString) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        let labels = labels.join(",");
        if self.known.insert(labels.clone()) {
            self.samples.push((labels, value.to_string()));
        }
    }

    fn text(&self) -> String {
        if self.samples.is_empty() {
            return String::new();
        }
        let name = format!("taos_setup_verify_{}", self.name);
        let mut text = format!("# HELP {name} {}\n# TYPE {name} gauge\n", self.help);
        for (labels, value) in &self.samples {
            let _ = match labels.is_empty() {
                true => writeln!(text, "{name} {value}"),
                false => writeln!(text, "{name}{{{labels}}} {value}"),
            };
        }
        text
    }
}

/// The name of an inventory's label: with a prefix, and without characters that Prometheus refuses.
fn label_name(name: &str) -> String {
    let allowed = |c: char| match c.is_ascii_alphanumeric() {
        true => c,
        false => '_',
    };
    match name {
        GROUP => GROUP.to_owned(),
        name => format!("label_{}", name.chars().map(allowed).collect::<String>()),
    }
}

/// `value` of a label: backslash, quote, and line break are escaped.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// Milliseconds as seconds, without the errors of floating point.
fn in_seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
