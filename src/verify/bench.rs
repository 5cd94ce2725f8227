//! `--bench`: measures how fast each transport is on the user's own server. The usual checks come first; a transport that fails
//! them, or fails while it is measured, does not keep the others from being measured.

pub mod advice;
mod connections;
pub mod figures;
mod measurement;
mod remote;
pub mod request;
mod schedule;
mod steps;
mod tables;

use std::sync::Arc;
use std::time::Instant;

use super::logins::Logins;
use super::plan::{self, TargetPlan, VerifyRequest};
use super::site::Site;
use super::{Run, VerifyOutcome, diagnose_checks, interrupted, remove_leftovers};
use crate::diagnose::Status;
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};
use crate::system::runtime;
pub use figures::BenchFigures;
use measurement::Measurement;
pub use request::BenchRequest;
use schedule::Schedule;

/// The most threads that connections through taosAdapter run on.
const MOST_WORKERS: usize = 8;

/// Verifies the target of `request` and measures the transports that work.
///
/// # Errors
/// `usage` if it is not exactly one server that the command line names; those of `verify`. An interrupt while the checks run is
/// `interrupted`; later it ends the measurements, and what was measured is in the outcome.
pub fn bench(
    request: &VerifyRequest,
    wanted: BenchRequest,
    events: &EventSink,
    locale: Locale,
) -> Result<VerifyOutcome> {
    let plan = named_plan(request, events)?;
    events.emit(Event::note(load_note(&plan, wanted)));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(wanted.connections).clamp(1, MOST_WORKERS);
    runtime::run_with_workers(workers, interrupted, async |interrupts| {
        let logins: Arc<Logins> = Arc::default();
        let checked = TargetPlan {
            writing: None,
            ..plan.clone()
        };
        let plans = std::slice::from_ref(&checked);
        let run = Run::new(plans, request, Arc::clone(&logins), events, locale);
        let mut seen = interrupts.unless(run.target(checked.clone())).await??;

        let begun = Instant::now();
        let mut measurement = Measurement::new(wanted, plan.writing.clone());
        let working: Vec<Transport> = seen
            .outcome
            .transports
            .iter()
            .filter(|checks| checks.status() == Status::Ok)
            .map(|checks| checks.transport)
            .collect();
        let steps = wanted.steps(&working, plan.writing.is_some());
        let schedule = Schedule::new(begun, wanted.duration, steps);
        let is_interrupted = !working.is_empty() && {
            let measure = async {
                let site = Site::new(plan.clone(), logins).await;
                measurement.run(&site, &seen.outcome, schedule).await;
            };
            interrupts.unless(measure).await.is_err()
        };
        if let Some(writing) = &plan.writing {
            remove_leftovers(writing, request.limit, events).await;
        }
        let (figures, failures) = measurement.end(begun.elapsed(), is_interrupted);
        for failure in failures {
            failure.add_to(&mut seen.outcome.transports);
        }
        let diagnosis = diagnose_checks(&seen.subject, &seen.outcome.transports, locale)?;
        seen.outcome.bench = Some(figures);
        Ok(VerifyOutcome {
            targets: vec![seen.outcome],
            findings: diagnosis.findings,
            fleet: request.fleet.clone(),
            exit: match is_interrupted {
                true => ErrorId::Interrupted.exit(),
                false => diagnosis.exit,
            },
        })
    })
}

/// The plan of the one server that the command line names: load is never put on one that was found in the environment.
fn named_plan(request: &VerifyRequest, events: &EventSink) -> Result<TargetPlan> {
    let refused = |observed: Message| {
        Error::new(
            ErrorId::Usage,
            message!("bench-measure"),
            observed,
            message!("bench-next-host"),
        )
    };
    if request.targets.is_empty() {
        return Err(refused(message!("bench-not-named")));
    }
    // Also where it has one target only: what is in the file may change.
    if request.targets.iter().any(|target| target.labels.is_some()) {
        return Err(refused(message!("bench-inventory")));
    }
    let mut plans = plan::plans(request, events)?;
    match (plans.pop(), plans.len()) {
        (Some(plan), 0) => Ok(plan),
        (_, others) => Err(refused(message!("bench-many", count = others + 1))),
    }
}

/// The note about the load that follows.
fn load_note(plan: &TargetPlan, wanted: BenchRequest) -> Message {
    message!(
        "bench-load",
        target = plan.target,
        seconds = wanted.duration.as_secs_f64(),
        connections = wanted.connections,
        rows = request::ROWS,
        inserted = BenchRequest::inserted_rows(wanted.connections) * wanted.connections as u64,
        writes = plan.writing.is_some()
    )
}
