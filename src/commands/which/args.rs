//! Arguments of `taos-setup which`.

use crate::commands::completion_values;
use crate::tdengine::version::Request;

/// Show the client and the library that run and verify would use, and why
///
/// A command under run uses the current client. verify checks the library that the loader finds, so that its result is valid for
/// your programs; if the loader finds none, it uses the current client.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup which --json")]
pub struct Args {
    /// Show the library of run --client VERSION
    #[arg(long, value_name = "VERSION", add = completion_values::installed_versions())]
    pub(super) client: Option<Request>,
}
