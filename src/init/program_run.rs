//! `--run`: builds and runs what was set up.

use std::io::ErrorKind;
use std::path::Path;

use super::InitOutcome;
use super::printed_command::{self, EndedCommand};
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};

/// A command that did not succeed.
#[derive(Debug)]
pub struct FailedCommand {
    /// The command, as it was printed.
    pub command: String,
    /// What happened.
    pub observed: Message,
    /// The end of what it printed.
    pub output: String,
}

impl InitOutcome {
    /// Runs the commands that build and run the project, each after a note that names it. Their output goes to stderr unless `quiet`.
    ///
    /// # Errors
    /// The first command that did not succeed.
    pub fn run_programs(
        &self,
        quiet: bool,
        events: &EventSink,
    ) -> std::result::Result<(), FailedCommand> {
        for command in self.build.iter().chain(&self.run) {
            events.emit(Event::note(message!("init-running", command = command)));
            run_one(&self.dir, command, quiet)?;
        }
        Ok(())
    }
}

fn run_one(directory: &Path, command: &str, quiet: bool) -> std::result::Result<(), FailedCommand> {
    let failed = |observed: Message, output: &[u8]| FailedCommand {
        command: command.to_owned(),
        observed,
        output: String::from_utf8_lossy(output).into_owned(),
    };
    match printed_command::run(directory, command, quiet) {
        Ok(EndedCommand { status, output }) => match status.code() {
            Some(0) => Ok(()),
            Some(code) => Err(failed(message!("init-exit-code", code = code), &output)),
            None => Err(failed(message!("init-killed"), &output)),
        },
        Err(error) => {
            let program = printed_command::program(command);
            let observed = match error.kind() {
                ErrorKind::NotFound => message!("init-program-missing", program = program),
                _ => message!(
                    "init-program-failed",
                    program = program,
                    error = describe_io_error(&error)
                ),
            };
            Err(failed(observed, &[]))
        }
    }
}
