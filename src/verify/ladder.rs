//! One transport's way up: its rungs, until the first that fails.

use std::time::{Duration, Instant};

use crate::diagnose::judgement::safe;
use crate::diagnose::{Id, Judgement, Status};
use crate::dsn::Transport;
use crate::probe::Rung;
use crate::probe::tcp::millis;
use crate::safety::secret::Secret;

/// What takes less than this is never called slow, in milliseconds.
const LONG: u64 = 1000;

/// A rung and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which rung.
    pub rung: Rung,
    /// Milliseconds that it took; a fact that several transports share took them once.
    pub ms: u64,
    /// Its verdict; safe to show.
    pub judgement: Judgement,
}

/// One transport's way up.
#[derive(Debug)]
pub struct Ladder {
    /// Which transport.
    pub transport: Transport,
    /// The rungs so far.
    pub steps: Vec<Step>,
    /// The server's version, where it was told; safe to show.
    pub server_version: Option<String>,
    /// The driver's version, over native; safe to show.
    pub client_version: Option<String>,
    /// Milliseconds from the first rung to the last.
    pub ms: u64,
    begun: Instant,
    secrets: Vec<Secret>,
}

impl Ladder {
    /// A ladder to climb now. `secrets` never get into what it holds.
    pub fn new(transport: Transport, secrets: Vec<Secret>) -> Self {
        Self {
            transport,
            steps: Vec::new(),
            server_version: None,
            client_version: None,
            ms: 0,
            begun: Instant::now(),
            secrets,
        }
    }

    /// Adds a rung. `None` where the ladder ends with it.
    pub fn step(&mut self, rung: Rung, ms: u64, judgement: Judgement) -> Option<()> {
        let goes_on = judgement.status != Status::Failed;
        self.steps.push(Step {
            rung,
            ms,
            judgement: judgement.made_safe(&self.secrets),
        });
        self.ms = millis(self.begun);
        goes_on.then_some(())
    }

    /// Where the transport works: a note on the rung that took the longest, if that was most of the `limit` of a step. A path
    /// that is only long stays far below it.
    pub fn mark_the_slow(&mut self, limit: Duration) {
        if self.status() != Status::Ok {
            return;
        }
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let slow = |step: &&mut Step| {
            let of_the_path =
                !matches!(step.rung, Rung::Library | Rung::Load | Rung::ClientVersion);
            let well = step.judgement.status == Status::Ok && step.judgement.cause.is_none();
            of_the_path && well && step.ms >= LONG && step.ms >= limit / 3 * 2
        };
        if let Some(step) = self
            .steps
            .iter_mut()
            .filter(slow)
            .max_by_key(|step| step.ms)
        {
            let judgement = step.judgement.clone().noted(Id::Slow);
            step.judgement = judgement
                .with("rung", step.rung.as_str())
                .with("took", format!("{} ms", step.ms));
        }
    }

    /// `text` from a server, safe to show.
    pub fn safe(&self, text: &str) -> String {
        safe(text, &self.secrets)
    }

    /// How the transport ended: `failed` where a rung failed, `skipped` where not even the first was climbed, else `ok`.
    pub fn status(&self) -> Status {
        let skipped = |step: &Step| step.judgement.status == Status::Skipped;
        if self.steps.first().is_some_and(skipped) {
            Status::Skipped
        } else if self
            .steps
            .iter()
            .any(|step| step.judgement.status == Status::Failed)
        {
            Status::Failed
        } else {
            Status::Ok
        }
    }

    /// Whether this rung was climbed, and all was well there.
    pub fn passed(&self, rung: Rung) -> bool {
        let passed = |step: &Step| step.rung == rung && step.judgement.status == Status::Ok;
        self.steps.iter().any(passed)
    }

    /// Whether it ended because nothing listens on the port.
    pub fn stopped_at_a_refused_port(&self) -> bool {
        let cause = self
            .steps
            .last()
            .and_then(|step| step.judgement.cause.as_ref());
        cause.is_some_and(|cause| cause.id == Id::TcpRefused)
    }
}
