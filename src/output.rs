//! How results are shown: `human/` for people, `json/` for programs, one file a kind of result. Only this room prints.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one room that talks to the terminal"
)]

pub mod human;
pub mod json;
pub mod progress;
pub mod style;
mod usage_error;

use std::io::{IsTerminal, Write};

use serde_json::Value;

use crate::diagnose::Finding;
use crate::error::{Error, ErrorId, describe_io_error};
use crate::message::locale::Locale;
use crate::message::message;
use crate::system::env_vars;
use style::Style;

/// What a command has to say once it is done.
#[derive(Debug, Default)]
pub struct Report {
    /// The process's exit code.
    pub exit: u8,
    /// The result as people read it, for stdout; lines end in `\n`. Other programs may parse it (`env`, `list`).
    pub stdout: String,
    /// Prose that goes with it, for stderr; not shown with `--quiet`.
    pub stderr: String,
    /// The result as programs read it: `data` of the JSON document.
    pub data: Value,
    /// What was found to be wrong or worth knowing.
    pub findings: Vec<Finding>,
    /// The command ran another program, whose output stdout already holds: print no JSON document after it.
    pub passthrough: bool,
}

/// How this run shows things.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// One JSON document on stdout instead of text.
    pub json: bool,
    /// No prose and no progress on stderr; errors stay.
    pub quiet: bool,
    /// Whether stdout takes colour.
    pub stdout_style: Style,
    /// Whether stderr takes color.
    pub stderr_style: Style,
    /// The language of texts.
    pub locale: Locale,
}

impl Output {
    /// Shows how `command` ended and gives the process's exit code. A reader that went away (`| head`) is no error.
    pub fn finish(&self, command: &str, ended: Result<Report, Error>) -> u8 {
        let exit = match &ended {
            Ok(report) => report.exit,
            Err(error) => error.exit(),
        };
        let passthrough = ended.as_ref().is_ok_and(|report| report.passthrough);
        let printed = match &ended {
            _ if self.json && !passthrough => {
                print_out(&json::document(command, &ended, self.locale))
            }
            Ok(report) if !self.json => print_out(&report.stdout),
            _ => Ok(()),
        };
        match &ended {
            Ok(report) if !self.quiet => print_err(&report.stderr),
            Err(error) if !self.json => {
                print_err(&human::error(error, self.stderr_style, self.locale))
            }
            _ => {}
        }
        match printed {
            // What was done is done, but whoever reads a file that was cut short must not take it for the result.
            Err(error) if exit == 0 => {
                print_err(&human::error(&error, self.stderr_style, self.locale));
                error.exit()
            }
            _ => exit,
        }
    }
}

/// Writes to stdout. A closed pipe is no error; a full disk is, `file-unwritable`.
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

/// Shows clap's own text: help and version on stdout with exit 0; a usage error on stderr with exit 2, or as the JSON
/// document where `--json` stands among the arguments.
pub fn command_line(error: &clap::Error, json: bool) -> u8 {
    if !error.use_stderr() {
        let _ = error.print();
        return 0;
    }
    if json {
        let text = usage_error::usage_text(error, false);
        let observed = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        let error = Error::new(
            ErrorId::Usage,
            message!("output-command-line"),
            observed,
            "taos-setup --help",
        );
        // The exit code tells of a failure either way.
        let _ = print_out(&json::document("", &Err(error), Locale::from_environment()));
    } else {
        let color = std::io::stderr().is_terminal() && env_vars::NO_COLOR.get().is_none();
        print_err(&usage_error::usage_text(error, color));
    }
    ErrorId::Usage.exit()
}
