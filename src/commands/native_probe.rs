//! The hidden command that runs the driver in a child process.

use std::io::BufReader;
use std::process::ExitCode;

use crate::driver::process::child;

/// Reads a task from stdin and writes its facts to a private file.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Runs the probe.
pub(super) fn run(_args: Args) -> ExitCode {
    match child::run(BufReader::new(std::io::stdin())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
