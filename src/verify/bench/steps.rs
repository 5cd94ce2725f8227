//! The steps of one transport: connect, query, insert, and fetch, with one connection and with many.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::connections::{BenchConnections, BenchOpener, LoadFailure};
use super::figures::{
    ConnectionFigures, FetchSource, LatencyFigures, RowFigures, TransportFigures,
};
use super::measurement::{BenchFailure, Measurement};
use super::request::{BenchRequest, ROWS};
use super::schedule::Schedule;
use super::tables::BenchTables;
use crate::diagnose::{Judgement, judge};
use crate::dsn::Transport;
use crate::probe::load::{LoadReport, LoadTask, TimedLoad, micros};
use crate::probe::write::{WriteStep, Written};
use crate::probe::{Check, Reply, sql};
use crate::system::clock;
use crate::verify::write::undo::{PendingUndos, UndoStatement};
use crate::verify::write::undo_limit;

/// The first row is written an hour before now: all rows are in the past.
const HOUR_MS: i64 = 3_600_000;

/// Why the steps of a transport end early.
pub(super) enum StepEnd {
    /// The time is over.
    TimeOver,
    /// The server refused it.
    Refused,
    /// It failed in another way.
    Failed,
}

/// The steps of one transport.
pub(super) struct TransportSteps<'a> {
    pub measurement: &'a mut Measurement,
    pub transport: Transport,
    pub limit: Duration,
    pub address: String,
    pub query: &'static str,
    /// The table of the single connection has rows.
    pub filled: bool,
    /// The temporary database was made, or may have been.
    pub is_made: bool,
}

impl TransportSteps<'_> {
    pub(super) async fn run(
        &mut self,
        mut connections: BenchConnections,
        opener: &BenchOpener,
        schedule: &mut Schedule,
    ) {
        let Some(writing) = self.measurement.writing.clone() else {
            let _ended = self.all(&mut connections, None, schedule).await;
            return;
        };
        let tables = BenchTables::new(&writing.pending, self.transport);
        let in_flight = Arc::<AtomicBool>::default();
        let Some(way) = opener.undo() else {
            return;
        };
        let undo = UndoStatement {
            sql: tables.drop.clone(),
            way,
            in_flight: Arc::clone(&in_flight),
        };
        let ticket = writing.pending.add(undo);
        let own = (&tables, &*in_flight);
        let ended = self.all(&mut connections, Some(own), schedule).await;
        let limit = undo_limit(self.limit);
        // After a failure, and where the time was over, the connections may wait for an answer.
        let dropped = ended.is_ok()
            && self.is_made
            && connections.statement(&tables.drop, limit).await == Reply::Data(());
        drop(connections);
        if self.is_made && !dropped && !Self::undo(&writing.pending, ticket, limit).await {
            self.not_dropped(&tables.drop);
        }
        writing.pending.forget(ticket);
    }

    async fn undo(pending: &PendingUndos, ticket: u64, limit: Duration) -> bool {
        match pending.get(ticket) {
            Some(undo) => undo.run(limit).await,
            None => true,
        }
    }

    /// Connect, query, insert, and fetch, with one connection and with many.
    async fn all(
        &mut self,
        connections: &mut BenchConnections,
        own: Option<(&BenchTables, &AtomicBool)>,
        schedule: &mut Schedule,
    ) -> Result<(), StepEnd> {
        for count in self.measurement.wanted.connection_counts() {
            self.figures(count);
            let connect = LoadTask::Connect {
                connections: count,
                rounds: BenchRequest::rounds(count),
            };
            let report = self.step(connections, connect, Check::Query, schedule);
            let report = report.await?;
            self.figures(count).connect = LatencyFigures::of(&report);

            let query = LoadTask::Query {
                sql: self.query.to_owned(),
            };
            let report = self
                .step(connections, query, Check::Query, schedule)
                .await?;
            let figures = self.figures(count);
            figures.query = LatencyFigures::of(&report);

            if let Some((tables, in_flight)) = own {
                if count == 1 {
                    self.database(connections, tables, in_flight, schedule)
                        .await?;
                }
                self.insert(connections, tables, count, schedule).await?;
            }

            let (sql, source) = match own {
                Some((tables, _)) if self.filled => {
                    (tables.select(ROWS), FetchSource::TemporaryTable)
                }
                _ => (sql::SYSTEM_TABLES.to_owned(), FetchSource::SystemTables),
            };
            let fetch = LoadTask::Fetch { sql, rows: ROWS };
            let report = self
                .step(connections, fetch, Check::Query, schedule)
                .await?;
            let figures = self.figures(count);
            figures.fetch = RowFigures::of(&report);
            figures.source = source;
        }
        Ok(())
    }

    /// The figures with so many connections.
    fn figures(&mut self, count: usize) -> &mut ConnectionFigures {
        let transports = &mut self.measurement.transports;
        let at = transports
            .iter()
            .position(|it| it.transport == self.transport)
            .unwrap_or_else(|| {
                transports.push(TransportFigures {
                    transport: self.transport,
                    loads: Vec::new(),
                });
                transports.len() - 1
            });
        let loads = &mut transports[at].loads;
        let at = loads
            .iter()
            .position(|it| it.connections == count)
            .unwrap_or_else(|| {
                loads.push(ConnectionFigures {
                    connections: count,
                    query_sql: self.query,
                    ..ConnectionFigures::default()
                });
                loads.len() - 1
            });
        &mut loads[at]
    }

    /// Runs `task` in the time that it has. A failed step has no figure.
    async fn step(
        &mut self,
        connections: &mut BenchConnections,
        task: LoadTask,
        check: Check,
        schedule: &mut Schedule,
    ) -> Result<LoadReport, StepEnd> {
        let begun = Instant::now();
        let share = schedule.share(begun).ok_or(StepEnd::TimeOver)?;
        let load = TimedLoad {
            task,
            micros: micros(share),
        };
        let left = schedule.end().saturating_duration_since(begun);
        let ran = tokio::time::timeout(left, connections.run(&load)).await;
        match ran {
            Err(_) => Err(StepEnd::TimeOver),
            Ok((report, None)) => Ok(report),
            Ok((_, Some(failure))) => Err(self.failed(check, millis(begun), failure, schedule)),
        }
    }

    /// Makes the database.
    async fn database(
        &mut self,
        connections: &mut BenchConnections,
        tables: &BenchTables,
        in_flight: &AtomicBool,
        schedule: &Schedule,
    ) -> Result<(), StepEnd> {
        in_flight.store(true, Ordering::Relaxed);
        let made = self
            .statement(connections, &tables.create, WriteStep::Database, schedule)
            .await;
        // Without an answer it is not known what became of it.
        in_flight.store(matches!(made, Err(StepEnd::TimeOver)), Ordering::Relaxed);
        self.is_made = !matches!(made, Err(StepEnd::Refused));
        made
    }

    async fn insert(
        &mut self,
        connections: &mut BenchConnections,
        tables: &BenchTables,
        count: usize,
        schedule: &mut Schedule,
    ) -> Result<(), StepEnd> {
        let names = tables.tables(count);
        for table in &names {
            let create = BenchTables::create_table(table);
            self.statement(connections, &create, WriteStep::Table, schedule)
                .await?;
        }
        let insert = LoadTask::Insert {
            tables: names,
            rows: BenchRequest::inserted_rows(count),
            first: clock::now().as_millisecond() - HOUR_MS,
        };
        let report = self
            .step(connections, insert, Check::Write, schedule)
            .await?;
        self.filled |= report.rows > 0;
        self.figures(count).insert = RowFigures::of(&report);
        Ok(())
    }

    /// A statement between measurements.
    async fn statement(
        &mut self,
        connections: &mut BenchConnections,
        sql: &str,
        step: WriteStep,
        schedule: &Schedule,
    ) -> Result<(), StepEnd> {
        let begun = Instant::now();
        let left = schedule.end().saturating_duration_since(begun);
        let ran = tokio::time::timeout(left, connections.statement(sql, self.limit)).await;
        match ran {
            Err(_) => Err(StepEnd::TimeOver),
            Ok(Reply::Data(())) => Ok(()),
            Ok(reply) => {
                let end = match reply {
                    Reply::Refused { .. } => StepEnd::Refused,
                    _ => StepEnd::Failed,
                };
                self.write_failed(step, millis(begun), reply);
                Err(end)
            }
        }
    }

    /// Notes a failure, but for one that is the end of the time.
    pub(super) fn failed(
        &mut self,
        check: Check,
        ms: u64,
        failure: LoadFailure,
        schedule: &Schedule,
    ) -> StepEnd {
        if Instant::now() >= schedule.end() {
            return StepEnd::TimeOver;
        }
        if check == Check::Write {
            self.write_failed(WriteStep::Insert, ms, failure.reply());
            return StepEnd::Failed;
        }
        let judgement = match failure {
            LoadFailure::Remote(reply) => judge::query::cluster(&reply.and_then(|()| None)),
            LoadFailure::Driver(reply) => judge::native::cluster(&reply.map(|()| None)),
        };
        self.note(check, ms, judgement.with("address", self.address.clone()));
        StepEnd::Failed
    }

    fn write_failed(&mut self, step: WriteStep, ms: u64, reply: Reply<()>) {
        let written = Written {
            failed: Some((step, reply)),
            ..Written::default()
        };
        for judgement in judge::write::write(&written) {
            self.note(Check::Write, ms, judgement);
        }
    }

    /// The database could not be dropped: its name and the statement are in the finding.
    fn not_dropped(&mut self, drop: &str) {
        let written = Written {
            known: Some(jiff::SignedDuration::ZERO),
            left: Some(drop.to_owned()),
            ..Written::default()
        };
        for judgement in judge::write::write(&written) {
            self.note(Check::Write, 0, judgement);
        }
    }

    fn note(&mut self, check: Check, ms: u64, judgement: Judgement) {
        self.measurement.failures.push(BenchFailure {
            transport: self.transport,
            check,
            ms,
            judgement,
        });
    }
}

fn millis(begun: Instant) -> u64 {
    micros(begun.elapsed()) / 1000
}
