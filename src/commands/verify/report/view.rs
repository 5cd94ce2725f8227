//! What every report shows, in words of the reader's language. All texts are printable; none is escaped for a form yet.

use serde::Serialize;

use super::super::control_text;
use super::super::fleet::{self, VerdictCounts};
use super::super::human::summary;
use crate::diagnose::{Finding, Severity, Status};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::printable::escape_controls;
use crate::verify::route::{DialFact, DialOutcome, DnodeFact, PortFact, PortRole};
use crate::verify::{
    CheckResult, ConnectorChecks, TargetOutcome, TargetRoute, TransportChecks, VerifyOutcome,
};

/// A whole report.
#[derive(Debug, Serialize)]
pub(super) struct ReportView {
    /// The tag of the language.
    pub lang: &'static str,
    /// When it was made, in UTC.
    pub created: String,
    /// This program's version.
    pub version: &'static str,
    /// The worst of all transports.
    pub status: Status,
    /// The verdict in one sentence.
    pub verdict: String,
    /// One entry a target.
    pub targets: Vec<TargetView>,
    /// What is wrong or worth knowing, of all targets.
    pub findings: Vec<FindingView>,
}

/// A target.
#[derive(Debug, Serialize)]
pub(super) struct TargetView {
    /// The target as it is shown.
    pub name: String,
    /// The heading of its picture.
    pub path_title: String,
    /// The worst of its transports.
    pub status: Status,
    /// Its group and labels, as names and values.
    pub labels: Vec<(String, String)>,
    /// The same in one line; empty without any.
    pub label_line: String,
    /// One entry for each transport, and one for each language whose connectors were run.
    pub transports: Vec<TransportView>,
    /// What can be reached from here at all; empty if it was not looked at.
    pub control: String,
    /// The connections that were measured.
    pub connections: Vec<ConnectionView>,
}

/// A connection to one address.
#[derive(Debug, Serialize)]
pub(super) struct ConnectionView {
    /// Whether it was accepted.
    pub status: Status,
    /// How it ended, in words.
    pub result: String,
    /// From where, where to, and what for.
    pub text: String,
    /// Milliseconds.
    pub ms: Option<u64>,
}

/// A transport, or the connectors of a language.
#[derive(Debug, Serialize)]
pub(super) struct TransportView {
    /// The word for it in options.
    pub name: &'static str,
    /// Its name in prose.
    pub title: String,
    /// How it ended.
    pub status: Status,
    /// One line.
    pub summary: String,
    /// Milliseconds.
    pub ms: u64,
    /// Its checks.
    pub checks: Vec<CheckView>,
}

/// A check.
#[derive(Debug, Serialize)]
pub(super) struct CheckView {
    /// The word for it in JSON.
    pub name: &'static str,
    /// Its name in prose.
    pub title: String,
    /// How it ended.
    pub status: Status,
    /// The connector; empty for checks of a transport.
    pub subject: String,
    /// Milliseconds, if it took some of its own.
    pub ms: Option<u64>,
    /// What was seen.
    pub observed: String,
    /// What a healthy server shows.
    pub expected: String,
    /// The id of its finding; empty without one.
    pub finding: &'static str,
}

/// A finding.
#[derive(Debug, Serialize)]
pub(super) struct FindingView {
    /// Its id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The severity as a word.
    pub severity_title: String,
    /// The target.
    pub target: String,
    /// The transports, as words.
    pub transports: String,
    /// The verdict.
    pub summary: String,
    /// What was seen.
    pub observed: String,
    /// What a healthy server shows.
    pub expected: String,
    /// Why this happens.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// Where to read more.
    pub docs: String,
}

impl ReportView {
    /// The report of `outcome`, made at `created`.
    pub fn new(outcome: &VerifyOutcome, created: &str, locale: Locale) -> Self {
        let targets: Vec<TargetView> = outcome
            .targets
            .iter()
            .map(|target| TargetView::new(target, locale))
            .collect();
        let status = worst(targets.iter().map(|target| target.status));
        let first = outcome
            .findings
            .iter()
            .find(|finding| finding.severity == Severity::Error);
        let verdict = match (status, first) {
            (Status::Failed, _) if outcome.fleet.is_some() => {
                let counts = VerdictCounts::of(outcome);
                let (failed, total) = (counts.failed, counts.total());
                message!("fleet-failed", failed = failed, total = total).text(locale)
            }
            (Status::Failed, Some(finding)) => escape_controls(&finding.summary),
            (Status::Failed, None) => message!("report-verdict-failed").text(locale),
            (Status::Warning, _) => message!("report-verdict-warning").text(locale),
            (Status::Ok, _) => message!("report-verdict-ok").text(locale),
            (Status::Skipped, _) => message!("report-verdict-skipped").text(locale),
        };
        Self {
            lang: match locale {
                Locale::En => "en",
                Locale::Zh => "zh-CN",
            },
            created: created.to_owned(),
            version: env!("CARGO_PKG_VERSION"),
            status,
            verdict,
            findings: findings(outcome, locale),
            targets,
        }
    }
}

impl TargetView {
    fn new(target: &TargetOutcome, locale: Locale) -> Self {
        let transports = target.transports.iter();
        let mut transports: Vec<TransportView> = transports
            .map(|checks| TransportView::new(checks, locale))
            .collect();
        let by_language = |a: &ConnectorChecks, b: &ConnectorChecks| a.language == b.language;
        for checks in target.connectors.chunk_by(by_language) {
            transports.extend(TransportView::of_language(checks, locale));
        }
        let pairs = target.labels.iter().flat_map(|labels| labels.pairs());
        let labels: Vec<(String, String)> = pairs
            .map(|(name, value)| (escape_controls(name), escape_controls(value)))
            .collect();
        Self {
            name: escape_controls(&target.target),
            path_title: escape_controls(
                &message!("report-path", target = target.target).text(locale),
            ),
            status: worst(transports.iter().map(|transport| transport.status)),
            control: target
                .control
                .as_ref()
                .map(|control| escape_controls(&control_text::describe(control).text(locale)))
                .unwrap_or_default(),
            connections: connections(&target.route, locale),
            label_line: labels
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join(", "),
            labels,
            transports,
        }
    }
}

/// The findings of `outcome`; those of a fleet once for each cause.
fn findings(outcome: &VerifyOutcome, locale: Locale) -> Vec<FindingView> {
    if outcome.fleet.is_none() {
        let findings = outcome.findings.iter();
        return findings
            .map(|finding| FindingView::new(finding, locale))
            .collect();
    }
    let merged = fleet::shared_findings(&outcome.findings);
    let views = merged.iter().map(|shared| FindingView {
        target: escape_controls(&fleet::shared_names(&shared.targets, locale)),
        ..FindingView::new(shared.finding, locale)
    });
    views.collect()
}

/// Every connection of `route`, the ports first.
fn connections(route: &TargetRoute, locale: Locale) -> Vec<ConnectionView> {
    let of_port = |port: &PortFact| {
        let purpose = match port.role {
            PortRole::Adapter => message!("report-port-adapter"),
            PortRole::Native => message!("report-port-native"),
        };
        let dials = port.dials.iter();
        dials
            .map(|dial| ConnectionView::new(dial, Some(port.number), &purpose, locale))
            .collect::<Vec<_>>()
    };
    let of_dnode = |dnode: &DnodeFact| {
        let purpose = message!("report-port-dnode", endpoint = dnode.advertised);
        let dials = dnode.dials.iter();
        dials
            .map(|dial| ConnectionView::new(dial, dnode.port, &purpose, locale))
            .collect::<Vec<_>>()
    };
    let ports = route.ports.iter().flat_map(of_port);
    let dnodes = route.dnodes.iter().flatten().flat_map(of_dnode);
    ports.chain(dnodes).collect()
}

impl ConnectionView {
    fn new(dial: &DialFact, port: Option<u16>, purpose: &Message, locale: Locale) -> Self {
        let address = match dial.address.contains(':') {
            true => format!("[{}]", dial.address),
            false => dial.address.clone(),
        };
        let text = message!(
            "report-connection",
            address = address,
            port = port.unwrap_or_default(),
            purpose = purpose,
            source = dial.source.as_deref().unwrap_or_default(),
            interface = dial.interface.as_deref().unwrap_or_default()
        );
        Self {
            status: match dial.outcome {
                DialOutcome::Open => Status::Ok,
                DialOutcome::NotAwaited => Status::Skipped,
                DialOutcome::Refused
                | DialOutcome::TimedOut
                | DialOutcome::Reset
                | DialOutcome::NoRoute
                | DialOutcome::Failed => Status::Failed,
            },
            result: dial_words(dial.outcome).text(locale),
            text: escape_controls(&text.text(locale)),
            ms: dial.ms,
        }
    }
}

/// How a connection ended, in a word or two.
pub(super) fn dial_words(outcome: DialOutcome) -> Message {
    match outcome {
        DialOutcome::Open => message!("dial-open"),
        DialOutcome::Refused => message!("dial-refused"),
        DialOutcome::TimedOut => message!("dial-timed-out"),
        DialOutcome::NotAwaited => message!("dial-not-awaited"),
        DialOutcome::Reset => message!("dial-reset"),
        DialOutcome::NoRoute => message!("dial-no-route"),
        DialOutcome::Failed => message!("dial-failed"),
    }
}

impl TransportView {
    fn new(checks: &TransportChecks, locale: Locale) -> Self {
        Self {
            name: checks.transport.as_str(),
            title: checks.transport.localized_title().text(locale),
            status: status_with_warnings(checks),
            summary: escape_controls(&summary(checks).text(locale)),
            ms: checks.ms,
            checks: checks
                .results
                .iter()
                .map(|result| CheckView::new(result, locale))
                .collect(),
        }
    }
}

impl TransportView {
    /// The connectors of one language, each as a check; `None` without any.
    fn of_language(all: &[ConnectorChecks], locale: Locale) -> Option<Self> {
        let first = all.first()?;
        let status = worst(all.iter().map(ConnectorChecks::status));
        let with_status = all.iter().find(|checks| checks.status() == status)?;
        let observed = &with_status.result.judgement.observed;
        Some(Self {
            name: first.language,
            title: escape_controls(&first.title),
            status,
            summary: escape_controls(&observed.text(locale)),
            ms: all.iter().filter_map(|checks| checks.result.ms).sum(),
            checks: all
                .iter()
                .map(|checks| CheckView {
                    title: escape_controls(&format!(
                        "{}: {}",
                        control_text::check_title(checks.result.check).text(locale),
                        checks.package
                    )),
                    subject: escape_controls(&checks.package),
                    ..CheckView::new(&checks.result, locale)
                })
                .collect(),
        })
    }
}

impl CheckView {
    fn new(result: &CheckResult, locale: Locale) -> Self {
        let judgement = &result.judgement;
        let cause = judgement.cause.as_ref();
        Self {
            name: result.check.as_str(),
            title: control_text::check_title(result.check).text(locale),
            subject: String::new(),
            status: judgement.status,
            ms: result.ms,
            observed: escape_controls(&judgement.observed.text(locale)),
            expected: match judgement.status {
                Status::Skipped => String::new(),
                Status::Ok | Status::Warning | Status::Failed => {
                    escape_controls(&judgement.expected.text(locale))
                }
            },
            finding: cause.map_or("", |cause| cause.id.as_str()),
        }
    }
}

impl FindingView {
    fn new(finding: &Finding, locale: Locale) -> Self {
        let names: Vec<&str> = finding.transports.iter().map(|it| it.as_str()).collect();
        Self {
            id: finding.id.as_str(),
            severity: finding.severity,
            severity_title: match finding.severity {
                Severity::Error => message!("report-error"),
                Severity::Warning => message!("report-warning"),
                Severity::Note => message!("report-note"),
            }
            .text(locale),
            target: escape_controls(&finding.target),
            transports: names.join(", "),
            summary: escape_controls(&finding.summary),
            observed: escape_controls(&finding.observed),
            expected: escape_controls(&finding.expected),
            cause: escape_controls(&finding.cause),
            fix: escape_controls(&finding.fix),
            docs: escape_controls(&finding.docs),
        }
    }
}

/// How a transport ended; one that works with a warning is told apart.
pub(in crate::commands::verify) fn status_with_warnings(checks: &TransportChecks) -> Status {
    let warns = |result: &CheckResult| result.judgement.status == Status::Warning;
    match checks.status() {
        Status::Ok if checks.results.iter().any(warns) => Status::Warning,
        status => status,
    }
}

/// The worst of `all`; what was skipped counts if nothing else was done.
pub(in crate::commands::verify) fn worst(all: impl Iterator<Item = Status>) -> Status {
    all.max_by_key(|status| match status {
        Status::Skipped => 0,
        Status::Ok => 1,
        Status::Warning => 2,
        Status::Failed => 3,
    })
    .unwrap_or(Status::Skipped)
}
