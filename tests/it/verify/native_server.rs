//! The driver against the server: versions in both directions, editions.
#![cfg(target_os = "linux")]

use crate::support::client_package::{file, install};
use crate::support::program::Run;
use crate::support::served::{Served, findings, install_driver};
use insta::assert_snapshot;
use taos_sandbox::data_faults::DataFaults;
use taos_sandbox::faults::Faults;
use taos_sandbox::mirror::Package;
use taos_sandbox::server::Options;

fn served(version: &str) -> Served {
    Served::new(Options {
        version: version.into(),
        ..Options::default()
    })
}

/// A driver of `client` against a server of `server`.
fn mismatch(client: &str, server: &str) -> (Served, Run) {
    let served = served(server);
    let folder = install_driver(&served.context, client);
    let run = served
        .verify_adapter(&["--transport", "native", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    (served, run)
}

#[test]
fn another_version_is_told_before_the_driver_dials() {
    for (client, server) in [
        ("3.3.7.5", "3.2.2.2"),
        ("3.2.2.2", "3.3.7.5"),
        ("3.3.6.0", "3.3.7.5"),
    ] {
        let (served, run) = mismatch(client, server);
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(12), vec!["version-mismatch".to_owned()]),
            "{run}"
        );
        let fix = run.json()["findings"][0]["fix"].to_string();
        assert!(fix.contains("install --match 127.0.0.1:"), "{fix}");
        assert!(fix.contains(&format!("install {server}")), "{fix}");
        let logins = served.sandbox.logins();
        assert_eq!(logins.accepted + logins.refused, 0, "{client} on {server}");
    }
}

#[test]
fn server_of_the_other_edition() {
    let mut served = Served::with_faults(Faults {
        data: DataFaults {
            edition: Some("official".into()),
            ..DataFaults::default()
        },
        ..Faults::default()
    });
    served.context = crate::support::program::TestContext::new();
    let (path, sha256) = file(&served.context, &Package::new("3.3.7.5"));
    let from = path.to_str().unwrap();
    let run = install(&served.context, &["--from", from, "--sha256", &sha256]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let lib = served.context.taos_setup_home().join("current/lib");
    let run = served
        .verify_adapter(&["--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", lib)
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(run.stdout.split("\n\n").nth(1).unwrap_or_default(), @r#"
    warning[edition-mismatch]: the client library is of the oss edition, the server of the enterprise edition (over native)
      observed: client oss, server enterprise
      expected: a client of the enterprise edition
      cause:    A native connection cannot mix the Community and Enterprise editions: before 3.4 it may connect and fail later, from 3.4 on the server refuses it. WebSocket and REST are not affected.
      fix:      taos-setup install 3.3.7.5 --edition enterprise && eval "$(taos-setup env)"    # native only
      read:     https://docs.taosdata.com/train-faq/faq
    "#);
}
