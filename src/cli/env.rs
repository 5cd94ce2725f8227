//! `taos-setup env`

use super::Context;
use crate::error::Result;
use crate::report::Report;

/// Print the variables that make an installed client work
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Runs the command.
pub(super) fn run(_args: Args, _context: &Context) -> Result<Report> {
    Ok(Report::default())
}
