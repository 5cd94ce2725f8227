//! Arguments of `taos-setup run`.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::commands::completion_values;
use crate::tdengine::version::Request;

/// Run a command with an installed client
///
/// The command gets the variables that env prints, and the client's log directory is created. Its exit code is passed on; 127 means
/// that the command does not exist, and 126 that it cannot be run, as with env(1). After `use system` the command runs
/// unchanged.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup run -- taos -s \"show databases;\"")]
pub struct Args {
    /// Installed version, or prefix for the newest of a series [default: the current client]
    #[arg(long, value_name = "VERSION", add = completion_values::installed_versions())]
    pub(super) client: Option<Request>,
    /// Directory of a client that install --prefix created
    #[arg(long, value_name = "DIR", conflicts_with = "client")]
    pub(super) prefix: Option<PathBuf>,
    /// The command and its arguments, after --
    #[arg(required = true, last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}
