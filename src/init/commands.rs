//! The commands that build and run a project.

use crate::error::Result;
use crate::scaffold::render::{Values, render};

/// `commands` with `values` in place.
pub(super) fn rendered(commands: &[String], values: &Values) -> Result<Vec<String>> {
    commands
        .iter()
        .map(|command| render("a command of template.toml", command, values))
        .collect()
}
