//! No argument and no variable is printed with the secret in it, by any command, whatever is wrong with it.

use crate::support::program::TestContext;
use taos_setup::fuzzing::{command_line, env_vars};

/// The password in every form.
const PASSWORD: &str = "hunter2";

/// Values with the password, and a server that refuses every connection.
const VALUES: [&str; 5] = [
    "http://root:hunter2@127.0.0.1:1/x",
    "root:hunter2@127.0.0.1",
    "jdbc:TAOS-RS://127.0.0.1:1/?user=root&password=a&hunter2",
    "root:p@hunter2@ws(127.0.0.1:1)/",
    "host=127.0.0.1;port=x;password='a;hunter2'",
];

/// Runs `arguments` in text and JSON form and checks that nothing printed holds the password.
fn check(context: &TestContext, arguments: &[String], variable: Option<(&str, &str)>) {
    for json in [false, true] {
        let mut program = context.program(
            json.then_some("--json")
                .into_iter()
                .chain(arguments.iter().map(String::as_str)),
        );
        program = program.env("TAOS_SETUP_RETRIES", "0");
        if let Some((name, value)) = variable {
            program = program.env(name, value);
        }
        let run = program.run();
        assert!(
            !run.to_string().contains(PASSWORD),
            "{variable:?} {arguments:?}\n{run}"
        );
        assert_ne!(run.exit, Some(101), "{arguments:?}\n{run}");
    }
}

#[test]
fn option_and_positional_values() {
    let context = TestContext::new();
    let mut runs = 0;
    for command in command_line().get_subcommands() {
        let name = command.get_name().to_owned();
        for argument in command.get_arguments() {
            if name == "url" && argument.get_id() == "user" {
                // The name is a part of the result, and no secret.
                continue;
            }
            for (at, value) in VALUES.iter().enumerate() {
                let arguments = match (argument.get_long(), argument.get_short()) {
                    (None, None) => vec![name.clone(), (*value).to_owned()],
                    // A flag takes no value, and clap repeats it.
                    (Some(long), _) => vec![name.clone(), format!("--{long}={value}")],
                    (None, Some(short)) => vec![name.clone(), format!("-{short}{value}")],
                };
                // Every form for what has a value, one for flags.
                if at == 0 || argument.get_action().takes_values() {
                    check(&context, &arguments, None);
                    runs += 1;
                }
            }
        }
    }
    assert!(runs > 200, "{runs}");
}

#[test]
fn unknown_options_and_extra_arguments() {
    let context = TestContext::new();
    for command in command_line().get_subcommands() {
        for extra in [
            &["--password=hunter2"][..],
            &["--password", "hunter2"],
            &["-phunter2"],
            &["-p", "hunter2"],
            &["--unknown", VALUES[0]],
            &["x", "y", "z", VALUES[0]],
        ] {
            let mut arguments = vec![command.get_name().to_owned()];
            arguments.extend(extra.iter().map(|text| (*text).to_owned()));
            check(&context, &arguments, None);
        }
    }
    for value in VALUES {
        check(&context, &[value.to_owned()], None);
    }
    // A login without a host, in the place of a server.
    for before in [
        &["url"][..],
        &["verify"],
        &["install", "--match"],
        &["install", "3.3.7.5", "--first-ep"],
        &["explain", "0x0b", "--host"],
    ] {
        let mut arguments: Vec<String> = before.iter().map(|text| (*text).to_owned()).collect();
        arguments.push("root:hunter2".into());
        check(&context, &arguments, None);
    }
}

#[test]
fn secrets_of_variables_are_redacted() {
    let context = TestContext::new();
    for variable in env_vars::ALL {
        for value in &VALUES[..2] {
            for arguments in [
                &["install", "3.3.7.5", "--mirror", "mirror"][..],
                &["install", "3.3.7.5", "--mirror", "http://127.0.0.1:1/"],
                &["verify"],
                &["url"],
            ] {
                let arguments: Vec<String> =
                    arguments.iter().map(|text| (*text).to_owned()).collect();
                if variable.name != "TAOS_SETUP_RETRY_DELAY" {
                    check(&context, &arguments, Some((variable.name, value)));
                }
            }
        }
    }
}
