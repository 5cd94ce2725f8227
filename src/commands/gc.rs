//! `taos-setup gc`

use super::Context;
use crate::error::Result;
use crate::install;
use crate::output::{self, Report};
use crate::store::Store;

/// Remove what nobody needs: left-overs of interrupted commands, and downloaded packages
///
/// Installed clients stay. A package that is wanted again is downloaded again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup gc --dry-run")]
pub(super) struct Args {
    /// Show what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    install::recover_system(args.dry_run, &context.events)?;
    let (leftovers, idle) = if args.dry_run {
        store.leftovers()?
    } else {
        (store.collect(&context.events)?, true)
    };
    let style = context.output.stdout_style;
    let (stdout, stderr) = output::human::gc(&leftovers, args.dry_run, idle, style);
    Ok(Report {
        stdout,
        stderr,
        data: output::json::gc(&leftovers, args.dry_run, idle),
        ..Report::default()
    })
}
