//! Arguments of `taos-setup doctor`.

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use url::Url;

use crate::commands::verify::duration;
use crate::doctor::CheckName;

/// Check this machine: client libraries, configuration, network settings, and toolchains
///
/// Runs all checks, or the named ones, and reports each fault with one fix. Loads no library, connects to no server, and changes
/// nothing without --fix.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup doctor libraries taos-cfg -v")]
pub struct Args {
    /// Checks to run [default: all]; --list shows them
    #[arg(value_name = "CHECK", value_parser = names(), hide_possible_values = true)]
    pub(super) checks: Vec<CheckName>,
    /// List the checks
    #[arg(long, conflicts_with_all = ["checks", "deep", "time_from", "fix"])]
    pub(super) list: bool,
    /// Also verify the SHA-256 of every file of the installed clients
    #[arg(long)]
    pub(super) deep: bool,
    /// Compare the clock with the time that this web server reports
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub(super) time_from: Option<Url>,
    /// Show safe repairs, ask on a terminal, and make them; never as another user
    #[arg(long)]
    pub(super) fix: bool,
    /// Make the repairs of --fix without asking
    #[arg(long, requires = "fix")]
    pub(super) yes: bool,
    /// Time limit of a question to a name server, web server, or program; a check may take ten times as long
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = duration)]
    pub(super) timeout: Duration,
}

/// The names of the checks: an unknown one is reported with those that are like it.
fn names() -> impl TypedValueParser<Value = CheckName> {
    let names = CheckName::ALL.iter().map(|check| check.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<CheckName>())
}

fn web_address(text: &str) -> Result<Url, String> {
    let expected = || "expected a URL such as https://db.example".to_owned();
    let url: Url = text.parse().map_err(|_| expected())?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err(expected()),
    }
}
