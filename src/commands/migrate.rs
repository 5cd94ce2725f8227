//! `taos-setup migrate`

mod args;
mod github;
mod human;
mod json;

use super::Context;
use crate::error::{ErrorId, Result};
use crate::migrate::{self, MigrateRequest};
use crate::output::Report;
pub(super) use args::Args;
use args::ReportForm;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let outcome = migrate::run(&MigrateRequest {
        dir: args.dir,
        server: args.server,
        check: args.check,
        dry_run: args.dry_run,
    })?;
    let (automatic, manual) = outcome.counts();
    Ok(Report {
        exit: if outcome.check && automatic + manual > 0 {
            ErrorId::VersionConflict.exit()
        } else {
            0
        },
        stdout: match args.format {
            ReportForm::Human => human::text(&outcome, context.locale, context.output.stdout_style),
            ReportForm::Github => github::annotations(&outcome, context.locale),
        },
        stderr: human::notes(&outcome, context.locale, context.output.stderr_style),
        data: json::data(&outcome, context.locale),
        ..Report::default()
    })
}
