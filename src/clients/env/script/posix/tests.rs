use super::*;
use crate::store::Store;
use crate::tdengine::version::Edition;
use proptest::prelude::*;
use std::process::Command;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn shell_sets_the_values_of_run(home in "/[^\0/:]{1,30}", existing in prop::option::of("[^\0]{0,20}")) {
        let store = Store::at(home.into());
        let client = Client::new(&store, Edition::Oss, "3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
        let variables = client.variables();
        let mut script = posix_script(&client, &variables).unwrap();
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
        let mut printed = String::from_utf8(output.stdout).unwrap();
        if existing.is_none() {
            let all: Vec<&str> = printed.split('|').collect();
            prop_assume!(all.len() == variables.len() + 1);
            let place = variables.iter().position(|variable| variable.name == "PATH").unwrap();
            printed = all.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, text)| *text).collect::<Vec<_>>().join("|");
        }
        prop_assert_eq!(printed, expected);
    }
}
