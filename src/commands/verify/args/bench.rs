//! Arguments that measure transports.

use std::time::Duration;

use super::duration;
use crate::verify::bench::BenchRequest;

/// Options of which the result would be something else than the figures of one server.
const WITHOUT_BENCH: [&str; 12] = [
    "report",
    "ticket",
    "export_endpoints",
    "endpoints",
    "anonymize",
    "every",
    "lasting",
    "format",
    "project",
    "languages",
    "wait",
    "write_db",
];

/// The most connections.
const MOST_CONNECTIONS: u16 = 64;

/// The benchmark.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Benchmark")]
pub(in crate::commands::verify) struct BenchArgs {
    /// Also measure how fast each transport is, on a server named here; puts load on it
    ///
    /// Measures the time to connect, the latency of a small query, and the rows per second of a fetch; with --write, of an
    /// insert into a temporary database, too.
    #[arg(long, conflicts_with_all = WITHOUT_BENCH)]
    pub(in crate::commands::verify) bench: bool,
    /// Time of all measurements together
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10s",
        value_parser = measuring_time,
        requires = "bench",
        hide_short_help = true
    )]
    pub(in crate::commands::verify) duration: Duration,
    /// Connections of the second measurement of each transport, 1 to 64
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_CONNECTIONS)),
        requires = "bench",
        hide_short_help = true
    )]
    pub(in crate::commands::verify) connections: u16,
}

impl BenchArgs {
    /// Returns the requested measurements, if there are any.
    pub(in crate::commands::verify) fn request(&self) -> Option<BenchRequest> {
        self.bench.then(|| BenchRequest {
            duration: self.duration,
            connections: usize::from(self.connections),
        })
    }
}

/// Parses a duration from 1 s to 10 min.
fn measuring_time(text: &str) -> std::result::Result<Duration, String> {
    let time = duration(text)?;
    let range = Duration::from_secs(1)..=Duration::from_secs(600);
    match range.contains(&time) {
        true => Ok(time),
        false => Err("expected a duration from 1s to 10m".into()),
    }
}
