//! `taos-setup list`

use super::Context;
use crate::error::Result;
use crate::report::Report;

/// List the installed clients
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Runs the command.
pub(super) fn run(_args: Args, _context: &Context) -> Result<Report> {
    Ok(Report::default())
}
