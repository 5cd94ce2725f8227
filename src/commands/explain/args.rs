//! Arguments of `taos-setup explain`.

use crate::commands::completion_values;
use crate::tdengine::platform::{Os, Platform};

/// Explain an error code, a finding's id or a pasted error message, offline
///
/// Accepts codes in every form that TDengine and its connectors print. Prints the best match first, then lists the others. Fixes
/// name your own host and port: that of --host, else of the text, else of TAOS_HOST, else localhost. Exits with 3 if no entry fits.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: taos-setup explain \"failed to connect to db01:6041: connection refused\""
)]
pub struct Args {
    /// A code, an id, or a text (quoted or not); - reads it from stdin, as a pipe without a query does
    #[arg(value_name = "CODE|ID|TEXT", add = completion_values::finding_ids(), allow_negative_numbers = true)]
    pub query: Vec<String>,
    /// List every entry
    #[arg(long, conflicts_with = "query")]
    pub list: bool,
    /// Server that fixes name: HOST, HOST:PORT or a URL
    #[arg(long, value_name = "TARGET")]
    pub host: Option<String>,
    /// Platform of the commands in fixes [default: this machine's]
    #[arg(long, value_name = "OS", value_parser = os)]
    pub platform: Option<Os>,
}

/// Parses `linux`, `windows`, `macos`, or a platform such as `linux-x64`.
fn os(text: &str) -> std::result::Result<Os, String> {
    let name = text.split('-').next().unwrap_or(text);
    format!("{name}-x64")
        .parse::<Platform>()
        .map(|platform| platform.os)
        .map_err(|_| "expected linux, windows or macos".into())
}
