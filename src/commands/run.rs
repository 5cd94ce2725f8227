//! `taos-setup run`

mod args;

use serde_json::Value;

use super::Context;
use crate::clients::env::ClientChoice;
use crate::clients::run::{RunOutcome, run as run_program};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::store::Store;
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let choice = ClientChoice::from_options(args.client, args.prefix, &context.events)?;
    let mut words = args.command.into_iter();
    // clap requires the first word.
    let program = words.next().unwrap_or_default();
    let arguments: Vec<_> = words.collect();
    let outcome = run_program(&store, &choice, &program, &arguments, &context.events)?;
    Ok(Box::new(outcome))
}

/// The program itself wrote to stdout and stderr.
impl CommandResult for RunOutcome {
    fn exit(&self) -> u8 {
        self.exit
    }

    fn is_passed_through(&self) -> bool {
        true
    }

    fn human(&self, _options: &HumanOptions) -> HumanText {
        HumanText::default()
    }

    fn json(&self, _locale: Locale) -> Value {
        Value::Null
    }
}
