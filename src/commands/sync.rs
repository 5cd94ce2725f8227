//! `taos-setup sync`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use super::lock::exit_of;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
use crate::sync::{SyncOutcome, SyncRequest, sync};
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let request = SyncRequest {
        locked: args.locked,
        check: args.check,
        sources: args.sources.resolve(&store)?,
    };
    Ok(Box::new(sync(&request, &store, &context.events)?))
}

impl CommandResult for SyncOutcome {
    fn exit(&self) -> u8 {
        exit_of(self.differs())
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
