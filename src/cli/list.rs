//! `taos-setup list`

use super::Context;
use crate::error::Result;
use crate::report::{self, Report};
use crate::store::{Client, Receipt, Store};

/// List the installed clients
///
/// The current client, which env and run use, is marked with an asterisk.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup list --json")]
pub(super) struct Args {}

/// Runs the command.
pub(super) fn run(_args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let current = store.current()?;
    let clients = store
        .installed()?
        .into_iter()
        .map(|client| client.receipt().map(|receipt| (client, receipt)))
        .collect::<Result<Vec<(Client, Receipt)>>>()?;
    let (stdout, stderr) = report::human::list(
        store.home(),
        &clients,
        current.as_ref(),
        context.output.stdout_style,
    );
    Ok(Report {
        stdout,
        stderr,
        data: report::json::list(store.home(), &clients, current.as_ref()),
        ..Report::default()
    })
}
