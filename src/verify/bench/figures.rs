//! The figures of a benchmark.

use std::time::Duration;

use serde::Serialize;

use crate::dsn::Transport;
use crate::probe::load::LoadReport;

/// All that was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchFigures {
    /// The time that was asked for.
    pub duration: Duration,
    /// The connections that were asked for.
    pub connections: usize,
    /// Whether rows were to be inserted.
    pub writes: bool,
    /// The transports that were measured, in the order ws, rest, native.
    pub transports: Vec<TransportFigures>,
    /// The time that it took.
    pub lasted: Duration,
    /// Whether it was interrupted.
    pub is_interrupted: bool,
}

/// The figures of one transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportFigures {
    /// Which.
    pub transport: Transport,
    /// One entry for each number of connections.
    pub loads: Vec<ConnectionFigures>,
}

/// The figures with one number of connections; `None` is not measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionFigures {
    /// How many.
    pub connections: usize,
    /// From nothing to a connection that is logged in and usable.
    pub connect: Option<LatencyFigures>,
    /// A small query.
    pub query: Option<LatencyFigures>,
    /// The statement of the query.
    pub query_sql: &'static str,
    /// Rows that were read and decoded.
    pub fetch: Option<RowFigures>,
    /// The rows that were read.
    pub source: FetchSource,
    /// Rows that were written.
    pub insert: Option<RowFigures>,
}

/// The rows of a fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchSource {
    /// The list of system tables, read again and again: some 40 rows for each statement.
    #[default]
    SystemTables,
    /// The temporary table, as far as it was filled.
    TemporaryTable,
}

/// Latencies in microseconds; each percentile is known to about 1.6 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LatencyFigures {
    /// How many were measured.
    pub count: u64,
    /// Half of them took at most this long.
    pub p50_us: u64,
    /// 95 % of them did.
    pub p95_us: u64,
    /// 99 % of them did.
    pub p99_us: u64,
    /// The longest.
    pub max_us: u64,
    /// All connections together.
    pub per_second: u64,
}

/// Rows and the time that they took, all connections together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RowFigures {
    /// The rows.
    pub rows: u64,
    /// The statements that they took.
    pub statements: u64,
    /// The time, in microseconds.
    pub us: u64,
    /// The rows in each second.
    pub rows_per_second: u64,
}

impl LatencyFigures {
    /// The figures of `report`; `None` if nothing was measured.
    pub fn of(report: &LoadReport) -> Option<Self> {
        let percentile = |percent| report.latencies.percentile(percent);
        Some(Self {
            count: report.latencies.count(),
            p50_us: percentile(50)?,
            p95_us: percentile(95)?,
            p99_us: percentile(99)?,
            max_us: report.latencies.max()?,
            per_second: per_second(report.latencies.count(), report.micros),
        })
    }
}

impl RowFigures {
    /// The figures of `report`; `None` if there were no rows.
    pub fn of(report: &LoadReport) -> Option<Self> {
        (report.rows > 0).then(|| Self {
            rows: report.rows,
            statements: report.latencies.count(),
            us: report.micros,
            rows_per_second: per_second(report.rows, report.micros),
        })
    }
}

impl TransportFigures {
    /// Returns whether anything was measured.
    pub fn has_figures(&self) -> bool {
        self.loads.iter().any(|load| {
            load.connect.is_some()
                || load.query.is_some()
                || load.fetch.is_some()
                || load.insert.is_some()
        })
    }
}

fn per_second(count: u64, micros: u64) -> u64 {
    let second = u128::from(count) * 1_000_000;
    u64::try_from(second / u128::from(micros.max(1))).unwrap_or(u64::MAX)
}
