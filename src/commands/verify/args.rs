//! Arguments of `taos-setup verify`.

mod bench;
mod connector;

use std::path::PathBuf;
use std::time::Duration;

use crate::dsn::Transport;
use bench::BenchArgs;
pub(super) use connector::ConnectorArgs;

/// Verify connections to a server, or report the cause and a fix
///
/// Runs a series of checks for each transport, from DNS to a query that only the server can answer, and stops at the first
/// failure. Logs in with TAOS_USER and TAOS_PASSWORD [default: root, taosdata, tried once]. A rejected
/// login is never repeated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: TAOS_PASSWORD=secret taos-setup verify db.example:6041 --transport ws,rest"
)]
pub struct Args {
    /// HOST, HOST:PORT, a URL (http://, https://, ws://, wss://, taos://), a connection string, or @FILE, an inventory [default: TAOS_HOST, the Cloud's variables, the firstEp of taos.cfg, or localhost]
    #[arg(value_name = "TARGET")]
    pub(super) targets: Vec<String>,
    /// Transports to verify: ws, rest, native [default: all; native only if there is a client library]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = transport)]
    pub(super) transport: Vec<Transport>,
    /// Native port [default: 6030]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..), hide_short_help = true)]
    pub(super) native_port: Option<u16>,
    /// Time limit of each check, such as 500ms, 3s, or 1m
    #[arg(long, value_name = "DURATION", default_value = "3s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// Also write a row to a temporary database, read it back, and remove it, over each transport
    #[arg(long)]
    pub(super) write: bool,
    /// Write to a separate table in this database, for users who may not create one
    #[arg(long, value_name = "NAME", value_parser = database, hide_short_help = true)]
    pub(super) write_db: Option<String>,
    /// Wait up to this long until a real query succeeds; stop early if waiting cannot help
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) wait: Option<Duration>,
    /// Show a row for each value of this label of an inventory, or for each `group`, instead of each target
    #[arg(long, value_name = "LABEL", conflicts_with_all = ["every", "endpoints"], hide_short_help = true)]
    pub(super) group_by: Option<String>,
    /// Verify TDengine Cloud: TDENGINE_CLOUD_URL with TDENGINE_CLOUD_TOKEN
    #[arg(long)]
    pub(super) cloud: bool,
    /// Additional trusted CA certificates (PEM) for https and wss
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    pub(super) ca_cert: Option<PathBuf>,
    /// Accept any TLS certificate; an attacker on the network can read the password
    #[arg(long)]
    pub(super) insecure: bool,
    #[command(flatten)]
    pub(super) report: super::report::ReportArgs,
    #[command(flatten)]
    pub(super) connector: ConnectorArgs,
    #[command(flatten)]
    pub(super) bench: BenchArgs,
}

fn transport(text: &str) -> std::result::Result<Transport, String> {
    text.parse()
}

/// Parses a database name: at most 64 bytes, as in TDengine, without control characters.
fn database(text: &str) -> std::result::Result<String, String> {
    if text.is_empty() || text.len() > 64 || text.chars().any(char::is_control) {
        return Err("expected a database name of 1 to 64 bytes".into());
    }
    Ok(text.to_owned())
}

/// Parses a positive duration of at most an hour, in ms, s or m; a bare number is seconds.
pub(crate) fn duration(text: &str) -> std::result::Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1.0,
        "s" | "" => 1000.0,
        "m" => 60_000.0,
        _ => return Err("expected a duration such as `500ms`, `3s`, or `1m`".into()),
    };
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match digits.parse::<f64>() {
        Ok(count) if plain && (1.0..=3_600_000.0).contains(&(count * unit)) => {
            Ok(Duration::from_secs_f64(count * unit / 1000.0))
        }
        _ => Err("expected a duration from 1ms to 60m".into()),
    }
}

#[cfg(test)]
mod tests;
