//! `verify`: climbs each transport's ladder, decides when it stops, collects what was seen into one verdict.

pub mod canary;
pub mod climb;
pub mod cloud;
pub mod crowd;
#[cfg(test)]
mod hostile;
pub mod ladder;
pub mod logins;
mod pinned;
pub mod pins;
pub mod plan;
pub mod port;
pub mod site;
pub mod waiting;
pub mod write;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::Semaphore;

use crate::diagnose::{self, Diagnosis, Finding, Manifest, Stop, Subject};
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::probe::Rung;
use crate::probe::fingerprint::Fingerprint;
use crate::system::events::{Event, EventSink};
use crate::system::locale::Locale;
use crate::system::runtime;
use crowd::Places;
pub use ladder::{Ladder, Step};
use logins::Logins;
pub use plan::{Plan, Request};
use site::Site;

/// So many drivers run at the same time.
const DRIVERS: usize = 4;

/// What was seen of one target.
#[derive(Debug)]
pub struct TargetOutcome {
    /// The target as it is shown: without credentials.
    pub target: String,
    /// One ladder a transport, in the order ws, rest, native.
    pub ladders: Vec<Ladder>,
}

/// What was seen of all targets.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One entry a target, in the order in which they were named.
    pub targets: Vec<TargetOutcome>,
    /// What is wrong or worth knowing.
    pub findings: Vec<Finding>,
    /// The process's exit code: the first failing target's.
    pub exit: u8,
}

/// Verifies the targets of `request`. An error is about the request or this program; what is wrong with a server is a
/// finding. Ctrl-C and a request to terminate give `interrupted`.
pub fn verify(request: &Request, events: &EventSink, locale: Locale) -> Result<Outcome> {
    let plans = plan::plans(request, events)?;
    let runtime = runtime::start(&mut tokio::runtime::Builder::new_current_thread())?;
    let writing = request.writing.clone();
    let ended = runtime.block_on(async {
        tokio::select! {
            // First: interrupts are listened for before anything is asked.
            biased;
            () = interrupted() => Err(Error::new(
                ErrorId::Interrupted,
                "finish",
                "it was interrupted",
                "",
            )),
            outcome = all(plans, request, events, locale) => outcome,
        }
    });
    if let Some(writing) = writing {
        // What an interrupt left: nothing else is in this list now.
        let limit = write::undo_limit(request.limit);
        for sql in runtime.block_on(writing.pending.run_all(limit)) {
            events.emit(Event::note(format!("could not be taken away: {sql}")));
        }
    }
    // A resolver that hangs must not keep the process.
    runtime.shutdown_background();
    ended
}

/// Ends with Ctrl-C or, on Unix, a request to terminate.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                Ok(()) = tokio::signal::ctrl_c() => return,
                Some(()) = terminate.recv() => return,
                else => {}
            }
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_ok() {
        return;
    }
    // Signals cannot be listened for: then nothing interrupts.
    std::future::pending().await
}

/// Verifies the targets side by side; what is seen comes in the order in which they were named.
async fn all(
    plans: Vec<Plan>,
    request: &Request,
    events: &EventSink,
    locale: Locale,
) -> Result<Outcome> {
    let places = Places::new(plans.len());
    let run = Run {
        logins: Arc::default(),
        drivers: Arc::new(Semaphore::new(DRIVERS)),
        deadline: request.wait.map(|wait| Instant::now() + wait),
        pins: pinned::project(events),
        events,
        locale,
    };
    let most = places.most;
    let seen: Vec<_> = futures_util::stream::iter(plans)
        .map(|plan| places.run(run.target(plan)))
        .buffered(most)
        .collect()
        .await;
    let mut outcome = Outcome::default();
    for seen in seen {
        let (target, diagnosis) = seen?;
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
    pins: Vec<pins::Pin>,
    events: &'a EventSink,
    locale: Locale,
}

impl Run<'_> {
    /// One target, again and again where that is asked for and can help.
    async fn target(&self, plan: Plan) -> Result<(TargetOutcome, Diagnosis)> {
        let mut tries = 0;
        let mut told = String::new();
        loop {
            tries += 1;
            let (seen, diagnosis) = self.once(plan.clone(), tries == 1).await?;
            let (Some(deadline), Some(finding)) = (self.deadline, waiting::hope(&diagnosis)) else {
                return Ok((seen, diagnosis));
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok((seen, diagnosis));
            }
            if finding.id != told {
                told.clone_from(&finding.id);
                self.events.emit(Event::note(format!(
                    "{} is not ready [{}]: {}; tried again for up to {} s",
                    seen.target,
                    finding.id,
                    finding.observed,
                    left.as_secs().max(1)
                )));
            }
            tokio::time::sleep(waiting::pause(tries).min(left)).await;
        }
    }

    async fn once(&self, plan: Plan, first: bool) -> Result<(TargetOutcome, Diagnosis)> {
        let site = Site::new(plan, Arc::clone(&self.logins)).await;
        if first {
            for note in [site.note(), site.proxy_note().await].into_iter().flatten() {
                self.events.emit(Event::note(note));
            }
        }
        let climbs = site
            .plan
            .transports
            .iter()
            .map(|wanted| climb::climb(&site, *wanted, &self.drivers));
        let mut ladders = join_all(climbs).await;
        ladders.sort_by_key(|ladder| ladder.transport);
        pinned::climb(&self.pins, &mut ladders);
        let subject = subject(&site, &ladders).await;
        let diagnosis = diagnose_ladders(&subject, &ladders, self.locale)?;
        let target = TargetOutcome {
            target: site.plan.target.clone(),
            ladders,
        };
        Ok((target, diagnosis))
    }
}

/// What stopped `ladders`, as findings.
pub fn diagnose_ladders(
    subject: &Subject,
    ladders: &[Ladder],
    locale: Locale,
) -> Result<diagnose::Diagnosis> {
    let stops: Vec<Stop> = ladders
        .iter()
        .flat_map(|ladder| {
            let causes = ladder
                .steps
                .iter()
                .filter(|step| step.judgement.cause.is_some());
            causes.map(|step| Stop {
                transport: ladder.transport,
                rung: step.rung,
                judgement: step.judgement.clone(),
            })
        })
        .collect();
    if stops.is_empty() {
        return Ok(diagnose::Diagnosis::default());
    }
    diagnose::diagnose(subject, stops, &Manifest::built_in()?, locale)
}

/// What the findings of this target are about. A refused adapter makes the native port worth a look.
pub async fn subject(site: &Site, ladders: &[Ladder]) -> Subject {
    let plan = &site.plan;
    let refused = |ladder: &Ladder| {
        ladder.transport != Transport::Native && ladder.stopped_at_a_refused_port()
    };
    let native_answers = if ladders.iter().any(refused) {
        let seen = site.native.fingerprint().await;
        Some(seen.is_some_and(|timed| timed.seen == Fingerprint::NativeLike))
    } else {
        None
    };
    let server_version = ladders
        .iter()
        .find_map(|ladder| ladder.server_version.clone());
    let native_works =
        |ladder: &Ladder| ladder.transport == Transport::Native && ladder.passed(Rung::Query);
    let values = BTreeMap::from([
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
        ("assumed", yes(plan.assumed)),
        ("blank", yes(has_blank_ends(plan.password.reveal()))),
        ("native_works", yes(ladders.iter().any(native_works))),
        ("limit", seconds(plan.limit)),
        ("server_version", server_version.unwrap_or_default()),
        ("prefix", plan.prefix.clone()),
        ("ws_and_rest", ws_and_rest(plan)),
    ]);
    let adapter_answers = |ladder: &Ladder| ladder.passed(Rung::Protocol);
    Subject {
        target: plan.target.clone(),
        values,
        native_answers,
        adapter_answers: ladders.iter().any(adapter_answers),
    }
}

/// The option that keeps both transports where a URL names one of them.
fn ws_and_rest(plan: &Plan) -> String {
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

/// What templates ask with `if`.
fn yes(is: bool) -> String {
    if is { "yes".to_owned() } else { String::new() }
}

/// Whether a password begins or ends with a blank or a line break, as one does that was read from a file or with `echo`.
fn has_blank_ends(password: &str) -> bool {
    password.trim() != password
}

/// A duration as people write it: `3 s`, `0.5 s`.
fn seconds(limit: std::time::Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}
