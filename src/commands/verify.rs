//! `taos-setup verify`

mod args;
pub(crate) mod human;
pub(crate) mod json;

use super::Context;
use crate::error::Result;
use crate::output::Report;
use crate::verify::{VerifyRequest, Writing, verify};

pub(super) use args::Args;

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
    let outcome = verify(&request, &context.events, context.locale)?;
    Ok(Report {
        exit: outcome.exit,
        stdout: human::render(
            &outcome,
            context.verbose,
            context.locale,
            context.output.stdout_style,
        ),
        data: json::data(&outcome, context.locale),
        findings: outcome.findings,
        ..Report::default()
    })
}
