//! The command line itself: bad words, help, secrets in arguments and variables.

mod secrets;

use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn an_unknown_command() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["instal"]).run(), @"
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
fn help_tells_options_variables_and_exit_codes() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["-h"]).run(), @"
    exit 0
    --- stdout
    Installs the TDengine client that matches the server, puts the right connector into a project, and
    proves that the connection works

    Usage: taos-setup [OPTIONS] <COMMAND>

    Commands:
      install    Install a client and make it the current one
      list       List the installed clients, or those that can be installed
      use        Choose the current client, which env, run and verify take
      which      Show which client and library run and verify would take, and why
      uninstall  Remove installed clients
      gc         Remove what nobody needs: left-overs of interrupted commands, and downloaded packages
      env        Print the variables that make an installed client work
      run        Run a command with an installed client
      init       Add the right connector to a project, or start a project with an example
      migrate    Find connections that end on 2027-01-01, and change them to WebSocket
      verify     Verify connections to a server, or report the cause and a fix
      explain    Explain an error code, a finding's id or a pasted error message, offline
      url        Print the connection string that a language's connector reads
      help       Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Output:
          --json             Print one JSON document on stdout instead of text
      -q, --quiet            Print results and errors only
      -v, --verbose          Print what is tried along the way
          --color <WHEN>     When to use colour [default: auto] [possible values: auto, always, never]
          --no-progress      Draw no progress
          --progress <FORM>  How to show progress on stderr: a bar on a terminal and plain lines
                             elsewhere, or one JSON object a line [default: auto] [possible values:
                             auto, json]

    Example: taos-setup install 3.3.7.5 && taos-setup verify localhost

    Environment:
      TAOS_SETUP_HOME
          The folder that holds the store and the cache; without it, the platform's data and cache
          folders.
      TAOS_SETUP_MIRROR
          The mirror to install from: an address or a folder; --mirror overrides it.
      TAOS_SETUP_RETRIES
          How often a download that failed is tried again; 4 without it.
      TAOS_SETUP_RETRY_DELAY
          Seconds before the first retry, doubled from one to the next; 1 without it.
      TAOS_SETUP_CONNECT_TIMEOUT
          Seconds that a server may take to accept a connection; 15 without it.
      TAOS_SETUP_READ_TIMEOUT
          Seconds that a server may stay silent during a download; 60 without it.
      TAOS_SETUP_DOWNLOAD_TIMEOUT
          Seconds that a download may take with all its retries; 3600 without it.
      SSL_CERT_FILE
          A file of certificates (PEM) that https servers are trusted by, in place of the system's;
          beside them on Windows and macOS.
      SSL_CERT_DIR
          A folder of such certificates, under OpenSSL's names.
      HTTPS_PROXY
          The proxy for downloads over https; HTTP_PROXY for http, ALL_PROXY for both; lower case works
          too.
      NO_PROXY
          Hosts that are asked without a proxy, separated by commas.
      TAOS_SETUP_LOCK_TIMEOUT
          How many seconds to wait for another taos-setup that is changing the store; 300 without it.
      TAOS_SETUP_LANG
          The language of findings, en or zh; without it, LC_ALL, LC_MESSAGES, LANG.
      TAOS_SETUP_NO_PROGRESS
          Any value switches progress off, as --no-progress does.
      NO_COLOR
          Any value switches colour off; --color overrides it.
      TERM
          dumb: a terminal without colour and progress bar.
      TAOS_HOST
          The server that verify asks when none is named.
      TAOS_USER
          The user that verify logs in as; root without it.
      TAOS_PASSWORD
          That user's password; taosdata without it. Never given as an argument.
      TAOS_TOKEN
          A token of a server of 3.4 or later, instead of user and password. Never given as an argument.
      TDENGINE_CLOUD_URL
          The gateway of TDengine Cloud that --cloud stands for.
      TDENGINE_CLOUD_TOKEN
          The token for TDengine Cloud. Never given as an argument.
      TAOS_CONFIG_DIR
          The folder of the taos.cfg that names the server when nothing else does; the driver reads it
          too.
      TAOS_LOG_DIR
          The folder that the native driver writes its logs into; verify uses a temporary one without
          it.

    Exit codes:
      0 done, 1 unexpected, 2 usage, 3 nothing matches, 4 integrity, 5 network,
      6 busy, 7 conflict, 8 local file, 130 interrupted
      verify: 10 unreachable, 11 rejected, 12 wrong protocol, port or version,
      13 client library, 14 data path
    --- stderr
    ");
}

#[test]
fn both_readmes_tell_every_variable() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for readme in ["README.md", "README.zh.md"] {
        let text = std::fs::read_to_string(root.join(readme)).unwrap();
        for variable in taos_setup::fuzzing::env_vars::ALL {
            assert!(
                text.contains(&format!("`{}`", variable.name)),
                "{readme}: {}",
                variable.name
            );
        }
    }
}
