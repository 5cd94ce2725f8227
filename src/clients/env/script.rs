//! Writes variables for a shell or another reader.

mod posix;

use std::ffi::OsString;

use crate::safety::shell::{cmd, dotenv, fish, github, powershell, systemd};
use crate::store::{Client, Value, Variable, resolved};

use super::Shell;
use posix::posix_script;

/// Writes the `variables` of `client` for `shell`. Shells extend the values that they have when they read the lines; the other
/// readers cannot, and get the values of `existing`. The error is the name of a variable that the reader has no form for.
pub(super) fn write(
    shell: Shell,
    client: &Client,
    variables: &[Variable],
    existing: impl Fn(&str) -> Option<OsString>,
) -> Result<String, &'static str> {
    let title = format!(
        "TDengine client {} ({}, {})",
        client.version, client.edition, client.platform
    );
    let (begin, end, set): (&str, &str, Set) = match shell {
        Shell::Sh => return posix_script(client, variables).ok_or("TAOS_CONFIG_DIR"),
        Shell::Fish => {
            return extending("# ", "\n", &title, variables, |name, change| {
                Some(match change {
                    VariableChange::Set(value) => fish::set(name, value),
                    VariableChange::Before(lead, alone) => fish::put_before(name, lead, alone),
                })
            });
        }
        Shell::Powershell => {
            return extending("# ", "\n", &title, variables, |name, change| {
                Some(match change {
                    VariableChange::Set(value) => powershell::set(name, value),
                    VariableChange::Before(lead, alone) => {
                        powershell::put_before(name, lead, alone)
                    }
                })
            });
        }
        Shell::Cmd => {
            return extending(
                "@rem ",
                "\r\n",
                &title,
                variables,
                |name, change| match change {
                    VariableChange::Set(value) => cmd::set(name, value),
                    VariableChange::Before(lead, alone) => cmd::put_before(name, lead, alone),
                },
            );
        }
        Shell::Github => ("", "", github::set),
        Shell::Dotenv => ("# ", "\n", dotenv::set),
        Shell::Systemd => ("# ", "\n", systemd::set),
    };
    let mut text = if begin.is_empty() {
        String::new()
    } else {
        format!("{begin}{title}{end}")
    };
    for (name, value) in resolved(variables, existing) {
        let line = value.to_str().and_then(|value| set(name, value));
        text.push_str(&line.ok_or(name)?);
    }
    Ok(text)
}

type Set = fn(&str, &str) -> Option<String>;

/// The change of a variable.
enum VariableChange<'a> {
    Set(&'a str),
    /// The first goes before the value that it has; the second is its value if it has none.
    Before(&'a str, &'a str),
}

/// Writes one assignment for each variable, under a comment that says what it is for.
fn extending(
    begin: &str,
    end: &str,
    title: &str,
    variables: &[Variable],
    assign: impl Fn(&str, VariableChange<'_>) -> Option<String>,
) -> Result<String, &'static str> {
    let mut text = format!("{begin}{title}{end}");
    for variable in variables {
        let name = variable.name;
        let alone = variable.applied(None);
        let alone = alone.to_str().ok_or(name)?;
        // The text before an existing value: that before the shortest one, without it.
        let leading = variable.applied(Some("x".into()));
        let lead = leading.to_str().and_then(|text| text.strip_suffix('x'));
        let change = match (&variable.value, lead) {
            (Value::Set(_), _) | (_, None) => VariableChange::Set(alone),
            (_, Some(lead)) => VariableChange::Before(lead, alone),
        };
        let assignment = assign(name, change).ok_or(name)?;
        text.push_str(&format!("{begin}{}{end}{assignment}", variable.about));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
