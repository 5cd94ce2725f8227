//! The load that is asked for, and what it may be at most.

use std::time::Duration;

use crate::dsn::Transport;
pub use crate::probe::load::batch::ROWS as BATCH_ROWS;

/// The rows of a fetch, and of an insert on each connection.
pub const ROWS: u64 = 100_000;
/// The most rows that one measurement inserts over all of its connections.
const MOST_INSERTED: u64 = 1_000_000;
/// How often one connection is opened; many are opened once.
const ROUNDS: usize = 5;

/// A request of `--bench`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BenchRequest {
    /// The time of all measurements together.
    pub duration: Duration,
    /// The connections of the second measurement of each transport; with 1 there is only the first.
    pub connections: usize,
}

impl BenchRequest {
    /// The numbers of connections that each transport is measured with.
    pub fn connection_counts(&self) -> Vec<usize> {
        match self.connections {
            0 | 1 => vec![1],
            many => vec![1, many],
        }
    }

    /// The number of measurements over `transports`.
    pub fn steps(&self, transports: &[Transport], writes: bool) -> usize {
        transports.len() * self.connection_counts().len() * Self::steps_of_each(writes)
    }

    /// Connect, query, and fetch; insert where something may be written.
    pub const fn steps_of_each(writes: bool) -> usize {
        if writes { 4 } else { 3 }
    }

    /// How often `connections` connections are opened.
    pub const fn rounds(connections: usize) -> usize {
        if connections == 1 { ROUNDS } else { 1 }
    }

    /// The rows that each of `connections` inserts.
    pub fn inserted_rows(connections: usize) -> u64 {
        ROWS.min(MOST_INSERTED / (connections as u64).max(1))
    }
}
