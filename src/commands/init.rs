//! `taos-setup init`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::error::{ErrorId, Result};
use crate::init::{self, InitOutcome, InitRequest};
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let outcome = init::run(
        &InitRequest {
            language: args.lang,
            transport: args.transport,
            dir: args.dir,
            manifest: args.manifest,
            example: !args.example.is_empty(),
            dev: args.dev,
            group: args.group,
            extra: args.extra,
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
    Ok(Box::new(outcome))
}

impl CommandResult for InitOutcome {
    fn exit(&self) -> u8 {
        if self.differs() {
            ErrorId::VersionConflict.exit()
        } else {
            0
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: human::text(self, options.stdout, options.locale),
            stderr: human::notes(self, options),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
