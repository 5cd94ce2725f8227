//! `verify`: climbs each transport's ladder, decides when it stops, collects what was seen into one verdict.

pub mod canary;
pub mod climb;
#[cfg(test)]
mod hostile;
pub mod ladder;
pub mod plan;
pub mod port;
pub mod site;

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::diagnose::{self, Finding, Manifest, Stop, Subject};
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::events::{Event, EventSink};
use crate::locale::Locale;
use crate::probe::Rung;
use crate::probe::fingerprint::Fingerprint;
pub use ladder::{Ladder, Step};
pub use plan::{Plan, Request};
use site::Site;

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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| unexpected("start", &error.to_string()))?;
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
            outcome = all(plans, events, locale) => outcome,
        }
    });
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

/// Verifies the targets one after the other: they may be nodes of one cluster, which counts failed logins.
async fn all(plans: Vec<Plan>, events: &EventSink, locale: Locale) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut refused = Vec::new();
    for plan in plans {
        let mut site = Site::new(plan).await;
        site.remember(&refused).await;
        if let Some(note) = site.note() {
            events.emit(Event::Note(note));
        }
        let climbs = site
            .plan
            .transports
            .iter()
            .map(|wanted| climb::climb(&site, *wanted));
        let mut ladders = join_all(climbs).await;
        ladders.sort_by_key(|ladder| ladder.transport);
        refused.extend(site.lesson().await);
        let subject = subject(&site, &ladders).await;
        let diagnosis = diagnose_ladders(&subject, &ladders, locale)?;
        if outcome.exit == 0 {
            outcome.exit = diagnosis.exit;
        }
        outcome.findings.extend(diagnosis.findings);
        outcome.targets.push(TargetOutcome {
            target: site.plan.target.clone(),
            ladders,
        });
    }
    Ok(outcome)
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
        ("user", crate::printable::printable(&plan.user)),
        (
            "assumed",
            if plan.assumed {
                "yes".to_owned()
            } else {
                String::new()
            },
        ),
        ("limit", seconds(plan.limit)),
        ("server_version", server_version.unwrap_or_default()),
    ]);
    let adapter_answers = |ladder: &Ladder| {
        let protocol = |step: &Step| {
            step.rung == Rung::Protocol && step.judgement.status == diagnose::Status::Ok
        };
        ladder.steps.iter().any(protocol)
    };
    Subject {
        target: plan.target.clone(),
        values,
        native_answers,
        adapter_answers: ladders.iter().any(adapter_answers),
    }
}

/// A duration as people write it: `3 s`, `0.5 s`.
fn seconds(limit: std::time::Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

fn unexpected(tried: &str, observed: &str) -> Error {
    Error::new(
        ErrorId::Unexpected,
        tried,
        observed,
        "report this as a bug of taos-setup",
    )
}
