//! `taos-setup lock`

mod args;
mod human;
mod json;
mod sources;

use serde_json::Value;

use super::Context;
use crate::error::{ErrorId, Result};
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
use crate::sync::{self, LockOutcome, LockRequest, LockUpgrade};
pub(super) use args::Args;
pub(super) use human::describe_change;
pub(super) use json::change as json_change;
pub(super) use sources::SourceArgs;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let mut sources = args.sources.resolve(&store)?;
    sources.sha256 = args.sha256;
    sources.trust_keys = args.trust_key;
    sources.trust_on_first_use = args.trust_on_first_use;
    let request = LockRequest {
        upgrade: args.upgrade.map(|name| match name {
            None => LockUpgrade::All,
            Some(name) => LockUpgrade::One(name),
        }),
        platforms: args.platform,
        init: args.init,
        check: args.check,
        sources,
    };
    Ok(Box::new(sync::lock(&request, &store, &context.events)?))
}

/// The exit code of a check that found a difference, or none.
pub(super) fn exit_of(differs: bool) -> u8 {
    match differs {
        true => ErrorId::LockStale.exit(),
        false => 0,
    }
}

impl CommandResult for LockOutcome {
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
