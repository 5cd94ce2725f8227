//! The only printer: writes results, errors, and progress in the form that was chosen. The texts of a command are in its folder in
//! `commands/`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the only module that writes to the terminal"
)]

mod document;
mod error_text;
pub mod layout;
mod localized_usage;
pub mod progress;
mod progress_line;
pub mod questions;
pub mod style;
mod usage_error;
pub mod workflow_command;
mod wrapping;

use std::io::{IsTerminal, Write};

use serde_json::Value;

pub use document::{document, result_document};

use crate::diagnose::Finding;
use crate::error::{Error, ErrorId, describe_io_error};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::system::env_vars;
use style::Style;

/// The typed result of a command. It is rendered when it is printed, in the form that was chosen. A form that only some
/// commands have is a method with a default.
pub trait CommandResult {
    /// The process's exit code.
    fn exit(&self) -> u8 {
        0
    }

    /// The faults that were found.
    fn findings(&self) -> &[Finding] {
        &[]
    }

    /// Failures of side results, such as reports that could not be written; they are printed on stderr in every form.
    fn errors(&self) -> &[Error] {
        &[]
    }

    /// The last of the lines of JSON that the command has printed already, instead of the document.
    fn json_line(&self) -> Option<String> {
        None
    }

    /// Whether stdout already holds the output of another program, so that nothing may follow.
    fn is_passed_through(&self) -> bool {
        false
    }

    /// The result for people.
    fn human(&self, options: &HumanOptions) -> HumanText;

    /// The result for programs: `data` of the JSON document. Texts in it are in `locale`.
    fn json(&self, locale: Locale) -> Value;
}

/// The result of any command.
pub type Report = Box<dyn CommandResult>;

/// The form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputForm {
    /// Text.
    Human,
    /// One JSON document on stdout.
    Json,
}

/// Settings of texts for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct HumanOptions {
    /// The language.
    pub locale: Locale,
    /// The style of stdout.
    pub stdout: Style,
    /// The style of stderr.
    pub stderr: Style,
    /// Whether details are shown.
    pub verbose: bool,
}

/// A result as people read it; lines end in `\n`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HumanText {
    /// The result. Other programs may parse it (`env`, `list`).
    pub stdout: String,
    /// Notes and commands that go with it; not shown with `--quiet`.
    pub stderr: String,
}

/// The output of this run.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The form of the result.
    pub form: OutputForm,
    /// No notes and no progress on stderr; errors are shown.
    pub quiet: bool,
    /// Settings of texts for people.
    pub human: HumanOptions,
}

impl Output {
    /// Prints the end of `command` and returns the process's exit code. A closed pipe (`| head`) is not an error.
    pub fn finish(&self, command: &str, ended: Result<Report, Error>) -> u8 {
        let exit = match &ended {
            Ok(report) => report.exit(),
            Err(error) => error.exit(),
        };
        if ended
            .as_ref()
            .is_ok_and(|report| report.is_passed_through())
        {
            return exit;
        }
        let HumanText { stdout, stderr } = match (self.form, &ended) {
            (OutputForm::Human, Ok(report)) => report.human(&self.human),
            (OutputForm::Human, Err(error)) => HumanText {
                stdout: String::new(),
                stderr: self.error_text(error),
            },
            (OutputForm::Json, _) => HumanText {
                stdout: match ended.as_ref().ok().and_then(|report| report.json_line()) {
                    Some(line) => line + "\n",
                    None => document(command, &ended, self.human.locale),
                },
                // Notes for people who read the terminal of a program.
                stderr: match &ended {
                    Ok(report) => report.human(&self.human).stderr,
                    Err(_) => String::new(),
                },
            },
        };
        let printed = print_out(&stdout);
        if !self.quiet || ended.is_err() {
            print_err(&stderr);
        }
        for error in ended.iter().flat_map(|report| report.errors()) {
            print_err(&self.error_text(error));
        }
        match printed {
            // The work is done, but a reader must not take a file that was cut short for the result.
            Err(error) if exit == 0 => {
                print_err(&self.error_text(&error));
                error.exit()
            }
            _ => exit,
        }
    }

    fn error_text(&self, error: &Error) -> String {
        error_text::error_text(error, self.human.stderr, self.human.locale)
    }
}

/// Writes to stdout. A closed pipe is not an error; a full disk is, `file-unwritable`.
fn print_out(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::new(
            ErrorId::FileUnwritable,
            message!("output-stdout"),
            describe_io_error(&error),
            message!("output-stdout-next"),
        )),
        _ => Ok(()),
    }
}

/// Writes to stderr, ignoring a closed pipe.
fn print_err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Prints `text`, such as a help text, on stdout and returns the exit code.
pub fn print_help(text: &clap::builder::StyledStr) -> u8 {
    let color = std::io::stdout().is_terminal() && env_vars::NO_COLOR.get().is_none();
    let text = match color {
        true => text.ansi().to_string(),
        false => text.to_string(),
    };
    print_text(&text)
}

/// Prints a line of the result while the command runs; whether there is still a reader.
pub fn print_line(line: &str) -> bool {
    let mut out = std::io::stdout().lock();
    let text = format!("{line}\n");
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .is_ok()
}

/// Prints `text`, such as completions that a shell reads, on stdout and returns the exit code.
pub fn print_text(text: &str) -> u8 {
    match print_out(text) {
        Ok(()) => 0,
        Err(error) => error.exit(),
    }
}

/// Prints clap's own text: help and version on stdout with exit 0; a usage error on stderr with exit 2, or as the JSON
/// document if `json`.
pub fn command_line(error: &clap::Error, json: bool) -> u8 {
    if !error.use_stderr() {
        let _ = error.print();
        return 0;
    }
    let locale = Locale::from_environment();
    if json {
        let observed = usage_error::usage_fault(error, locale);
        let error = Error::new(
            ErrorId::Usage,
            message!("output-command-line"),
            Message::quoted(observed),
            Message::quoted("taos-setup --help"),
        );
        // The exit code reports the failure in any case.
        let _ = print_out(&document("", &Err(error), locale));
    } else {
        let color = std::io::stderr().is_terminal() && env_vars::NO_COLOR.get().is_none();
        print_err(&usage_error::usage_text(error, locale, color));
    }
    ErrorId::Usage.exit()
}
