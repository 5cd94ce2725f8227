//! Load on a server, and what came of it: shared by the connections of this process and those of the driver's.

pub mod batch;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::system::histogram::LatencyHistogram;

/// The work of each connection until its time ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadTask {
    /// Opens new connections at the same time; those of the last round are kept for the tasks that follow.
    Connect {
        /// How many connections.
        connections: usize,
        /// How often.
        rounds: usize,
    },
    /// A statement with a short answer, again and again.
    Query {
        /// The statement.
        sql: String,
    },
    /// A statement whose rows are read and decoded, until there were enough.
    Fetch {
        /// The statement.
        sql: String,
        /// The number of rows that is enough.
        rows: u64,
    },
    /// Rows in statements of [`batch::ROWS`].
    Insert {
        /// A table for each connection.
        tables: Vec<String>,
        /// The number of rows that is enough, for each connection.
        rows: u64,
        /// The first row's instant, in milliseconds.
        first: i64,
    },
}

/// A fetch lasts at least this long: the time of fewer rows says little.
const LEAST_FETCH: Duration = Duration::from_millis(250);

impl LoadTask {
    /// Returns whether a connection with this `report` after `elapsed` has done enough.
    pub fn is_enough(&self, report: &LoadReport, elapsed: Duration) -> bool {
        match self {
            Self::Connect { .. } | Self::Query { .. } => false,
            Self::Fetch { rows, .. } => report.rows >= *rows && elapsed >= LEAST_FETCH,
            Self::Insert { rows, .. } => report.rows >= *rows,
        }
    }

    /// The next statement of an insert on connection number `at` with this `report`, and the number of its rows; `None` for another
    /// task, and where there is no table for the connection.
    pub fn next_insert(&self, at: usize, report: &LoadReport) -> Option<(String, u64)> {
        let Self::Insert {
            tables,
            rows,
            first,
        } = self
        else {
            return None;
        };
        let count = batch::ROWS.min(rows.saturating_sub(report.rows));
        let first = first.saturating_add_unsigned(report.rows);
        Some((batch::insert(tables.get(at)?, first, count), count))
    }
}

/// A task and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedLoad {
    /// The task.
    pub task: LoadTask,
    /// No statement begins after this time.
    pub micros: u64,
}

/// The figures of a task, over all of its connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadReport {
    /// Latencies of connections or statements, in microseconds.
    pub latencies: LatencyHistogram,
    /// The rows that were read or written.
    pub rows: u64,
    /// The time from the first statement's beginning to the last one's end, in microseconds.
    pub micros: u64,
}

impl LoadReport {
    /// Counts a statement that began at `begun`, and its rows.
    pub fn count(&mut self, begun: Instant, rows: u64) {
        self.latencies.add(micros(begun.elapsed()));
        self.rows = self.rows.saturating_add(rows);
    }

    /// Adds what another connection did at the same time.
    pub fn merge(&mut self, other: &Self) {
        self.latencies.merge(&other.latencies);
        self.rows = self.rows.saturating_add(other.rows);
        self.micros = self.micros.max(other.micros);
    }
}

/// A duration in whole microseconds.
pub fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
