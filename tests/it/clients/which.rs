//! `which`
#![cfg(target_os = "linux")]

use crate::support::installed::{installed, prefix};
use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn missing_client_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["which"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client is installed in [STORE]
      next: taos-setup install
    ");
}

#[test]
fn current_client_is_printed() {
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    assert_snapshot!(context.program(["which"]).run(), @"
    exit 0
    --- stdout
    run     [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so
            client 3.3.7.5 (oss, linux-x64): the current client
    verify  [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so
            client 3.3.7.5 (oss, linux-x64): the current client
    --- stderr
    ");
    assert_snapshot!(context.program(["which", "--client", "3.2", "--json"]).run(), @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "which",
      "ok": true,
      "data": {
        "run": {
          "library": "[STORE]/clients/oss-3.2.2.0-linux-x64/lib/libtaos.so",
          "client": {
            "version": "3.2.2.0",
            "edition": "oss",
            "platform": "linux-x64",
            "prefix": "[STORE]/clients/oss-3.2.2.0-linux-x64"
          },
          "why": "asked"
        },
        "verify": {
          "library": "[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so",
          "client": {
            "version": "3.3.7.5",
            "edition": "oss",
            "platform": "linux-x64",
            "prefix": "[STORE]/clients/oss-3.3.7.5-linux-x64"
          },
          "why": "current"
        }
      },
      "findings": [],
      "error": null
    }
    --- stderr
    "#);
}

#[test]
fn loader_comes_first_for_verify() {
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    let run = context
        .program(["which"])
        .env("LD_LIBRARY_PATH", prefix(&context, "3.2.2.0").join("lib"))
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    run     [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so
            client 3.3.7.5 (oss, linux-x64): the current client
    verify  [STORE]/clients/oss-3.2.2.0-linux-x64/lib/libtaos.so
            client 3.2.2.0 (oss, linux-x64): LD_LIBRARY_PATH names its directory
    --- stderr
    ");
    let mine = context.root().join("mine");
    std::fs::create_dir(&mine).unwrap();
    std::fs::write(mine.join("libtaos.so"), "").unwrap();
    assert_eq!(context.program(["use", "system"]).run().exit, Some(0));
    let run = context
        .program(["which"])
        .env("LD_LIBRARY_PATH", &mine)
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    run     [ROOT]/mine/libtaos.so
            not a client of the store: LD_LIBRARY_PATH names its directory
    verify  [ROOT]/mine/libtaos.so
            not a client of the store: LD_LIBRARY_PATH names its directory
    --- stderr
    ");
}

#[test]
fn machines_own_driver_where_there_is_none() {
    let context = installed(&["3.3.7.5"]);
    assert_eq!(context.program(["use", "system"]).run().exit, Some(0));
    assert_snapshot!(context.program(["which"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      `taos-setup use system` was chosen, and the loader finds no driver
      next: taos-setup use 3.3.7.5
    ");
}
