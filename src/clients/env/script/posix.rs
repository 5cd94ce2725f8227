//! Writes variables for a POSIX shell.

use std::ffi::OsStr;
use std::fmt::Write;

use crate::safety::shell::inside_double_quotes;
use crate::store::{Client, Value, Variable};

/// Writes `export` lines, each under a comment that says what it is for. `None` if a path is not Unicode.
pub(super) fn posix_script(client: &Client, variables: &[Variable]) -> Option<String> {
    let mut text = format!(
        "# TDengine client {} ({}, {})\n",
        client.version, client.edition, client.platform
    );
    for Variable { name, value, about } in variables {
        let value = match value {
            Value::Set(value) => quoted(value)?,
            Value::Prepend(path) => format!("{}${{{name}:+:${name}}}", quoted(path.as_os_str())?),
            Value::Flags { flags, default } => format!("{} ${{{name}:-{default}}}", quoted(flags)?),
        };
        // A String takes all that is written to it.
        let _ = writeln!(text, "# {about}\nexport {name}=\"{value}\"");
    }
    Some(text)
}

fn quoted(value: &OsStr) -> Option<String> {
    value.to_str().map(inside_double_quotes)
}

#[cfg(all(test, unix))]
mod tests;
