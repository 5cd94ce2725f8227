//! `taos-setup use`

use std::str::FromStr;

use super::Context;
use crate::error::Result;
use crate::output::{self, Report};
use crate::store::Store;
use crate::tdengine::version::Request;

/// Choose the current client, which env, run and verify take
///
/// With system no client is current: run and env leave everything as it is, and the machine's own driver is used.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup use 3.3.7.5\n         taos-setup use system")]
pub(super) struct Args {
    /// An installed version, a prefix for the newest of a series (3.3), or system
    #[arg(value_name = "VERSION|system")]
    wanted: UseChoice,
}

#[derive(Clone, Debug)]
enum UseChoice {
    System,
    Client(Request),
}

impl FromStr for UseChoice {
    type Err = <Request as FromStr>::Err;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text {
            "system" => Ok(Self::System),
            _ => text.parse().map(Self::Client),
        }
    }
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let style = context.output.stdout_style;
    let UseChoice::Client(request) = args.wanted else {
        if !store.uses_system()? {
            store.lock("use", &context.events)?.use_system()?;
        }
        let (stdout, stderr) = output::human::use_system(style);
        return Ok(Report {
            stdout,
            stderr,
            data: output::json::use_system(),
            ..Report::default()
        });
    };
    // Before the lock: nothing is made where nothing is installed.
    let mut client = store.choose(Some(&request))?;
    if store.current()?.as_ref() != Some(&client) {
        let lock = store.lock("use", &context.events)?;
        client = store.choose(Some(&request))?;
        lock.make_current(&client)?;
    }
    let receipt = client.receipt()?;
    let (stdout, stderr) = output::human::use_client(&client, style);
    Ok(Report {
        stdout,
        stderr,
        data: output::json::use_client(&client, &receipt),
        ..Report::default()
    })
}
