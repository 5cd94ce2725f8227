//! Reports of `verify`: files, and forms of the output for other programs.

mod args;
mod files;
mod github;
mod html;
mod junit;
mod markdown;
mod nagios;
mod picture;
mod prometheus;
mod ticket;
mod view;

use std::path::Path;

use serde_json::{Value, json};

use crate::diagnose::{Finding, Status};
use crate::error::{Error, Result};
use crate::message::locale::Locale;
use crate::output::{CommandResult, HumanOptions, HumanText, OutputForm};
use crate::safety::aliases::Aliases;
use crate::system::{clock, env_vars};
use crate::verify::VerifyOutcome;

pub use args::{ReportArgs, VerifyForm};
use files::WrittenReports;
pub(super) use files::write_files;
pub(super) use nagios::UnknownState;
use view::ReportView;
pub(super) use view::{status_with_warnings, worst};

/// The result of `verify`, after its reports were written.
pub(super) struct VerifyReport {
    outcome: VerifyOutcome,
    form: VerifyForm,
    written: WrittenReports,
}

impl VerifyReport {
    /// Writes the reports that `args` ask for.
    pub(super) fn write(
        outcome: VerifyOutcome,
        args: &ReportArgs,
        locale: Locale,
        form: OutputForm,
    ) -> Self {
        let mut written = write_files(&outcome, args, locale);
        if args.format == VerifyForm::Github
            && form == OutputForm::Human
            && let Some(path) = env_vars::GITHUB_STEP_SUMMARY.get()
        {
            // Other commands of the step write their own part.
            let path: &Path = path.as_ref();
            let view = ReportView::new(&outcome, &clock::now_text(), locale);
            let content = markdown::render(&view, locale);
            written.add(path, github::append(path, &content));
        }
        Self {
            outcome,
            form: args.format,
            written,
        }
    }

    /// The worst that happened to a transport.
    fn worst(&self) -> Status {
        view::worst(
            self.outcome
                .targets
                .iter()
                .flat_map(|target| target.transports.iter().map(view::status_with_warnings)),
        )
    }
}

impl CommandResult for VerifyReport {
    fn exit(&self) -> u8 {
        let unwritten = self.written.failed.first().map(Error::exit);
        let exit = match self.form {
            VerifyForm::Human | VerifyForm::Github => self.outcome.exit(),
            VerifyForm::Nagios => return nagios::exit(self.worst(), self.written.failed.first()),
        };
        match exit {
            0 => unwritten.unwrap_or_default(),
            exit => exit,
        }
    }

    fn findings(&self) -> &[Finding] {
        self.outcome.findings()
    }

    fn errors(&self) -> &[Error] {
        &self.written.failed
    }

    fn human(&self, options: &HumanOptions) -> HumanText {
        let human = self.outcome.human(options);
        HumanText {
            stdout: match self.form {
                VerifyForm::Human => human.stdout,
                VerifyForm::Github => human.stdout + &github::annotations(&self.outcome.findings),
                VerifyForm::Nagios => {
                    nagios::render(&self.outcome, self.worst(), self.written.failed.first())
                }
            },
            stderr: human.stderr,
        }
    }

    fn json(&self, locale: Locale) -> Value {
        let mut data = self.outcome.json(locale);
        let failed: Vec<Value> = self
            .written
            .failed
            .iter()
            .map(|error| {
                json!({
                    "id": error.id.as_str(),
                    "tried": error.tried.text(locale),
                    "observed": error.observed.text(locale),
                })
            })
            .collect();
        if let Some(data) = data.as_object_mut()
            && !(failed.is_empty() && self.written.files.is_empty())
        {
            data.insert(
                "reports".into(),
                json!({ "written": self.written.files, "failed": failed }),
            );
        }
        data
    }
}

/// An error with aliases, if there are any: a usage error repeats what it could not read.
pub(super) fn hidden<T>(ended: Result<T>, aliases: Option<&Aliases>) -> Result<T> {
    let Some(aliases) = aliases else {
        return ended;
    };
    let hide = |text: &str| aliases.hide(text);
    ended.map_err(|error| {
        Error::new(
            error.id,
            error.tried.map_texts(&hide),
            error.observed.map_texts(&hide),
            error.next.map_texts(&hide),
        )
    })
}
