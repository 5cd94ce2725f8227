//! Arguments of `taos-setup use`.

use crate::clients::use_client::UseChoice;
use crate::commands::completion_values;

/// Choose the current client, which env, run, and verify use
///
/// After `use system` no client is current: run and env change nothing, and the machine's own driver is used.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  taos-setup use 3.3.7.5\n  taos-setup use system")]
pub struct Args {
    /// An installed version, a prefix for the newest of a series (3.3), or system
    #[arg(value_name = "VERSION|system", add = completion_values::usable_versions())]
    pub(super) choice: UseChoice,
}
