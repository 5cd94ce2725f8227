//! `--every`: repeats the checks, and reports what changes. Memory does not grow with time, and a login that was rejected is not sent again.

mod state;
mod statistics;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::MissedTickBehavior;

use super::fleet_notes::LimitedNotes;
use super::logins::Logins;
use super::plan::{self, VerifyRequest};
use super::{VerifyOutcome, all, anonymity};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::system::clock;
use crate::system::events::{EventSink, Silent};
use crate::system::runtime;
use state::WatchState;
pub use state::{WatchChange, WatchedTransport};

/// How long and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchSchedule {
    /// From the beginning of a round to that of the next.
    pub every: Duration,
    /// The time after which no round begins; `None`: until it is interrupted.
    pub lasting: Option<Duration>,
}

/// What is given every round, what has changed since the one before, and the time; it may end the watch.
pub type RoundObserver<'a> =
    &'a mut dyn FnMut(&VerifyOutcome, &[WatchChange], &str) -> ControlFlow<()>;

/// The end of a watch.
#[derive(Debug)]
pub struct WatchSummary {
    /// The time that it took.
    pub lasted: Duration,
    /// The number of rounds.
    pub rounds: u64,
    /// Every transport that was watched.
    pub transports: Vec<WatchedTransport>,
    /// The exit code: that of the first failing round, 130 if it was interrupted.
    pub exit: u8,
    /// Whether it was interrupted.
    pub is_interrupted: bool,
}

/// Runs the checks of `request` again and again. `observe` is given every round and what has changed since the one before; it may end
/// the watch.
///
/// # Errors
/// Those of `verify`, but for an interrupt, which ends the watch.
pub fn watch(
    request: &VerifyRequest,
    schedule: WatchSchedule,
    events: &EventSink,
    locale: Locale,
    observe: RoundObserver<'_>,
) -> Result<WatchSummary> {
    let first_events = anonymity::HidingEvents::around(events, request.aliases.as_ref());
    let first_events = LimitedNotes::around(&first_events, request.fleet.is_some());
    let plans = plan::plans(request, &first_events)?;
    if let Some(aliases) = &request.aliases {
        anonymity::register_plans(aliases, &plans);
    }
    let interrupted = || {
        let observed = message!("verify-interrupted");
        let tried = message!("verify-finish");
        Error::new(ErrorId::Interrupted, tried, observed, Message::default())
    };
    runtime::run(interrupted, async |interrupts| {
        let logins: Arc<Logins> = Arc::default();
        let silent: EventSink = Arc::new(Silent);
        let begun = Instant::now();
        let mut state = WatchState::default();
        let mut ticks = tokio::time::interval(schedule.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut is_interrupted = false;
        let mut exit = 0;
        loop {
            if interrupts.unless(ticks.tick()).await.is_err() {
                is_interrupted = true;
                break;
            }
            if schedule
                .lasting
                .is_some_and(|lasting| begun.elapsed() >= lasting)
            {
                break;
            }
            // What was noted of the request once is not repeated every round.
            let events = match state.rounds() {
                0 => &first_events,
                _ => &silent,
            };
            let round = all(plans.clone(), request, Arc::clone(&logins), events, locale);
            let Ok(outcome) = interrupts.unless(round).await else {
                is_interrupted = true;
                break;
            };
            let outcome = outcome?;
            if exit == 0 {
                exit = outcome.exit;
            }
            let changes = state.observe(&outcome, begun.elapsed());
            if observe(&outcome, &changes, &clock::now_text()).is_break() {
                break;
            }
        }
        if is_interrupted {
            exit = ErrorId::Interrupted.exit();
        }
        Ok(WatchSummary {
            lasted: begun.elapsed(),
            rounds: state.rounds(),
            transports: state.ended(begun.elapsed()),
            exit,
            is_interrupted,
        })
    })
}
