//! `taos-setup verify`

mod args;
pub(crate) mod human;
pub(crate) mod json;

use serde_json::Value;

use super::Context;
use crate::diagnose::Finding;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::verify::{VerifyOutcome, VerifyRequest, Writing, verify};

pub(super) use args::{Args, duration};

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let request = VerifyRequest {
        targets: args.targets,
        transports: args.transport,
        native_port: args.native_port,
        limit: args.timeout,
        writing: (args.write || args.write_db.is_some()).then(|| Writing {
            database: args.write_db,
            ..Writing::default()
        }),
        cloud: args.cloud,
        ca_cert: args.ca_cert,
        insecure: args.insecure,
        wait: args.wait,
    };
    let outcome = verify(&request, &context.events, context.output.human.locale)?;
    Ok(Box::new(outcome))
}

impl CommandResult for VerifyOutcome {
    fn exit(&self) -> u8 {
        self.exit
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: human::render(self, options.verbose, options.locale, options.stdout),
            stderr: String::new(),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
