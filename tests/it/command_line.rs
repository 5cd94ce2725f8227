//! The command line itself: bad words, version.

use crate::program::Bench;
use insta::assert_snapshot;

#[test]
fn an_unknown_command() {
    let bench = Bench::new();
    assert_snapshot!(bench.program(["instal"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: unrecognized subcommand 'instal'

      tip: some similar subcommands exist: 'list', 'init', 'uninstall', 'install'

    Usage: taos-setup [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_command_as_json() {
    let bench = Bench::new();
    assert_snapshot!(bench.program(["instal", "--json"]).run(), @r#"
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
