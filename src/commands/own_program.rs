//! `taos-setup self`

mod args;
mod human;
mod json;

use serde_json::Value;

use super::Context;
use crate::error::{ErrorId, Result};
use crate::fetch::{FetchOptions, parse_location};
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::own_program::uninstall::{OwnRemoval, uninstall};
use crate::own_program::update::{
    OwnUpdate, OwnUpdateOutcome, OwnUpdateRequest, UpdateExtent, update,
};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    match args {
        Args::Update(args) => {
            let insecure = args.allow_insecure_http;
            let store = Store::from_environment()?;
            let from = args.from.as_deref();
            let request = OwnUpdateRequest {
                version: args.to,
                from: from.map(|it| parse_location(it, insecure)).transpose()?,
                trust_key: args.trust_key,
                extent: match (args.check, args.dry_run) {
                    (true, _) => UpdateExtent::Check,
                    (false, true) => UpdateExtent::DryRun,
                    (false, false) => UpdateExtent::Replace,
                },
                fetch: FetchOptions::from_environment(store.downloads_dir(), false, insecure)?,
            };
            Ok(Box::new(update(request, &context.events)?))
        }
        Args::Uninstall(args) => Ok(Box::new(uninstall(args.dry_run)?)),
    }
}

impl CommandResult for OwnUpdate {
    fn exit(&self) -> u8 {
        match self.outcome {
            OwnUpdateOutcome::Available => ErrorId::VersionConflict.exit(),
            OwnUpdateOutcome::Current | OwnUpdateOutcome::Planned | OwnUpdateOutcome::Replaced => 0,
        }
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        human::updated(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::updated(self)
    }
}

impl CommandResult for OwnRemoval {
    fn human(&self, options: &HumanOptions) -> HumanText {
        human::removed(self, options)
    }

    fn json(&self, _locale: Locale) -> Value {
        json::removed(self)
    }
}
