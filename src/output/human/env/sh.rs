//! Variables, as a POSIX shell reads them.

use std::ffi::OsStr;
use std::fmt::Write;

use crate::safety::shell::inside_double_quotes;
use crate::store::{Client, Value, Variable};

/// `export` lines for a POSIX shell, each under a remark that says what it is for. `None` where a path is not Unicode.
pub(super) fn env_sh(client: &Client, variables: &[Variable]) -> Option<String> {
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::tdengine::version::Edition;
    use proptest::prelude::*;
    use std::process::Command;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_shell_sets_what_run_sets(home in "/[^\0/:]{1,30}", existing in prop::option::of("[^\0]{0,20}")) {
            let store = Store::at(home.into());
            let client = Client::new(&store, Edition::Oss, "3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
            let variables = client.variables();
            let mut script = env_sh(&client, &variables).unwrap();
            script.push_str("printf %s \"");
            for variable in &variables {
                script.push_str(&format!("${}|", variable.name));
            }
            script.push('"');
            let mut command = Command::new("/bin/sh");
            command.arg("-c").arg(script).env_clear();
            if let Some(existing) = &existing {
                command.envs(variables.iter().map(|variable| (variable.name, existing)));
            }
            let output = command.output().unwrap();
            let expected: String = variables
                .iter()
                // A shell without PATH has one of its own.
                .map(|variable| match (&existing, variable.name) {
                    (None, "PATH") => None,
                    _ => Some(variable.applied(existing.clone().map(Into::into)).into_string().unwrap()),
                })
                .map(|value| value.map_or(String::new(), |value| value + "|"))
                .collect();
            let mut said = String::from_utf8(output.stdout).unwrap();
            if existing.is_none() {
                let all: Vec<&str> = said.split('|').collect();
                prop_assume!(all.len() == variables.len() + 1);
                let place = variables.iter().position(|variable| variable.name == "PATH").unwrap();
                said = all.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, text)| *text).collect::<Vec<_>>().join("|");
            }
            prop_assert_eq!(said, expected);
        }
    }
}
