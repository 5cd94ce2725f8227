//! What was seen last, and what has changed since.

use std::collections::BTreeMap;
use std::time::Duration;

use super::statistics::OutageCount;
use crate::diagnose::{Finding, Status};
use crate::dsn::Transport;
use crate::system::histogram::LatencyHistogram;
use crate::verify::route::is_open;
use crate::verify::{TargetOutcome, TransportChecks, VerifyOutcome};

/// Something that is not as it was a round before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchChange {
    /// A transport works, or works again.
    Up {
        /// The target.
        target: String,
        /// The transport.
        transport: Transport,
        /// Milliseconds that its checks took.
        ms: u64,
        /// How long it did not work; `None` if it was not seen to fail.
        after: Option<Duration>,
    },
    /// A transport fails, or fails in another way.
    Down {
        /// The target.
        target: String,
        /// The transport.
        transport: Transport,
        /// The finding's id.
        id: &'static str,
        /// The finding's summary.
        summary: String,
    },
    /// The name has other addresses.
    Name {
        /// The target.
        target: String,
        /// The addresses before.
        before: Vec<String>,
        /// The addresses now.
        now: Vec<String>,
    },
    /// A dnode's endpoint accepts connections, or no longer does.
    Dnode {
        /// The target.
        target: String,
        /// The endpoint.
        endpoint: String,
        /// Whether it accepts connections now.
        open: bool,
    },
}

/// A transport over the whole watch.
#[derive(Clone, Debug)]
pub struct WatchedTransport {
    /// The target.
    pub target: String,
    /// The transport.
    pub transport: Transport,
    /// The rounds in which it worked.
    pub good_rounds: u64,
    /// The rounds in which it was verified.
    pub rounds: u64,
    /// Its outages.
    pub outages: OutageCount,
    /// Milliseconds of the rounds in which it worked.
    pub latency: LatencyHistogram,
    /// What was seen last: nothing is wrong, or the finding's id.
    last: Option<Result<(), &'static str>>,
    down_since: Option<Duration>,
}

/// Everything that is remembered; it has the size of one round.
#[derive(Debug, Default)]
pub(super) struct WatchState {
    rounds: u64,
    transports: Vec<WatchedTransport>,
    addresses: BTreeMap<String, Vec<String>>,
    dnodes: BTreeMap<(String, String), bool>,
}

impl WatchState {
    /// The number of rounds so far.
    pub(super) const fn rounds(&self) -> u64 {
        self.rounds
    }

    /// What `outcome`, seen `at` after the beginning, changes.
    pub(super) fn observe(&mut self, outcome: &VerifyOutcome, at: Duration) -> Vec<WatchChange> {
        self.rounds += 1;
        let mut changes = Vec::new();
        for target in &outcome.targets {
            changes.extend(self.name(target));
            for checks in &target.transports {
                if checks.status() == Status::Skipped {
                    continue;
                }
                let finding = outcome.findings.iter().find(|finding| {
                    finding.target == target.target
                        && finding.transports.contains(&checks.transport)
                });
                changes.extend(self.transport(&target.target, checks, finding, at));
            }
            changes.extend(self.dnodes(target));
        }
        changes
    }

    /// The transports at the end, `at` after the beginning.
    pub(super) fn ended(mut self, at: Duration) -> Vec<WatchedTransport> {
        for row in &mut self.transports {
            if let Some(since) = row.down_since.take() {
                row.outages.add(at.saturating_sub(since));
            }
        }
        self.transports
    }

    fn name(&mut self, target: &TargetOutcome) -> Option<WatchChange> {
        let mut now = target.route.name.addresses.clone();
        // Servers of names give the addresses in another order every time.
        now.sort_unstable();
        if now.is_empty() {
            return None;
        }
        let before = self.addresses.insert(target.target.clone(), now.clone())?;
        (before != now).then(|| WatchChange::Name {
            target: target.target.clone(),
            before,
            now,
        })
    }

    fn dnodes(&mut self, target: &TargetOutcome) -> Vec<WatchChange> {
        let mut changes = Vec::new();
        let dnodes = target.route.dnodes.as_deref().unwrap_or_default();
        if !dnodes.is_empty() {
            // A dnode that the cluster no longer has is forgotten.
            let known = |endpoint: &String| dnodes.iter().any(|it| it.advertised == *endpoint);
            self.dnodes
                .retain(|(of, endpoint), _| *of != target.target || known(endpoint));
        }
        for dnode in dnodes {
            let open = is_open(&dnode.dials) && !dnode.is_strange;
            let key = (target.target.clone(), dnode.advertised.clone());
            // The first time, only what is wrong is worth a line.
            if self.dnodes.insert(key, open).unwrap_or(true) != open {
                changes.push(WatchChange::Dnode {
                    target: target.target.clone(),
                    endpoint: dnode.advertised.clone(),
                    open,
                });
            }
        }
        changes
    }

    fn transport(
        &mut self,
        target: &str,
        checks: &TransportChecks,
        finding: Option<&Finding>,
        at: Duration,
    ) -> Option<WatchChange> {
        let transport = checks.transport;
        let same = |row: &WatchedTransport| row.target == target && row.transport == transport;
        let number = match self.transports.iter().position(same) {
            Some(number) => number,
            None => {
                self.transports.push(WatchedTransport {
                    target: target.to_owned(),
                    transport,
                    good_rounds: 0,
                    rounds: 0,
                    outages: OutageCount::default(),
                    latency: LatencyHistogram::default(),
                    last: None,
                    down_since: None,
                });
                self.transports.len() - 1
            }
        };
        let row = self.transports.get_mut(number)?;
        row.rounds += 1;
        let now = match checks.status() {
            Status::Failed => Err(finding.map_or("", |finding| finding.id.as_str())),
            Status::Ok | Status::Warning | Status::Skipped => Ok(()),
        };
        let before = row.last.replace(now);
        match now {
            Ok(()) => {
                row.good_rounds += 1;
                row.latency.add(checks.ms);
                let after = row.down_since.take().map(|since| at.saturating_sub(since));
                if let Some(after) = after {
                    row.outages.add(after);
                }
                (before != Some(Ok(()))).then(|| WatchChange::Up {
                    target: target.to_owned(),
                    transport,
                    ms: checks.ms,
                    after,
                })
            }
            Err(id) => {
                row.down_since.get_or_insert(at);
                (before != Some(Err(id))).then(|| WatchChange::Down {
                    target: target.to_owned(),
                    transport,
                    id,
                    summary: finding
                        .map(|finding| finding.summary.clone())
                        .unwrap_or_default(),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
