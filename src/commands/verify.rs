//! `taos-setup verify`

mod args;
mod bench_json;
mod bench_text;
mod connectors;
mod control_text;
mod fleet;
pub(crate) mod human;
pub(crate) mod json;
mod report;
mod route_json;
mod watch;

use std::sync::Arc;

use serde_json::Value;

use super::Context;
use crate::application::{ApplicationPlan, ApplicationRequest};
use crate::diagnose::Finding;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, OutputForm, Report};
use crate::safety::aliases::Aliases;
use crate::system::events::EventSink;
use crate::verify::bench::bench;
use crate::verify::watch::WatchSchedule;
use crate::verify::{
    EndpointList, FleetView, HidingEvents, VerifyOutcome, VerifyRequest, Writing, inventory,
    register_machine, verify,
};

pub(super) use args::{Args, duration};
use report::{UnknownState, VerifyForm, VerifyReport};

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let form = args.report.format;
    match verified(args, context) {
        Err(error) if form == VerifyForm::Nagios && context.output.form == OutputForm::Human => {
            Ok(Box::new(UnknownState(error)))
        }
        ended => ended,
    }
}

/// Verifies, or describes why nothing was verified.
fn verified(args: Args, context: &Context) -> Result<Report> {
    let aliases: Option<Arc<Aliases>> = args.report.anonymize.then(Arc::default);
    if let Some(aliases) = &aliases {
        register_machine(aliases);
    }
    let events = HidingEvents::around(&context.events, aliases.as_ref());
    let application = report::hidden(application(&args, &events), aliases.as_deref())?;
    let targets = report::hidden(inventory::expand(args.targets), aliases.as_deref())?;
    let has_inventory = targets.iter().any(|target| target.labels.is_some());
    if let Some(label) = &args.group_by {
        inventory::check_label(&targets, label)?;
    }
    let request = VerifyRequest {
        fleet: has_inventory.then_some(FleetView {
            group_by: args.group_by,
        }),
        targets,
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
        thorough: args.report.ticket.is_some() || args.report.export_endpoints.is_some(),
        aliases,
        endpoints: args
            .report
            .endpoints
            .as_deref()
            .map(EndpointList::read)
            .transpose()?,
    };
    if let Some(every) = args.report.every {
        let schedule = WatchSchedule {
            every,
            lasting: args.report.lasting,
        };
        return watch::run(&request, schedule, &args.report, context);
    }
    let locale = context.output.human.locale;
    let outcome = match args.bench.request() {
        Some(wanted) => bench(&request, wanted, &context.events, locale),
        None => verify(&request, &context.events, locale),
    };
    let outcome = outcome.and_then(|mut outcome| {
        if let Some(application) = &application {
            let aliases = request.aliases.as_deref();
            application.prove(&mut outcome, aliases, &events, locale)?;
        }
        Ok(outcome)
    });
    let outcome = report::hidden(outcome, request.aliases.as_deref())?;
    Ok(Box::new(VerifyReport::write(
        outcome,
        &args.report,
        locale,
        context.output.form,
    )))
}

/// The connectors that are to be run, found before the server is asked.
fn application(args: &Args, events: &EventSink) -> Result<Option<ApplicationPlan>> {
    let connector = &args.connector;
    if connector.project.is_none() && connector.languages.is_empty() {
        return Ok(None);
    }
    let request = ApplicationRequest {
        project: connector.project.clone(),
        languages: connector.languages.clone(),
        writes: args.write || args.write_db.is_some(),
        database: args.write_db.clone(),
        limit: args.timeout,
        build_limit: connector.build_timeout,
        ca_cert: args.ca_cert.clone(),
    };
    ApplicationPlan::of(request, events).map(Some)
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
