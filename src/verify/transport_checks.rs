//! The checks of one transport, up to the first that fails.

use std::time::{Duration, Instant};

use crate::diagnose::judgement::safe;
use crate::diagnose::{Id, Judgement, Status};
use crate::dsn::Transport;
use crate::probe::Check;
use crate::probe::tcp::millis;
use crate::safety::secret::Secret;

/// What takes less than this is never called slow, in milliseconds.
const LONG: u64 = 1000;

/// A check and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// Which check.
    pub check: Check,
    /// Milliseconds that it took; a fact that several transports share took them once. `None` if it follows from another check.
    pub ms: Option<u64>,
    /// Its verdict; safe to show.
    pub judgement: Judgement,
}

/// One transport's way up.
#[derive(Debug)]
pub struct TransportChecks {
    /// Which transport.
    pub transport: Transport,
    /// The results so far.
    pub results: Vec<CheckResult>,
    /// The server's version, if it gave one; safe to show.
    pub server_version: Option<String>,
    /// The user who logs in; empty with a token.
    pub user: String,
    /// The number of dnodes, if the user may see them.
    pub dnodes: Option<usize>,
    /// The driver's version, over native; safe to show.
    pub client_version: Option<String>,
    /// Milliseconds from the first check to the last.
    pub ms: u64,
    begun: Instant,
    secrets: Vec<Secret>,
}

impl TransportChecks {
    /// Checks that begin now. `secrets` never get into what it holds.
    pub fn new(transport: Transport, secrets: Vec<Secret>) -> Self {
        Self {
            transport,
            results: Vec::new(),
            server_version: None,
            user: String::new(),
            dnodes: None,
            client_version: None,
            ms: 0,
            begun: Instant::now(),
            secrets,
        }
    }

    /// Adds a check. `None` where the checks ends with it.
    pub fn add(&mut self, check: Check, ms: u64, judgement: Judgement) -> Option<()> {
        self.push(check, Some(ms), judgement)
    }

    /// Adds a check that took no time of its own: it follows from another one. `None` if the checks end with it.
    pub fn add_untimed(&mut self, check: Check, judgement: Judgement) -> Option<()> {
        self.push(check, None, judgement)
    }

    fn push(&mut self, check: Check, ms: Option<u64>, judgement: Judgement) -> Option<()> {
        let continues = judgement.status != Status::Failed;
        self.results.push(CheckResult {
            check,
            ms,
            judgement: judgement.made_safe(&self.secrets),
        });
        self.ms = millis(self.begun);
        continues.then_some(())
    }

    /// Where the transport works: a note on the check that took the longest, if that was most of the `limit` of a result. A path
    /// that is only long stays far below it.
    pub fn mark_the_slow(&mut self, limit: Duration) {
        if self.status() != Status::Ok {
            return;
        }
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let slow = |result: &&mut CheckResult| {
            let of_the_path = !matches!(
                result.check,
                Check::Library | Check::Load | Check::ClientVersion
            );
            let well = result.judgement.status == Status::Ok && result.judgement.cause.is_none();
            let ms = result.ms.unwrap_or_default();
            of_the_path && well && ms >= LONG && ms >= limit / 3 * 2
        };
        if let Some(result) = self
            .results
            .iter_mut()
            .filter(slow)
            .max_by_key(|result| result.ms)
        {
            let judgement = result.judgement.clone().noted(Id::Slow);
            result.judgement = judgement
                .with("check", result.check.as_str())
                .with("took", format!("{} ms", result.ms.unwrap_or_default()));
        }
    }

    /// Changes every text from outside by `change`.
    pub fn map_texts(&mut self, change: &impl Fn(&str) -> String) {
        for result in &mut self.results {
            let judgement = result.judgement.clone();
            result.judgement = judgement.map_texts(change);
        }
        self.user = change(&self.user);
        for version in [&mut self.server_version, &mut self.client_version] {
            *version = version.as_deref().map(change);
        }
    }

    /// `text` from a server, safe to show.
    pub fn safe(&self, text: &str) -> String {
        safe(text, &self.secrets)
    }

    /// How the transport ended: `failed` where a check failed, `skipped` where not even the first was climbed, else `ok`.
    pub fn status(&self) -> Status {
        let skipped = |result: &CheckResult| result.judgement.status == Status::Skipped;
        if self.results.first().is_some_and(skipped) {
            Status::Skipped
        } else if self
            .results
            .iter()
            .any(|result| result.judgement.status == Status::Failed)
        {
            Status::Failed
        } else {
            Status::Ok
        }
    }

    /// Whether this check was climbed, and all was well there.
    pub fn passed(&self, check: Check) -> bool {
        let passed =
            |result: &CheckResult| result.check == check && result.judgement.status == Status::Ok;
        self.results.iter().any(passed)
    }

    /// Whether this check was made.
    pub fn reached(&self, check: Check) -> bool {
        self.results.iter().any(|result| result.check == check)
    }

    /// Whether it ended because nothing listens on the port.
    pub fn stopped_at_a_refused_port(&self) -> bool {
        let cause = self
            .results
            .last()
            .and_then(|result| result.judgement.cause.as_ref());
        cause.is_some_and(|cause| cause.id == Id::TcpRefused)
    }
}
