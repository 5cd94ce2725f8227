//! `taos-setup migrate`

mod args;
mod github;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::error::{ErrorId, Result};
use crate::message::locale::Locale;
use crate::migrate::{self, MigrateOutcome, MigrateRequest};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
pub(super) use args::Args;
use args::ReportForm;

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let outcome = migrate::run(&MigrateRequest {
        dir: args.dir,
        server: args.server,
        check: args.check,
        dry_run: args.dry_run,
    })?;
    let form = args.format;
    Ok(Box::new(MigrateReport { outcome, form }))
}

/// The result of `migrate`, and the form of its text.
struct MigrateReport {
    outcome: MigrateOutcome,
    form: ReportForm,
}

impl CommandResult for MigrateReport {
    fn exit(&self) -> u8 {
        let (automatic, manual) = self.outcome.counts();
        if self.outcome.check && automatic + manual > 0 {
            ErrorId::VersionConflict.exit()
        } else {
            0
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        let (outcome, locale) = (&self.outcome, options.locale);
        HumanText {
            stdout: match self.form {
                ReportForm::Human => human::text(outcome, locale, options.stdout),
                ReportForm::Github => github::annotations(outcome, locale),
            },
            stderr: human::notes(outcome, options),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(&self.outcome, locale)
    }
}
