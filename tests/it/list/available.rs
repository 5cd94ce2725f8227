//! `list --available`

use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

use crate::support::client_package::{file, install};
use crate::support::program::TestContext;

#[test]
fn newest_first_with_trust_and_marks() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.4.1.0"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    assert_eq!(install(&context, &args).run().exit, Some(0));
    let run = context
        .program(["list", "--available", "--platform", "linux-x64"])
        .run();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_snapshot!(lines[..8].join("\n"), @"
    VERSION   EDITION     PLATFORM   TRUST
    3.4.2.6   enterprise  linux-x64  vendor-list
    3.4.2.5   oss         linux-x64  vendor-list
    3.4.2.5   enterprise  linux-x64  vendor-list
    3.4.2.4   enterprise  linux-x64  vendor-list
    3.4.2.3   enterprise  linux-x64  vendor-list
    3.4.2.2   oss         linux-x64  vendor-list
    3.4.2.2   enterprise  linux-x64  vendor-list
    ");
    assert_snapshot!(run.stderr, @"note: * is installed; trust: digest, the catalog has its SHA-256; vendor-list, the vendor publishes size and MD5; none, it needs --sha256 or --trust-on-first-use");
    let json = context
        .program(["list", "--available", "--json"])
        .run()
        .json();
    let first = &json["data"]["available"][0];
    assert_snapshot!(serde_json::to_string(first).unwrap(), @r#"{"version":"3.4.2.6","edition":"enterprise","platform":"linux-x64","trust":"vendor-list","file":"tdengine-tsdb-enterprise-client-3.4.2.6-linux-x64.tar.gz","installed":false,"known":true}"#);
    let installed = json["data"]["available"].as_array().unwrap().iter();
    let installed: Vec<_> = installed
        .filter(|release| release["installed"] == true)
        .collect();
    assert_eq!(installed.len(), 1);
    assert_eq!(installed[0]["version"], "3.4.1.0");
}

#[test]
fn clients_of_another_platform_are_listed() {
    let context = TestContext::new();
    let run = context
        .program(["list", "--available", "--platform", "windows-x64"])
        .run();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_snapshot!(lines[..6].join("\n"), @"
    VERSION   EDITION     PLATFORM     TRUST
    3.4.2.6   enterprise  windows-x64  digest
    3.4.2.5   oss         windows-x64  digest
    3.4.2.5   enterprise  windows-x64  digest
    3.4.2.4   enterprise  windows-x64  digest
    3.4.2.3   enterprise  windows-x64  digest
    ");
    assert!(!context.taos_setup_home().exists());
    assert_eq!(
        context
            .program(["list", "--platform", "linux-x64"])
            .run()
            .exit,
        Some(2)
    );
}
