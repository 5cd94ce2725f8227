//! `verify`: runs the checks of each transport, decides when they stop, and collects the results into one verdict.

mod access;
mod anonymity;
mod ask;
pub mod bench;
mod cloud;
mod concurrency;
mod connector_checks;
pub mod endpoint_list;
mod fleet_notes;
#[cfg(test)]
mod hostile;
pub mod inventory;
mod login_gate;
mod logins;
pub mod pinned;
mod plan;
mod port;
pub mod route;
mod site;
mod transport;
mod transport_checks;
mod waiting;
pub mod watch;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::Semaphore;

use crate::diagnose::{
    self, Diagnosis, FailedCheck, Finding, FindingManifest, FindingSubject, FindingValue, Id,
    Neighbors, Severity,
};
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
pub use crate::probe::Check;
use crate::probe::control;
pub use crate::probe::control::{Control, DefaultRoute, ResolverAnswer};
use crate::probe::fingerprint::Fingerprint;
use crate::project::pins::Pin;
use crate::system::events::{Event, EventSink};
use crate::system::runtime;
use crate::system::test_machine::usual_ports;
pub use access::{ACCESS_VARIABLES, TargetAccess};
pub use anonymity::{HidingEvents, register_machine};
pub use ask::{Server, ask, ask_and_wait};
use bench::BenchFigures;
use concurrency::Slots;
pub use connector_checks::ConnectorChecks;
pub use endpoint_list::EndpointList;
pub use inventory::{RequestedTarget, TargetLabels};
use logins::Logins;
use plan::TargetPlan;
pub use plan::{DefaultServer, ServerSource, VerifyRequest, default_server, server_of_variables};
pub use route::TargetRoute;
use site::Site;
pub use transport_checks::{CheckResult, TransportChecks};
pub use write::Writing;

/// So many drivers run at the same time.
const DRIVERS: usize = 4;

/// What was seen of one target.
#[derive(Debug)]
pub struct TargetOutcome {
    /// The target as it is shown: without credentials.
    pub target: String,
    /// One checks a transport, in the order ws, rest, native.
    pub transports: Vec<TransportChecks>,
    /// What was measured on the way to it.
    pub route: TargetRoute,
    /// What can be reached from here at all, if the target cannot.
    pub control: Option<Control>,
    /// How programs in other languages reach it.
    pub access: TargetAccess,
    /// The connectors that were run against it.
    pub connectors: Vec<ConnectorChecks>,
    /// The figures of a benchmark.
    pub bench: Option<BenchFigures>,
    /// Its group and labels, if an inventory names it.
    pub labels: Option<Arc<TargetLabels>>,
}

/// A target with what its findings are made of.
struct TargetRun {
    outcome: TargetOutcome,
    subject: FindingSubject,
    diagnosis: Diagnosis,
}

/// What was seen of all targets.
#[derive(Debug, Default)]
pub struct VerifyOutcome {
    /// One entry a target, in the order in which they were named.
    pub targets: Vec<TargetOutcome>,
    /// What is wrong or worth knowing.
    pub findings: Vec<Finding>,
    /// The process's exit code: the first failing target's.
    pub exit: u8,
    /// Set if an inventory names targets: then they are shown as a table.
    pub fleet: Option<FleetView>,
}

/// How the targets of an inventory are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FleetView {
    /// The label whose values have a row each, instead of the targets.
    pub group_by: Option<String>,
}

/// Verifies the targets of `request`. An error is about the request or this program; what is wrong with a server is a
/// finding. Ctrl-C and a request to terminate give `interrupted`.
pub fn verify(
    request: &VerifyRequest,
    events: &EventSink,
    locale: Locale,
) -> Result<VerifyOutcome> {
    let hidden = anonymity::HidingEvents::around(events, request.aliases.as_ref());
    let limited = fleet_notes::LimitedNotes::around(&hidden, request.fleet.is_some());
    let events = &limited;
    let plans = plan::plans(request, events)?;
    if let Some(aliases) = &request.aliases {
        anonymity::register_plans(aliases, &plans);
    }
    runtime::run(interrupted, async |interrupts| {
        let writing = request.writing.clone();
        let ended = interrupts
            .unless(all(plans, request, Arc::default(), events, locale))
            .await;
        if let Some(writing) = writing {
            remove_leftovers(&writing, request.limit, events).await;
        }
        ended?
    })
}

/// The error of a run that was asked to end.
fn interrupted() -> Error {
    let observed = message!("verify-interrupted");
    Error::new(
        ErrorId::Interrupted,
        message!("verify-finish"),
        observed,
        Message::default(),
    )
}

/// Removes what an interrupt left: nothing else is pending when a run ends. What stays is named.
async fn remove_leftovers(writing: &Writing, limit: Duration, events: &EventSink) {
    let limit = write::undo_limit(limit);
    let leftovers = writing.pending.run_all(limit).await;
    if !leftovers.failed.is_empty() {
        let sql = leftovers.failed.join("; ");
        events.emit(Event::note(message!("verify-not-removed", sql = sql)));
    }
    if !leftovers.uncertain.is_empty() {
        let sql = leftovers.uncertain.join("; ");
        events.emit(Event::note(message!("verify-maybe-left", sql = sql)));
    }
}

/// Verifies the targets side by side; what is seen comes in the order in which they were named.
async fn all(
    plans: Vec<TargetPlan>,
    request: &VerifyRequest,
    logins: Arc<Logins>,
    events: &EventSink,
    locale: Locale,
) -> Result<VerifyOutcome> {
    let slots = Slots::new(plans.len());
    let run = Run::new(&plans, request, logins, events, locale);
    let most = slots.most;
    let seen: Vec<_> = futures_util::stream::iter(plans)
        .map(|plan| slots.run(run.target(plan)))
        .buffered(most)
        .collect()
        .await;
    let mut outcome = VerifyOutcome {
        fleet: request.fleet.clone(),
        ..VerifyOutcome::default()
    };
    for seen in seen {
        let seen = match &request.aliases {
            Some(aliases) => anonymity::hide(seen?, aliases, locale)?,
            None => seen?,
        };
        let (target, diagnosis) = (seen.outcome, seen.diagnosis);
        if outcome.exit == 0 {
            outcome.exit = diagnosis.exit;
        }
        outcome.findings.extend(diagnosis.findings);
        outcome.targets.push(target);
    }
    Ok(outcome)
}

/// What the targets of a run share.
struct Run<'a> {
    logins: Arc<Logins>,
    /// Drivers run in processes of their own, which take more than a connection does.
    drivers: Arc<Semaphore>,
    deadline: Option<Instant>,
    /// What the project in the current folder pins.
    pins: Vec<Pin>,
    thorough: bool,
    events: &'a EventSink,
    locale: Locale,
}

impl<'a> Run<'a> {
    /// A run of `request` over `plans`.
    fn new(
        plans: &[TargetPlan],
        request: &VerifyRequest,
        logins: Arc<Logins>,
        events: &'a EventSink,
        locale: Locale,
    ) -> Self {
        let pins = pinned::project(events);
        pinned::note_endings(&pins, plans, events);
        Self {
            logins,
            drivers: Arc::new(Semaphore::new(DRIVERS)),
            deadline: request.wait.map(|wait| Instant::now() + wait),
            pins,
            thorough: request.thorough,
            events,
            locale,
        }
    }

    /// One target, again and again where that is asked for and can help.
    async fn target(&self, plan: TargetPlan) -> Result<TargetRun> {
        let limit = plan.limit;
        let mut run = self.repeated(plan).await?;
        if is_unreachable(&run.diagnosis)? {
            let is_here = run.outcome.route.is_here;
            run.outcome.control = Some(control::look(is_here, limit).await);
        }
        Ok(run)
    }

    async fn repeated(&self, plan: TargetPlan) -> Result<TargetRun> {
        let mut tries = 0;
        let mut reported = None;
        loop {
            tries += 1;
            let run = self.once(plan.clone(), tries == 1).await?;
            let hope = waiting::hope(&run.diagnosis);
            let (Some(deadline), Some(finding)) = (self.deadline, hope) else {
                return Ok(run);
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(run);
            }
            if reported != Some(finding.id) {
                reported = Some(finding.id);
                self.events.emit(Event::note(message!(
                    "verify-not-ready",
                    target = run.outcome.target,
                    id = finding.id.as_str(),
                    observed = finding.observed,
                    seconds = left.as_secs().max(1)
                )));
            }
            tokio::time::sleep(waiting::pause(tries).min(left)).await;
        }
    }

    async fn once(&self, plan: TargetPlan, first: bool) -> Result<TargetRun> {
        let site = Site::new(plan, Arc::clone(&self.logins)).await;
        if first {
            for note in [site.note(), site.proxy_note().await].into_iter().flatten() {
                self.events.emit(Event::note(note));
            }
        }
        let checks = site
            .plan
            .transports
            .iter()
            .map(|wanted| transport::check(&site, *wanted, &self.drivers));
        let mut transports = join_all(checks).await;
        transports.sort_by_key(|checks| checks.transport);
        pinned::check(&self.pins, &mut transports);
        let subject = subject(&site, &transports).await;
        let diagnosis = diagnose_checks(&subject, &transports, self.locale)?;
        let outcome = TargetOutcome {
            target: site.plan.target.clone(),
            transports,
            route: route::collect(&site, self.thorough).await,
            control: None,
            access: TargetAccess::of(&site),
            connectors: Vec::new(),
            bench: None,
            labels: site.plan.labels.clone(),
        };
        Ok(TargetRun {
            outcome,
            subject,
            diagnosis,
        })
    }
}

/// The exit code of findings that say that something cannot be reached (docs/decisions.md, "Contracts").
const UNREACHABLE: u8 = 10;
/// Findings with another exit code that say so, too: the server is reached, and a port or a host behind it is not.
const UNREACHABLE_BEHIND: [Id; 3] = [
    Id::AdapterNotRunning,
    Id::DnodeUnresolved,
    Id::DnodeUnreachable,
];

/// Whether an error of `diagnosis` says that the target cannot be reached.
fn is_unreachable(diagnosis: &Diagnosis) -> Result<bool> {
    let manifest = FindingManifest::built_in()?;
    for finding in &diagnosis.findings {
        let is_unreachable = UNREACHABLE_BEHIND.contains(&finding.id)
            || manifest.entry(finding.id)?.exit == UNREACHABLE;
        if finding.severity == Severity::Error && is_unreachable {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stopped `transports`, as findings.
fn diagnose_checks(
    subject: &FindingSubject,
    transports: &[TransportChecks],
    locale: Locale,
) -> Result<diagnose::Diagnosis> {
    let stops: Vec<FailedCheck> = transports
        .iter()
        .flat_map(|checks| {
            let causes = checks
                .results
                .iter()
                .filter(|result| result.judgement.cause.is_some());
            causes.map(|result| FailedCheck {
                transport: checks.transport,
                check: result.check,
                judgement: result.judgement.clone(),
            })
        })
        .collect();
    if stops.is_empty() {
        return Ok(diagnose::Diagnosis::default());
    }
    diagnose::diagnose(subject, stops, FindingManifest::built_in()?, locale)
}

/// What the findings of this target are about. A refused adapter makes the native port worth a look.
async fn subject(site: &Site, transports: &[TransportChecks]) -> FindingSubject {
    let plan = &site.plan;
    let refused = |checks: &TransportChecks| {
        checks.transport != Transport::Native && checks.stopped_at_a_refused_port()
    };
    let native_answers = if !plan.reach_only && transports.iter().any(refused) {
        let seen = site.native.fingerprint().await;
        Some(seen.is_some_and(|timed| timed.seen == Fingerprint::NativeLike))
    } else {
        None
    };
    let neighbors = neighbors(site, transports).await;
    let server_version = transports
        .iter()
        .find_map(|checks| checks.server_version.clone());
    let native_works = |checks: &TransportChecks| {
        checks.transport == Transport::Native && checks.passed(Check::Query)
    };
    let texts = [
        ("target", plan.target.clone()),
        ("host", site.adapter.bracketed_host()),
        ("bare_host", site.adapter.host.clone()),
        (
            "native_option",
            plan.named_native_port
                .map(|port| format!(" --native-port {port}"))
                .unwrap_or_default(),
        ),
        ("adapter_port", site.adapter.number.to_string()),
        ("native_port", site.native.number.to_string()),
        ("user", crate::safety::printable::printable(&plan.user)),
        ("limit", seconds(plan.limit)),
        ("server_version", server_version.unwrap_or_default()),
        ("prefix", plan.prefix.clone()),
        ("ws_and_rest", ws_and_rest(plan)),
        ("answering_adapter", port_or_nothing(neighbors.adapter)),
        ("answering_native", port_or_nothing(neighbors.native)),
    ];
    let flags = [
        ("assumed", plan.assumed),
        ("blank", has_blank_ends(plan.password.reveal())),
        ("native_works", transports.iter().any(native_works)),
    ];
    let texts = texts.map(|(name, text)| (name, FindingValue::Text(text)));
    let flags = flags.map(|(name, flag)| (name, FindingValue::Flag(flag)));
    let values: BTreeMap<&'static str, FindingValue> = texts.into_iter().chain(flags).collect();
    let adapter_answers = |checks: &TransportChecks| checks.passed(Check::Protocol);
    FindingSubject {
        target: plan.target.clone(),
        values,
        native_answers,
        neighbors,
        adapter_answers: transports.iter().any(adapter_answers),
    }
}

fn port_or_nothing(port: Option<u16>) -> String {
    port.map(|port| port.to_string()).unwrap_or_default()
}

/// The usual ports of the host, if the ones that were asked are others and refuse connections.
async fn neighbors(site: &Site, transports: &[TransportChecks]) -> Neighbors {
    let refused = |native: bool| {
        transports.iter().any(|checks| {
            (checks.transport == Transport::Native) == native && checks.stopped_at_a_refused_port()
        })
    };
    let (adapter, native) = usual_ports();
    let mut neighbors = Neighbors::default();
    // Only what is listed is connected to.
    if site.plan.reach_only {
        return neighbors;
    }
    if let Some(number) = adapter.filter(|number| refused(false) && *number != site.adapter.number)
    {
        let port = site.adapter.sibling(number, site.plan.limit);
        let seen = port.fingerprint().await.map(|timed| &timed.seen);
        let is_adapter =
            matches!(seen, Some(Fingerprint::Http(answer)) if answer.is_from_adapter());
        neighbors.adapter = is_adapter.then_some(number);
    }
    if let Some(number) = native.filter(|number| refused(true) && *number != site.native.number) {
        let port = site.native.sibling(number, site.plan.limit);
        let seen = port.fingerprint().await.map(|timed| &timed.seen);
        neighbors.native = (seen == Some(&Fingerprint::NativeLike)).then_some(number);
    }
    neighbors
}

/// The option that keeps both transports where a URL names one of them.
fn ws_and_rest(plan: &TargetPlan) -> String {
    let through_adapter: Vec<&str> = plan
        .transports
        .iter()
        .map(|wanted| wanted.transport)
        .filter(|transport| *transport != Transport::Native)
        .map(Transport::as_str)
        .collect();
    match through_adapter.as_slice() {
        [] | ["rest"] => String::new(),
        named => format!(" --transport {}", named.join(",")),
    }
}

/// Whether a password begins or ends with a blank or a line break, as one does that was read from a file or with `echo`.
fn has_blank_ends(password: &str) -> bool {
    password.trim() != password
}

/// A duration as people write it: `3 s`, `0.5 s`.
fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}
