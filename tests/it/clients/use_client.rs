//! `use`
#![cfg(unix)]

use crate::support::client_package::tree;
use crate::support::installed::installed;
use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn another_client_and_the_same_again() {
    let context = installed(&["3.3.7.5", "3.2.2.0"]);
    assert_snapshot!(context.program(["use", "3.3"]).run(), @r#"
    exit 0
    --- stdout
    ok the current client is 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
    --- stderr
    next: eval "$(taos-setup env)"
    "#);
    let before = tree(&context.taos_setup_home());
    let again = context.program(["use", "3.3.7.5", "--json"]).run();
    let document = again.json();
    assert_eq!(document["data"]["system"], false, "{again}");
    assert_eq!(document["data"]["client"]["version"], "3.3.7.5", "{again}");
    assert_eq!(tree(&context.taos_setup_home()), before);
}

#[test]
fn missing_client_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["use", "3.3.7.5"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client 3.3.7.5 is installed in [STORE]
      next: taos-setup install 3.3.7.5
    ");
    assert!(!context.taos_setup_home().exists());
    assert_snapshot!(context.program(["use", "sistem"]).run(), @r#"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'sistem' for '<VERSION|system>': expected four parts (3.3.7.5), a prefix (3.3), or latest

    For more information, try '--help'.
    "#);
}

#[test]
fn driver_of_the_machine_is_named() {
    let context = installed(&["3.3.7.5"]);
    assert_snapshot!(context.program(["use", "system"]).run(), @"
    exit 0
    --- stdout
    ok the machine's own driver is used; no client is current
    --- stderr
    next: taos-setup which
    ");
    let listed = context.program(["list"]).run();
    assert!(!listed.stdout.contains('*'), "{listed}");
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    note: the machine's own driver is in use; it needs no variables
    ");
    let run = context
        .program([
            "run",
            "--",
            "sh",
            "-c",
            "echo \"<$LD_LIBRARY_PATH>\"; exit 3",
        ])
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    <>
    --- stderr
    ");
    // A client that is asked for by name is still there.
    let run = context
        .program(["run", "--client", "3.3", "--", "taos", "-V"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(context.program(["use", "3.3"]).run().stdout, @"
    ok the current client is 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
    ");
}

#[test]
fn current_client_that_is_gone() {
    let context = installed(&["3.3.7.5", "3.2.2.0"]);
    std::fs::remove_dir_all(crate::support::installed::prefix(&context, "3.2.2.0")).unwrap();
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      the current client of [STORE] no longer exists
      next: taos-setup use 3.3.7.5
    ");
}
