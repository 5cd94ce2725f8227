//! `taos-setup which`

use super::Context;
use crate::clients::which;
use crate::driver::search;
use crate::error::Result;
use crate::output::{self, Report};
use crate::store::Store;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;

/// Show which client and library run and verify would take, and why
///
/// A command under run gets the store's current client. verify proves what the loader finds, so that it judges what your
/// programs get, and takes the current client where the loader finds none.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup which --json")]
pub(super) struct Args {
    /// As run would with this installed version, or the newest of a series
    #[arg(long, value_name = "VERSION")]
    client: Option<Request>,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let path = Platform::host().and_then(|host| std::env::var_os(search::variable(host.os)));
    let which = which::which(&store, args.client.as_ref(), path.as_deref())?;
    Ok(Report {
        stdout: output::human::which(&which, context.output.stdout_style),
        data: output::json::which(&which),
        ..Report::default()
    })
}
