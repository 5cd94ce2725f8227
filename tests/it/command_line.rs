//! The command line itself: bad words, help, secrets in arguments and variables.

mod chinese;
mod completions;
mod secrets;
mod version;

use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn unknown_command_is_refused() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["instal"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: unrecognized subcommand 'instal'

      tip: some similar subcommands exist: 'start', 'list', 'init', 'uninstall', 'install'

    Usage: taos-setup [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn unknown_command_is_reported_as_json() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["instal", "--json"]).run(), @r#"
    exit 2
    --- stdout
    {
      "schema": 1,
      "command": "",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "usage",
        "exit": 2,
        "tried": "read the command line",
        "observed": "unrecognized subcommand 'instal'",
        "next": "taos-setup --help"
      }
    }
    --- stderr
    "#);
}

#[test]
fn short_help_lists_commands_and_options() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["-h"]).run(), @"
    exit 0
    --- stdout
    Set up and verify TDengine clients

    Usage: taos-setup [OPTIONS] <COMMAND>

    Commands:
      install      Install a client and make it the current one
      list         List installed clients, or those that can be installed
      use          Choose the current client, which env, run, and verify use
      which        Show the client and the library that run and verify would use, and why
      uninstall    Remove installed clients
      gc           Remove leftovers of interrupted commands, and downloaded packages
      env          Print the variables that make an installed client work
      run          Run a command with an installed client
      start        Verify a server, start a project, and write and read its first rows
      init         Add the right connector to a project, or start a project with an example
      migrate      Find connections that end on 2027-01-01, and change them to WebSocket
      ci           Print what a pipeline needs: the client, the connectors, and a verified connection
      lock         Resolve taos-setup.toml into taos-setup.lock
      sync         Bring the client and the projects' connectors to taos-setup.lock
      catalog      Keep a catalog of your own packages next to the built-in one
      mirror       Make, verify, and serve a mirror for machines without internet
      verify       Verify connections to a server, or report the cause and a fix
      doctor       Check this machine: client libraries, configuration, network settings, and toolchains
      explain      Explain an error code, a finding's id or a pasted error message, offline
      url          Print the connection string that a language's connector reads
      self         Update or remove taos-setup itself
      completions  Print the lines that make a shell complete commands, options, and their values

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Output:
          --json     Print one JSON document on stdout instead of text
      -v, --verbose  Print details

    Examples:
      taos-setup install                  install the client that matches your server
      taos-setup init --lang python       add the connector and an example to a project
      taos-setup verify db.example        verify connections to a server

    Read on:
      taos-setup --help                   options, environment variables, exit codes
      taos-setup COMMAND -h               the options of a command; --help explains them
      taos-setup explain ERROR            the cause and the fix of an error
    --- stderr
    ");
}

#[test]
fn both_pages_tell_every_variable() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in ["docs/scripts.md", "docs/scripts.zh.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        for variable in taos_setup::fuzzing::env_vars::ALL {
            assert!(
                text.contains(&format!("`{}`", variable.name)),
                "{page}: {}",
                variable.name
            );
        }
    }
}

#[test]
fn program_alone_prints_short_help() {
    let context = TestContext::new();
    let run = context.program([] as [&str; 0]).run();
    assert!(run.stdout.lines().count() <= 37, "{run}");
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    Set up and verify TDengine clients

    Usage: taos-setup [OPTIONS] <COMMAND>

    Commands:
      install      Install a client and make it the current one
      list         List installed clients, or those that can be installed
      use          Choose the current client, which env, run, and verify use
      which        Show the client and the library that run and verify would use, and why
      uninstall    Remove installed clients
      gc           Remove leftovers of interrupted commands, and downloaded packages
      env          Print the variables that make an installed client work
      run          Run a command with an installed client
      start        Verify a server, start a project, and write and read its first rows
      init         Add the right connector to a project, or start a project with an example
      migrate      Find connections that end on 2027-01-01, and change them to WebSocket
      ci           Print what a pipeline needs: the client, the connectors, and a verified connection
      lock         Resolve taos-setup.toml into taos-setup.lock
      sync         Bring the client and the projects' connectors to taos-setup.lock
      catalog      Keep a catalog of your own packages next to the built-in one
      mirror       Make, verify, and serve a mirror for machines without internet
      verify       Verify connections to a server, or report the cause and a fix
      doctor       Check this machine: client libraries, configuration, network settings, and toolchains
      explain      Explain an error code, a finding's id or a pasted error message, offline
      url          Print the connection string that a language's connector reads
      self         Update or remove taos-setup itself
      completions  Print the lines that make a shell complete commands, options, and their values

    Examples:
      taos-setup install                  install the client that matches your server
      taos-setup init --lang python       add the connector and an example to a project
      taos-setup verify db.example        verify connections to a server

    Read on:
      taos-setup --help                   options, environment variables, exit codes
      taos-setup COMMAND -h               the options of a command; --help explains them
      taos-setup explain ERROR            the cause and the fix of an error
    --- stderr
    ");
}

#[test]
fn long_help_lists_variables_and_exit_codes() {
    let context = TestContext::new();
    let run = context.program(["--help"]).run();
    let (_, environment) = run.stdout.split_once("Environment:\n").unwrap();
    for variable in taos_setup::fuzzing::env_vars::ALL {
        assert!(environment.contains(variable.name), "{run}");
    }
    let (_, exit_codes) = environment.split_once("Exit codes:\n").unwrap();
    assert!(exit_codes.contains("130 interrupted"), "{run}");
}

#[test]
fn short_help_of_commands_fits_a_screen() {
    let context = TestContext::new();
    for command in taos_setup::fuzzing::command_line().get_subcommands() {
        let (name, is_hidden) = (command.get_name(), command.is_hide_set());
        if is_hidden {
            continue;
        }
        let lines = |option: &str| {
            let run = context.program([name, option]).run();
            assert_eq!(run.exit, Some(0), "{run}");
            run.stdout.lines().count()
        };
        assert!(lines("-h") < lines("--help"), "{name}");
        assert!(lines("-h") <= 45, "{name}");
    }
}
