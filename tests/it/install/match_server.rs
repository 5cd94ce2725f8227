//! `install --match`: the client that fits the server.

use crate::support::client_package::{file, install, mirror};
use crate::support::matching_server::{install_match, served};
use crate::support::program::TestContext;
use crate::support::served::Served;
use crate::support::unused_address::unused_address;
use insta::assert_snapshot;
use taos_sandbox::mirror::{MirrorFaults, Package};
use taos_sandbox::server::{Options, User};

fn config(served: &Served, client: &str) -> String {
    let path = served
        .context
        .taos_setup_home()
        .join("clients")
        .join(client)
        .join("etc/taos.cfg");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| line.starts_with("firstEp"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn client_with_the_same_four_parts_is_installed() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let run = install_match(&served, &mirror, "3.3.7.5", &[]).run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: 127.0.0.1:[ADAPTER] is TDengine 3.3.7.5 oss: client 3.3.7.5 has the same four parts
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(served.sandbox.logins().refused, 0);
    assert_eq!(
        config(&served, "oss-3.3.7.5-linux-x64"),
        "firstEp                   127.0.0.1:6030"
    );
}

#[test]
fn newest_that_is_not_newer() {
    let (served, mirror) = served("3.3.6.12", &["3.3.6.9", "3.3.6.13"]);
    let run = install_match(
        &served,
        &mirror,
        "3.3.6.9",
        &["--json", "--first-ep", "db.example"],
    )
    .run();
    let json = run.json();
    assert_eq!(json["data"]["client"]["version"], "3.3.6.9", "{run}");
    assert_eq!(json["data"]["match"]["version"], "3.3.6.12");
    assert_eq!(json["data"]["match"]["edition"], "oss");
    assert_eq!(json["data"]["match"]["edition_assumed"], false);
    assert_eq!(
        config(&served, "oss-3.3.6.9-linux-x64"),
        "firstEp                   db.example:6030"
    );
    // A client that is there keeps its configuration, unless another server is asked for by name.
    let args = ["3.3.6.9", "--first-ep", "other:7030"];
    let planned = || {
        let args = [&args[..], &["--dry-run", "--json"]].concat();
        install(&served.context, &args).run().json()["data"]["first_ep"].clone()
    };
    assert_eq!(planned(), "other:7030");
    assert_eq!(install(&served.context, &args).run().exit, Some(0));
    assert!(planned().is_null());
    assert_eq!(
        config(&served, "oss-3.3.6.9-linux-x64"),
        "firstEp                   other:7030"
    );
}

#[test]
fn mirror_that_sends_web_page_says_nothing_about_what_is_published() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    mirror.set_faults(MirrorFaults::Html).unwrap();
    let run = install_match(&served, &mirror, "3.3.7.5", &["--json"]).run();
    assert_eq!(run.exit, Some(5), "{run}");
    assert_eq!(run.json()["error"]["id"], "download-refused", "{run}");
}

#[test]
fn server_without_a_published_client_is_reported() {
    let (served, mirror) = served("3.9.1.2", &["3.3.7.5"]);
    let run = install_match(&served, &mirror, "3.9.1.2", &[]).run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[nothing-published]: could not match a client to 127.0.0.1:[ADAPTER]
      it is TDengine 3.9.1.2 oss; [MIRROR] has no client of 3.9.1 that is not newer than the server
      next: get tdengine-tsdb-oss-client-3.9.1.2-linux-x64.tar.gz, then: taos-setup install --from tdengine-tsdb-oss-client-3.9.1.2-linux-x64.tar.gz
      next: or connect over WebSocket, which needs no client: taos-setup init
    ");
    assert!(!served.context.taos_setup_home().join("clients").exists());
}

#[test]
fn another_edition_than_the_servers() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let run = install_match(&served, &mirror, "3.3.7.5", &["--edition", "enterprise"]).run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[nothing-published]: could not match a client to 127.0.0.1:[ADAPTER]
      it is TDengine 3.3.7.5 oss; the server's edition is oss, and enterprise was asked for; the two do not mix
      next: get tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, then: taos-setup install --from tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      next: or connect over WebSocket, which needs no client: taos-setup init
    ");
    assert_eq!(mirror.requests().len(), 0);
}

#[test]
fn file_that_does_not_fit() {
    let (served, _) = served("3.3.7.5", &[]);
    let (path, _) = file(&served.context, &Package::new("3.3.6.13"));
    let adapter = served.sandbox.adapter();
    let args = [
        "--match",
        &adapter.to_string(),
        "--from",
        path.to_str().unwrap(),
    ];
    let run = install(&served.context, &args)
        .showing(adapter.port(), "ADAPTER")
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[nothing-published]: could not match a client to 127.0.0.1:[ADAPTER]
      it is TDengine 3.3.7.5 oss; the file's name says 3.3.6.13, which does not fit the server
      next: get tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz, then: taos-setup install --from tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      next: or connect over WebSocket, which needs no client: taos-setup init
    ");
}

#[test]
fn user_who_may_not_see_edition() {
    let served = Served::new(Options {
        users: vec![User {
            name: "t_low".into(),
            password: "Low-pass123".into(),
            sysinfo: false,
            createdb: false,
        }],
        ..Options::default()
    });
    let mirror = mirror([Package::new("3.3.7.5")]);
    let run = install_match(&served, &mirror, "3.3.7.5", &["--json"])
        .env("TAOS_USER", "t_low")
        .env("TAOS_PASSWORD", "Low-pass123")
        .run();
    let matched = &run.json()["data"]["match"];
    assert_eq!(
        (run.exit, &matched["edition_assumed"]),
        (Some(0), &true.into()),
        "{run}"
    );
    assert!(
        run.stderr
            .contains("t_low may not see the edition, so oss is assumed: --edition sets another"),
        "{run}"
    );
}

#[test]
fn refused_login_is_tried_once() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let run = install_match(&served, &mirror, "3.3.7.5", &[])
        .env("TAOS_PASSWORD", "hunter2-is-wrong")
        .run();
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    --- stderr
    error[auth-failed]: could not ask 127.0.0.1:[ADAPTER] for its version
      the server rejected the password of root: Authentication failure [0x0357]
      next: taos-setup verify 127.0.0.1:[ADAPTER]
    ");
    assert_eq!(served.sandbox.logins().refused, 1);
    assert_eq!(mirror.requests().len(), 0);
}

#[test]
fn missing_server_is_reported() {
    let Some(address) = unused_address("install --match: server that is not there") else {
        return;
    };
    let context = TestContext::new();
    let address = address.to_string();
    let run = install(&context, &["--match", &address])
        .showing(format!("'{address}'"), "ADDRESS")
        .showing(&address, "ADDRESS")
        .run();
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[tcp-refused]: could not ask [ADDRESS] for its version
      no program listens on [ADDRESS]: [ADDRESS] refused the connection
      next: taos-setup verify [ADDRESS]
    ");
    let run = install(&context, &["--match", &address, "--json"]).run();
    assert_eq!(run.json()["error"]["id"], "tcp-refused", "{run}");
}

#[cfg(unix)]
#[test]
fn matching_driver_needs_no_installation() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let folder = crate::support::served::install_driver(&served.context, "3.3.7.5");
    std::fs::rename(folder.join("libtaos.so"), folder.join("libtaos.so.3.3.7.5")).unwrap();
    std::os::unix::fs::symlink("libtaos.so.3.3.7.5", folder.join("libtaos.so")).unwrap();
    let run = install_match(&served, &mirror, "3.3.7.5", &[])
        .env("LD_LIBRARY_PATH", &folder)
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ok no installation needed: this machine has client 3.3.7.5, which fits 127.0.0.1:[ADAPTER] (3.3.7.5)
      driver    [ROOT]/driver/libtaos.so
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    next: taos-setup verify 127.0.0.1:[ADAPTER] --transport native
          taos-setup install 3.3.7.5    # installs a client for yourself
    ");
    assert!(!served.context.taos_setup_home().exists());
    // Another version is of no use.
    let (served, mirror) = crate::support::matching_server::served("3.3.6.13", &["3.3.6.13"]);
    let run = install_match(&served, &mirror, "3.3.6.13", &[])
        .env("LD_LIBRARY_PATH", &folder)
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(served.context.taos_setup_home().join("current").exists());
}

#[test]
fn another_platform_is_not_switched_to() {
    let context = TestContext::new();
    let package = Package {
        platform: "linux-arm64".into(),
        flaw: taos_sandbox::mirror::Flaw::WrongArchitecture,
        ..Package::new("3.3.7.5")
    };
    let (path, sha256) = file(&context, &package);
    let args = [
        "--from",
        path.to_str().unwrap(),
        "--platform",
        "linux-arm64",
        "--sha256",
        &sha256,
    ];
    let run = install(&context, &args).showing(&sha256, "SHA256").run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-arm64)
      in        [STORE]/clients/oss-3.3.7.5-linux-arm64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: lib/libtaos.so.3.3.7.5 needs glibc [GLIBC] on the machine that it is for
    note: the driver was not asked for its version: it is for linux-arm64
    note: this client is for linux-arm64; the current client of this machine does not change
    ");
    assert!(!context.taos_setup_home().join("current").exists());
}

#[test]
fn server_is_asked_over_websocket_only() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let url = format!("ws://{}", served.sandbox.adapter());
    let sha256 = crate::support::client_package::digest(&mirror, "3.3.7.5");
    let mirror = mirror.url();
    let args = [
        "--match", &url, "--mirror", &mirror, "--sha256", &sha256, "--json",
    ];
    let run = install(&served.context, &args).run();
    let matched = &run.json()["data"]["match"];
    assert_eq!(matched["edition"], "oss", "{run}");
    assert_eq!(
        config(&served, "oss-3.3.7.5-linux-x64"),
        "firstEp                   127.0.0.1:6030"
    );
}
