//! `taos-setup which`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::clients::which::{LibraryChoice, which};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    Ok(Box::new(which(&store, args.client.as_ref())?))
}

impl CommandResult for LibraryChoice {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::data(self)
    }
}
