//! `taos-setup init`

mod args;
mod human;
mod json;

use super::Context;
use crate::error::{ErrorId, Result};
use crate::init::{self, InitRequest};
use crate::output::Report;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let outcome = init::run(
        &InitRequest {
            language: args.lang.map(|word| word.to_ascii_lowercase()),
            transport: args.transport,
            dir: args.dir,
            manifest: args.manifest,
            example: !args.example.is_empty(),
            dist: args.dist,
            name: args.name,
            server: args.server,
            cloud: args.cloud,
            source: args.source,
            needs: args.needs,
            upgrade: args.upgrade,
            dry_run: args.dry_run,
            check: args.check,
            lock: args.lock,
            quiet: context.output.quiet,
        },
        &context.events,
    )?;
    Ok(Report {
        exit: if outcome.differs() {
            ErrorId::VersionConflict.exit()
        } else {
            0
        },
        stdout: human::text(&outcome, context.output.stdout_style, context.locale),
        stderr: human::notes(&outcome, context.output.stderr_style, context.locale),
        data: json::data(&outcome, context.locale),
        ..Report::default()
    })
}
