//! `taos-setup gc`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::clients::gc::{GcOutcome, gc};
use crate::error::Result;
use crate::install;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    install::recover_system(args.dry_run, &context.events)?;
    Ok(Box::new(gc(&store, args.dry_run, &context.events)?))
}

impl CommandResult for GcOutcome {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::data(self)
    }
}
