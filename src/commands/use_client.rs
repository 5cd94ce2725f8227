//! `taos-setup use`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::clients::use_client::{UsedClient, use_client};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let used = use_client(&store, &args.choice, &context.events)?;
    Ok(Box::new(used))
}

impl CommandResult for UsedClient {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::data(self)
    }
}
