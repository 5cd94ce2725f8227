//! Variables, as a shell or another reader takes them.

mod sh;
#[cfg(test)]
mod tests;

use std::ffi::OsString;

use crate::safety::shell::{cmd, dotenv, fish, github, powershell, systemd};
use crate::store::{Client, Value, Variable, resolved};

use sh::env_sh;

/// Who reads the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvForm {
    /// A POSIX shell.
    Sh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// A batch file of the Windows command processor.
    Cmd,
    /// The file that `GITHUB_ENV` names.
    Github,
    /// A `.env` file.
    Dotenv,
    /// A file for systemd's `EnvironmentFile=`.
    Systemd,
}

/// `client`'s `variables` for `form`. A shell extends what it has when it reads them; the other forms cannot, and get what
/// `existing` says the variables hold now. Else the name of the variable that cannot be said in that form.
pub fn env(
    form: EnvForm,
    client: &Client,
    variables: &[Variable],
    existing: impl Fn(&str) -> Option<OsString>,
) -> Result<String, &'static str> {
    let title = format!(
        "TDengine client {} ({}, {})",
        client.version, client.edition, client.platform
    );
    let (begin, end, set): (&str, &str, Set) = match form {
        EnvForm::Sh => return env_sh(client, variables).ok_or("TAOS_CONFIG_DIR"),
        EnvForm::Fish => {
            return extending("# ", "\n", &title, variables, |name, change| {
                Some(match change {
                    VariableChange::Set(value) => fish::set(name, value),
                    VariableChange::Before(lead, alone) => fish::put_before(name, lead, alone),
                })
            });
        }
        EnvForm::Powershell => {
            return extending("# ", "\n", &title, variables, |name, change| {
                Some(match change {
                    VariableChange::Set(value) => powershell::set(name, value),
                    VariableChange::Before(lead, alone) => {
                        powershell::put_before(name, lead, alone)
                    }
                })
            });
        }
        EnvForm::Cmd => {
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
        EnvForm::Github => ("", "", github::set),
        EnvForm::Dotenv => ("# ", "\n", dotenv::set),
        EnvForm::Systemd => ("# ", "\n", systemd::set),
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

/// What becomes of a variable.
enum VariableChange<'a> {
    Set(&'a str),
    /// This goes before what it holds; the second is its value where it holds nothing.
    Before(&'a str, &'a str),
}

/// One assignment a variable, each under a remark that says what it is for.
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
        // What is put before a value that is there: what is put before the shortest one, without it.
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
