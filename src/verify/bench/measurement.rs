//! Measures transport by transport. What was measured so far is kept outside of the steps, so that an interrupt loses nothing but
//! the step under way.

use std::time::{Duration, Instant};

use super::connections::BenchOpener;
use super::figures::{BenchFigures, TransportFigures};
use super::request::BenchRequest;
use super::schedule::Schedule;
use super::steps::TransportSteps;
use crate::diagnose::{Judgement, Status};
use crate::dsn::Transport;
use crate::probe::{Check, sql};
use crate::verify::site::Site;
use crate::verify::write::Writing;
use crate::verify::{TargetOutcome, TransportChecks};

/// A benchmark under way.
pub(super) struct Measurement {
    pub wanted: BenchRequest,
    pub writing: Option<Writing>,
    pub transports: Vec<TransportFigures>,
    pub failures: Vec<BenchFailure>,
}

/// A step that failed, as the check that it belongs to.
#[derive(Debug)]
pub(super) struct BenchFailure {
    pub transport: Transport,
    pub check: Check,
    pub ms: u64,
    pub judgement: Judgement,
}

impl BenchFailure {
    /// Adds it to the checks of its transport, whose time stays that of the checks.
    pub(super) fn add_to(self, transports: &mut [TransportChecks]) {
        let mut of_transport = transports.iter_mut();
        if let Some(checks) = of_transport.find(|it| it.transport == self.transport) {
            let ms = checks.ms;
            let _ended = checks.add(self.check, self.ms, self.judgement);
            checks.ms = ms;
        }
    }
}

impl Measurement {
    /// Nothing is measured yet.
    pub(super) const fn new(wanted: BenchRequest, writing: Option<Writing>) -> Self {
        Self {
            wanted,
            writing,
            transports: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Returns the figures and the failures.
    pub(super) fn end(
        self,
        lasted: Duration,
        is_interrupted: bool,
    ) -> (BenchFigures, Vec<BenchFailure>) {
        let mut transports = self.transports;
        transports.retain(TransportFigures::has_figures);
        let figures = BenchFigures {
            duration: self.wanted.duration,
            connections: self.wanted.connections,
            writes: self.writing.is_some(),
            transports,
            lasted,
            is_interrupted,
        };
        (figures, self.failures)
    }

    /// Measures the transports of `outcome` that work.
    pub(super) async fn run(
        &mut self,
        site: &Site,
        outcome: &TargetOutcome,
        mut schedule: Schedule,
    ) {
        for checks in &outcome.transports {
            if checks.status() != Status::Ok {
                continue;
            }
            let counts = self.wanted.connection_counts().len();
            let each = counts * BenchRequest::steps_of_each(self.writing.is_some());
            let later = schedule.steps().saturating_sub(each);
            self.transport(site, checks, &mut schedule).await;
            // What a failure left out is time for the others.
            schedule.skip(schedule.steps().saturating_sub(later));
        }
    }

    async fn transport(&mut self, site: &Site, checks: &TransportChecks, schedule: &mut Schedule) {
        let transport = checks.transport;
        let version = checks.server_version.as_deref();
        let Some(opener) = BenchOpener::of(site, transport, version).await else {
            return;
        };
        let time_left = schedule.end().saturating_duration_since(Instant::now());
        let started = match tokio::time::timeout(time_left, opener.start()).await {
            Ok(started) => started,
            Err(_) => return,
        };
        self.transports.push(TransportFigures {
            transport,
            loads: Vec::new(),
        });
        let mut steps = TransportSteps {
            measurement: self,
            transport,
            limit: site.plan.limit,
            address: match transport {
                Transport::Native => site.native.address(),
                Transport::Ws | Transport::Rest => site.adapter.address(),
            },
            query: match checks.dnodes {
                Some(_) => sql::DNODE_COUNT,
                None => sql::DATABASES,
            },
            filled: false,
            is_made: false,
        };
        match started {
            Ok(connections) => steps.run(connections, &opener, schedule).await,
            Err(failure) => {
                let _ended = steps.failed(Check::Query, 0, failure, schedule);
            }
        }
    }
}
