//! Runs the client of a language: Go, pip, npm, Cargo, Maven. It uses its own settings, also for the registry.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::safety::redaction::redact;
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;

/// The time after which a program is ended.
const LIMIT: Duration = Duration::from_secs(1800);
/// The most bytes of its output that an error shows: the last ones.
const MOST_SHOWN: usize = 1200;

/// A command to run.
#[derive(Debug)]
pub(super) struct Tool {
    program: String,
    command: Command,
}

/// The output of a program that failed.
pub(super) struct FailedTool {
    /// The error for people.
    pub(super) error: Error,
    /// All that the program printed.
    pub(super) output: String,
}

impl Tool {
    /// The program `name` in `directory`, with `args`.
    pub(super) fn new(name: &str, directory: &Path, args: &[&str]) -> Self {
        let program = match name {
            // Batch files need their ending.
            "mvn" | "npm" if cfg!(windows) => format!("{name}.cmd"),
            _ => name.to_owned(),
        };
        let mut command = Command::new(&program);
        command
            .args(args)
            .current_dir(directory)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        Self { program, command }
    }

    /// Sets a variable.
    pub(super) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds an argument.
    pub(super) fn arg(mut self, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(value);
        self
    }

    /// Runs it and returns its stdout.
    ///
    /// # Errors
    /// `program-failed`, `interrupted`.
    pub(super) async fn run(self, stop: &mut Interrupts, events: &EventSink) -> Result<Vec<u8>> {
        self.try_run(stop, events).await?.map_err(|it| it.error)
    }

    /// Runs it; a program that ends with an error is the inner error.
    pub(super) async fn try_run(
        mut self,
        stop: &mut Interrupts,
        events: &EventSink,
    ) -> Result<std::result::Result<Vec<u8>, FailedTool>> {
        let words = self.command.as_std().get_args();
        let words: Vec<_> = words.map(|word| word.to_string_lossy()).take(4).collect();
        let shown = format!("{} {}", self.program, words.join(" "));
        events.emit(Event::detail(message!("mirror-running", command = shown)));
        let failed = |observed: Message| {
            Error::new(
                ErrorId::ProgramFailed,
                message!("mirror-run-tool", command = shown),
                observed,
                message!("mirror-run-tool-next", program = self.program),
            )
        };
        let running = timeout(LIMIT, self.command.output());
        let output = match stop.unless(running).await? {
            Ok(Ok(output)) => output,
            Ok(Err(error)) => return Err(failed(describe_io_error(&error))),
            Err(_) => {
                let seconds = LIMIT.as_secs();
                return Err(failed(message!("mirror-tool-late", seconds = seconds)));
            }
        };
        stop.check()?;
        if output.status.success() {
            return Ok(Ok(output.stdout));
        }
        let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
        printed.push_str(&String::from_utf8_lossy(&output.stderr));
        let code = output.status.code().unwrap_or(-1);
        let observed = message!(
            "mirror-tool-failed",
            code = code.to_string(),
            output = last_words(&printed)
        );
        Ok(Err(FailedTool {
            error: failed(observed),
            output: printed,
        }))
    }
}

/// The end of what a program printed, in one line.
fn last_words(text: &str) -> String {
    let start = text.len().saturating_sub(MOST_SHOWN);
    let start = (start..=text.len()).find(|at| text.is_char_boundary(*at));
    let end = &text[start.unwrap_or(text.len())..];
    let words: Vec<_> = end.split_whitespace().collect();
    redact(&printable(&words.join(" ")))
}
