//! Arguments that run the connectors of a project as the last check.

use std::path::PathBuf;
use std::time::Duration;

use super::duration;

/// Options that log in nowhere, or repeat the checks.
const WITHOUT_CONNECTORS: [&str; 2] = ["endpoints", "every"];

/// The connectors to run.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connectors")]
pub(in crate::commands::verify) struct ConnectorArgs {
    /// Also build and run a small program with each connector that the project in DIR pins [default: .]
    ///
    /// The program is built in a cache directory, with the tools and registry settings of the project. The project stays unchanged.
    #[arg(
        long,
        value_name = "DIR",
        num_args = 0..=1,
        default_missing_value = ".",
        conflicts_with_all = WITHOUT_CONNECTORS
    )]
    pub(in crate::commands::verify) project: Option<PathBuf>,
    /// Languages of the connectors, such as go,java; without --project, in the release that init chooses
    #[arg(
        long = "lang",
        value_name = "LIST",
        value_delimiter = ',',
        conflicts_with_all = WITHOUT_CONNECTORS
    )]
    pub(in crate::commands::verify) languages: Vec<String>,
    /// Time limit for building each program
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10m",
        value_parser = duration,
        hide_short_help = true
    )]
    pub(in crate::commands::verify) build_timeout: Duration,
}
