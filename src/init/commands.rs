//! The commands that build and run a project.

use crate::error::Result;
use crate::scaffold::language::Runner;
use crate::scaffold::render::{Values, render};

/// `commands` with `values` in place.
pub(super) fn rendered(commands: &[String], values: &Values) -> Result<Vec<String>> {
    commands
        .iter()
        .map(|command| render("a command of template.toml", command, values))
        .collect()
}

/// Lets `runner` run the programs of `commands`.
pub(super) fn run_by(runner: &Runner, commands: &mut [String]) {
    for command in commands {
        let mut starts = runner.replaces.iter();
        if let Some(rest) = starts.find_map(|start| command.strip_prefix(start.as_str())) {
            *command = format!("{}{rest}", runner.by);
        }
    }
}
