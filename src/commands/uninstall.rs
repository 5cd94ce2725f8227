//! `taos-setup uninstall`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::clients::uninstall::{UninstallOutcome, UninstallRequest, uninstall};
use crate::error::Result;
use crate::install::{self, SystemRemoval};
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    if args.system {
        return Ok(Box::new(install::uninstall_system(&context.events)?));
    }
    let store = Store::from_environment()?;
    let request = match args.prefix {
        Some(prefix) => UninstallRequest::Prefix(prefix),
        None => UninstallRequest::Clients(args.choices),
    };
    Ok(Box::new(uninstall(&store, &request, &context.events)?))
}

impl CommandResult for UninstallOutcome {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::data(self)
    }
}

impl CommandResult for SystemRemoval {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::render_system(self, options)
    }

    fn json(&self, locale: Locale) -> Value {
        json::system_data(self, locale)
    }
}
