//! `taos-setup doctor`

mod args;
mod human;
mod json;

use std::path::PathBuf;

use serde_json::Value;

use super::Context;
use crate::diagnose::Finding;
use crate::doctor::repair::{RepairMode, RepairState};
use crate::doctor::{CheckName, DoctorOutcome, DoctorRequest, doctor};
use crate::error::Result;
use crate::message::locale::Locale;
use crate::message::message;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
pub(super) use args::Args;

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    if args.list {
        return Ok(Box::new(CheckList));
    }
    let request = DoctorRequest {
        checks: args.checks,
        deep: args.deep,
        time_from: args.time_from,
        limit: args.timeout,
        directory: PathBuf::from("."),
    };
    let locale = context.output.human.locale;
    let run = |mode| doctor(&request, &mode, &context.events, locale);
    let outcome = match (args.fix, args.yes) {
        (false, _) => run(RepairMode::Report)?,
        (true, true) => run(RepairMode::Apply)?,
        (true, false) => {
            let planned = run(RepairMode::Plan)?;
            let question = message!("doctor-ask-repair");
            match &context.questions {
                Some(questions) if !planned.repairs.is_empty() => {
                    questions.show(&human::repairs(&planned, &context.output.human));
                    match questions.confirm(&question)? {
                        true => run(RepairMode::Apply)?,
                        false => planned,
                    }
                }
                Some(_) | None => planned,
            }
        }
    };
    Ok(Box::new(outcome))
}

/// The list of checks.
struct CheckList;

impl CommandResult for CheckList {
    fn human(&self, options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: human::list(CheckName::ALL, options),
            stderr: String::new(),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::list(CheckName::ALL, locale)
    }
}

impl CommandResult for DoctorOutcome {
    fn exit(&self) -> u8 {
        self.exit
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        let planned = self
            .repairs
            .iter()
            .any(|it| it.state == RepairState::Planned);
        HumanText {
            stdout: human::render(self, options),
            stderr: human::notes(self, planned, options),
        }
    }

    fn json(&self, locale: Locale) -> Value {
        json::data(self, locale)
    }
}
