//! The steps from a server to the first rows. Each is a command of this program, run as it is printed.

use std::path::PathBuf;
use std::process::Command;

use crate::clients::run::RunOutcome;
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::safety::shell::quoted;
use crate::system::events::{Event, EventSink};
use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};
use crate::tdengine::transport::Transport;

/// What is set up.
pub(super) struct FirstProject {
    pub(super) target: Target,
    pub(super) language: &'static str,
    pub(super) transport: Transport,
    pub(super) directory: PathBuf,
}

/// A command of this program and the variables that it is given.
pub(super) struct PrintedStep {
    variables: Vec<(&'static str, String)>,
    words: Vec<String>,
}

impl FirstProject {
    /// Returns the steps in order.
    pub(super) fn steps(&self) -> Vec<PrintedStep> {
        let server = match self.target.port {
            Some(port) => format!("{}:{port}", self.target.bracketed_host()),
            None => self.target.bracketed_host(),
        };
        let transport = self.transport.as_str();
        let mut steps = Vec::new();
        let step = |words: &[&str]| PrintedStep {
            variables: Vec::new(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        if self.transport == Transport::Native {
            steps.push(step(&["install", "--match", &server]));
        }
        steps.push(step(&["verify", &server, "--transport", transport]));
        let directory = self.directory.to_string_lossy();
        let mut init = step(&[
            "init",
            "--lang",
            self.language,
            "--transport",
            transport,
            "--dir",
            &directory,
            "--server",
            &server,
            "--run",
        ]);
        // What the example reads.
        init.variables.push(("TAOS_HOST", self.target.host.clone()));
        if let Some(port) = self.example_port() {
            init.variables.push(("TAOS_PORT", port.to_string()));
        }
        steps.push(init);
        steps
    }
}

impl FirstProject {
    /// The port that the example dials where it is not the usual one. The other service's port leads `verify` to the server, too, but
    /// no program.
    fn example_port(&self) -> Option<u16> {
        let other = match self.transport {
            Transport::Native => ADAPTER_PORT,
            Transport::Ws | Transport::Rest => NATIVE_PORT,
        };
        self.target.port.filter(|port| *port != other)
    }
}

impl PrintedStep {
    /// Emits the command as a shell takes it.
    pub(super) fn announce(&self, events: &EventSink) {
        let variables = self.variables.iter();
        let variables = variables.map(|(name, value)| format!("{name}={}", quoted(value)));
        let words = self.words.iter().map(|word| quoted(word));
        let line: Vec<String> = variables
            .chain(["taos-setup".to_owned()])
            .chain(words)
            .collect();
        events.emit(Event::note(message!(
            "start-step",
            command = line.join(" ")
        )));
    }

    /// Runs it; it prints its own result.
    ///
    /// # Errors
    /// `command-unrunnable` if it cannot be started.
    pub(super) fn run(&self) -> Result<RunOutcome> {
        let program = std::env::current_exe();
        let status = program.and_then(|program| {
            Command::new(program)
                .args(&self.words)
                .envs(self.variables.iter().map(|(name, value)| (name, value)))
                .status()
        });
        match status {
            Ok(status) => Ok(RunOutcome::of(status)),
            Err(error) => Err(Error::new(
                ErrorId::CommandUnrunnable,
                message!("start-tried"),
                describe_io_error(&error),
                message!("project-run-again"),
            )),
        }
    }
}

#[cfg(test)]
mod tests;
