//! `taos-setup env`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::clients::env::{ClientChoice, ClientEnvironment, env};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let choice = ClientChoice::from_options(args.client, args.prefix, &context.events)?;
    Ok(Box::new(env(&store, &choice, args.shell)?))
}

impl CommandResult for ClientEnvironment {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::data(self)
    }
}
