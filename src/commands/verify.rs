//! `taos-setup verify`

use std::path::PathBuf;
use std::time::Duration;

use super::Context;
use crate::dsn::Transport;
use crate::error::Result;
use crate::output::{Report, human, json};
use crate::verify::{VerifyRequest, Writing, verify};

/// Prove that connections to a server work, or name the one cause and the fix
///
/// Runs a series of checks for each transport, from DNS to a query that only the server can answer, and stops at the first
/// failure. Logs in with TAOS_USER and TAOS_PASSWORD; without them root/taosdata is tried once. A login that
/// is refused is never repeated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: TAOS_PASSWORD=secret taos-setup verify db.example:6041 --transport ws,rest"
)]
pub(super) struct Args {
    /// HOST, HOST:PORT or a URL (http://, https://, ws://, wss://, taos://); without one: TAOS_HOST, the Cloud's variables, the firstEp of taos.cfg, localhost
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// The transports to prove: ws, rest, native; without it all of them, native only where there is a client library
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = transport)]
    transport: Vec<Transport>,
    /// The native port, where it is not 6030
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    native_port: Option<u16>,
    /// How long any step may take: 500ms, 3s, 1m
    #[arg(long, value_name = "DURATION", default_value = "3s", value_parser = duration)]
    timeout: Duration,
    /// Also write: a row into a temporary database of the smallest size, read back and dropped, over each transport
    #[arg(long)]
    write: bool,
    /// The same in a table of its own in this database, for users who may not create one
    #[arg(long, value_name = "NAME", value_parser = database)]
    write_db: Option<String>,
    /// Wait so long for a server that is starting: until a real query works, or a cause that waiting cannot mend
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    wait: Option<Duration>,
    /// Ask TDengine Cloud: TDENGINE_CLOUD_URL with TDENGINE_CLOUD_TOKEN
    #[arg(long)]
    cloud: bool,
    /// Certificates (PEM) that https and wss servers are trusted by, beside the system's
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca_cert: Option<PathBuf>,
    /// Take any certificate of https and wss servers; whoever stands between can read the password
    #[arg(long)]
    insecure: bool,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let request = VerifyRequest {
        targets: args.targets,
        transports: args.transport,
        native_port: args.native_port,
        limit: args.timeout,
        writing: (args.write || args.write_db.is_some()).then(|| Writing {
            database: args.write_db,
            ..Writing::default()
        }),
        cloud: args.cloud,
        ca_cert: args.ca_cert,
        insecure: args.insecure,
        wait: args.wait,
    };
    let outcome = verify(&request, &context.events, context.locale)?;
    Ok(Report {
        exit: outcome.exit,
        stdout: human::verify(&outcome, context.locale, context.output.stdout_style),
        data: json::verify(&outcome),
        findings: outcome.findings,
        ..Report::default()
    })
}

fn transport(text: &str) -> std::result::Result<Transport, String> {
    text.parse()
}

/// A database's name: at most 64 bytes, as TDengine has them, without control characters.
fn database(text: &str) -> std::result::Result<String, String> {
    if text.is_empty() || text.len() > 64 || text.chars().any(char::is_control) {
        return Err("a database has a name of 1 to 64 bytes".into());
    }
    Ok(text.to_owned())
}

/// A positive duration of at most an hour, in ms, s or m; a bare number is seconds.
fn duration(text: &str) -> std::result::Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1.0,
        "s" | "" => 1000.0,
        "m" => 60_000.0,
        _ => return Err("say 500ms, 3s or 1m".into()),
    };
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match digits.parse::<f64>() {
        Ok(count) if plain && (1.0..=3_600_000.0).contains(&(count * unit)) => {
            Ok(Duration::from_secs_f64(count * unit / 1000.0))
        }
        _ => Err("say a time between 1ms and 60m".into()),
    }
}

#[cfg(test)]
mod tests;
