//! `taos-setup list`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::clients::list::{InstalledClients, list, list_prefix};
use crate::error::Result;
use crate::install::available::{AvailableClients, AvailableRequest, available};
use crate::install::origin::parse_origin;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::own_catalog;
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    if let Some(prefix) = &args.prefix {
        return Ok(Box::new(list_prefix(&store, prefix)?));
    }
    if !args.available {
        return Ok(Box::new(list(&store)?));
    }
    context.note_old_catalog()?;
    own_catalog::load(&store, &context.events)?;
    let (origin, _) = parse_origin(None, args.mirror, args.allow_insecure_http)?;
    let request = AvailableRequest {
        platform: args.platform,
        origin,
        allow_insecure_http: args.allow_insecure_http,
    };
    Ok(Box::new(available(&request, &store, &context.events)?))
}

impl CommandResult for InstalledClients {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::installed(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::installed(self)
    }
}

impl CommandResult for AvailableClients {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::available(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::available(self)
    }
}
