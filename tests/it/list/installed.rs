//! `list`

use crate::support::client_package::{file, install};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

#[test]
fn empty_store_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["list"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    no client is installed in [STORE]
    next: taos-setup install
    ");
    assert_snapshot!(context.program(["list", "--json"]).run(), @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "list",
      "ok": true,
      "data": {
        "home": "[STORE]",
        "clients": [],
        "system": null
      },
      "findings": [],
      "error": null
    }
    --- stderr
    no client is installed in [STORE]
    next: taos-setup install
    "#);
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn two_clients_are_listed() {
    let context = TestContext::new();
    for version in ["3.3.7.5", "3.2.2.0"] {
        let (path, sha256) = file(&context, &Package::new(version));
        let run = install(
            &context,
            &["--from", path.to_str().unwrap(), "--sha256", &sha256],
        )
        .run();
        assert_eq!(run.exit, Some(0), "{run}");
    }
    // What no installation made is passed over.
    for stray in ["not-a-client", "oss-3.3.6.0-linux-x64", ".staging-x"] {
        std::fs::create_dir(context.taos_setup_home().join("clients").join(stray)).unwrap();
    }
    assert_snapshot!(context.program(["list"]).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   PARTS  VERIFIED  DIRECTORY
    * 3.2.2.0  oss      linux-x64  all    given     [STORE]/clients/oss-3.2.2.0-linux-x64
      3.3.7.5  oss      linux-x64  all    given     [STORE]/clients/oss-3.3.7.5-linux-x64
    --- stderr
    ");
    let clients = context.program(["list", "--json"]).run().json()["data"]["clients"].take();
    let current: Vec<_> = clients
        .as_array()
        .unwrap()
        .iter()
        .map(|client| (&client["version"], &client["current"]))
        .collect();
    assert_eq!(
        serde_json::json!(current),
        serde_json::json!([["3.2.2.0", true], ["3.3.7.5", false]])
    );
}

#[test]
fn receipt_that_does_not_parse() {
    let context = TestContext::new();
    let folder = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("receipt.toml"), "schema = \u{1b}").unwrap();
    assert_snapshot!(context.program(["list"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read [STORE]/clients/oss-3.3.7.5-linux-x64/receipt.toml
      string values must be quoted, expected literal string
      next: remove that directory, then run: taos-setup install 3.3.7.5
    ");
}

#[test]
fn escape_characters_in_the_store_path_are_not_printed() {
    let context = TestContext::new();
    let home = context.root().join("a\u{1b}[31m");
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let install = [
        "install",
        "--from",
        path.to_str().unwrap(),
        "--sha256",
        &sha256,
    ];
    for args in [
        &["list"][..],
        &install,
        &["list"],
        &["use", "3.3.7.5"],
        &["which"],
        &["uninstall", "3.3.7.5"],
        &["gc"],
    ] {
        let run = context.program(args).env("TAOS_SETUP_HOME", &home).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert!(
            !run.to_string().contains('\u{1b}'),
            "{args:?} {run:?}",
            run = run.stdout
        );
    }
}
