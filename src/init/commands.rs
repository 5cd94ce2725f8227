//! The commands that build and run a project.

use crate::error::Result;
use crate::project::language::Runner;
use crate::project::template::{Values, render};

/// `commands` with `values` in place.
pub(super) fn rendered(commands: &[String], values: &Values) -> Result<Vec<String>> {
    commands
        .iter()
        .map(|command| render("a command of template.toml", command, values))
        .filter(|command| !command.as_ref().is_ok_and(String::is_empty))
        .collect()
}

/// How commands start that need the client library.
const WITH_CLIENT: &str = "taos-setup run -- ";

/// Lets `runner` run the programs of `commands`.
pub(super) fn run_by(runner: &Runner, commands: &mut [String]) {
    for command in commands {
        let (with_client, program) = match command.strip_prefix(WITH_CLIENT) {
            Some(program) => (WITH_CLIENT, program),
            None => ("", command.as_str()),
        };
        let mut starts = runner.replaces.iter();
        if let Some(rest) = starts.find_map(|start| program.strip_prefix(start.as_str())) {
            *command = format!("{with_client}{}{rest}", runner.by);
        }
    }
}

/// Lets the script `wrapper`, as it is started from the project's folder, stand for the tool `replaces` in `commands`.
pub(super) fn wrap(replaces: &str, wrapper: &str, commands: &mut [String]) {
    for command in commands {
        let rest = command.strip_prefix(replaces);
        if let Some(rest) = rest.filter(|rest| rest.starts_with(' ')) {
            *command = format!("{wrapper}{rest}");
        }
    }
}
