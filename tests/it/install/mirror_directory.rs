//! Installing what a mirror directory has.

use std::path::Path;

use crate::support::client_package::{install, mirror};
use crate::support::matching_server::served;
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;
use taos_sandbox::driver;
use taos_sandbox::mirror::{Era, Package, build, sha256};

/// Puts `package` at `path` in the directory `mirror` of the context, and gives the digest.
fn put(context: &TestContext, path: &str, package: &Package) -> String {
    let bytes = build(package, driver::built().unwrap()).unwrap();
    let path = context.work().join("mirror").join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, &bytes).unwrap();
    sha256(&bytes)
}

/// `install ARGS… --mirror mirror --sha256 DIGEST`.
fn install_from(context: &TestContext, digest: &str, args: &[&str]) -> Run {
    let mut words = args.to_vec();
    words.extend(["--mirror", "mirror", "--sha256", digest]);
    install(context, &words).showing(digest, "SHA256").run()
}

fn is_installed(context: &TestContext, client: &str) -> bool {
    let clients = context.taos_setup_home().join("clients");
    Path::new(&clients).join(client).is_dir()
}

#[test]
fn match_takes_exact_parts_that_catalog_lacks() {
    let (served, _) = served("3.2.2.2", &[]);
    let context = &served.context;
    let file = "TDengine-client-3.2.2.2-Linux-x64.tar.gz";
    let digest = put(context, file, &Package::new("3.2.2.2"));
    let adapter = served.sandbox.adapter();
    let words = ["--match", &adapter.to_string(), "--mirror", "mirror"];
    let run = install(context, &[&words[..], &["--sha256", &digest]].concat())
        .showing(adapter.port(), "ADAPTER")
        .showing(&digest, "SHA256")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.2.2.2 (oss, linux-x64)
      in        [STORE]/clients/oss-3.2.2.2-linux-x64
      from      TDengine-client-3.2.2.2-Linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: 127.0.0.1:[ADAPTER] is TDengine 3.2.2.2 oss: client 3.2.2.2 has the same four parts
    note: client 3.2.2.2 is not in the built-in catalog
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
}

#[test]
fn prefix_and_latest_mean_newest_in_directory() {
    for (asked, version) in [
        ("3.3", "3.3.7.5"),
        ("3.2.2", "3.2.2.2"),
        ("latest", "3.3.7.5"),
    ] {
        let context = TestContext::new();
        put(
            &context,
            "TDengine-client-3.2.2.1-Linux-x64.tar.gz",
            &Package::new("3.2.2.1"),
        );
        let old = put(
            &context,
            "TDengine-client-3.2.2.2-Linux-x64.tar.gz",
            &Package::new("3.2.2.2"),
        );
        let file = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
        let new = put(&context, file, &Package::new("3.3.7.5"));
        // Neither another platform's nor a Lite one is taken.
        put(
            &context,
            "tdengine-tsdb-oss-client-3.4.0.9-linux-arm64.tar.gz",
            &Package::new("3.4.0.9"),
        );
        put(
            &context,
            "tdengine-tsdb-oss-client-3.4.0.2-linux-x64-lite.tar.gz",
            &Package::new("3.4.0.2"),
        );
        let digest = if version == "3.3.7.5" { &new } else { &old };
        let run = install_from(&context, digest, &[asked]);
        assert_eq!(run.exit, Some(0), "{run}");
        let wanted = match asked {
            "latest" => String::new(),
            asked => format!(" for {asked}"),
        };
        let note = format!("note: client {version} is the newest{wanted} in mirror\n");
        assert!(run.stderr.starts_with(&note), "{run}");
        assert!(
            is_installed(&context, &format!("oss-{version}-linux-x64")),
            "{run}"
        );
    }
}

#[test]
fn file_in_unexpected_place_is_found() {
    let places = [
        "assets-download/3.0/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
        "tdengine-tsdb-oss/3.3.7.0/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
        "tdengine-tsdb-oss/3.3.7.5/TDengine-client-3.3.7.5-Linux-x64.tar.gz",
        "clients/2025/TDengine-client-3.3.7.5-Linux-x64.tar.gz",
    ];
    for place in places {
        let context = TestContext::new();
        let digest = put(&context, place, &Package::new("3.3.7.5"));
        let run = install_from(&context, &digest, &["3.3.7.5"]);
        assert_eq!(run.exit, Some(0), "{place}: {run}");
    }
    // A spelling of another era, and of a version that the catalog does not have.
    let context = TestContext::new();
    let package = Package {
        era: Some(Era::Tsdb),
        ..Package::new("3.2.2.2")
    };
    let file = "tdengine-tsdb-oss-client-3.2.2.2-linux-x64.tar.gz";
    let digest = put(&context, file, &package);
    let run = install_from(&context, &digest, &["3.2.2.2"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        run.stderr
            .contains("note: client 3.2.2.2 is not in the built-in catalog\n"),
        "{run}"
    );
}

#[test]
fn directory_without_fitting_client_is_named() {
    let context = TestContext::new();
    let file = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
    let digest = put(&context, file, &Package::new("3.3.7.5"));
    assert_snapshot!(install_from(&context, &digest, &["3.2"]), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-published]: could not choose a client for version 3.2
      mirror has no oss client 3.2 for linux-x64
      next: taos-setup list --available --mirror mirror    # lists what the mirror has
    ");
    // A newer client than the server is not taken.
    let (served, _) = served("3.3.7.4", &[]);
    put(&served.context, file, &Package::new("3.3.7.5"));
    let adapter = served.sandbox.adapter();
    let run = install(
        &served.context,
        &["--match", &adapter.to_string(), "--mirror", "mirror"],
    )
    .showing(adapter.port(), "ADAPTER")
    .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[nothing-published]: could not match a client to 127.0.0.1:[ADAPTER]
      it is TDengine 3.3.7.4 oss; mirror has no client of 3.3.7 that is not newer than the server
      next: get tdengine-tsdb-oss-client-3.3.7.4-linux-x64.tar.gz, then: taos-setup install --from tdengine-tsdb-oss-client-3.3.7.4-linux-x64.tar.gz
      next: or connect over WebSocket, which needs no client: taos-setup init
    ");
}

#[test]
fn dry_run_names_the_file_that_would_be_used() {
    let context = TestContext::new();
    let place = "tdengine-tsdb-oss/3.3.7.5/TDengine-client-3.3.7.5-Linux-x64.tar.gz";
    let digest = put(&context, place, &Package::new("3.3.7.5"));
    let run = install_from(&context, &digest, &["3", "--dry-run", "--json"]);
    let data = &run.json()["data"];
    assert_eq!(data["client"]["version"], "3.3.7.5", "{run}");
    assert_eq!(data["from"][0], format!("mirror/{place}"), "{run}");
    assert_eq!(data["checks"]["state"], "found", "{run}");
}

#[test]
fn list_shows_what_mirror_has() {
    let context = TestContext::new();
    put(
        &context,
        "TDengine-client-3.2.2.2-Linux-x64.tar.gz",
        &Package::new("3.2.2.2"),
    );
    put(
        &context,
        "a/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
        &Package::new("3.3.7.5"),
    );
    let words = [
        "list",
        "--available",
        "--mirror",
        "mirror",
        "--platform",
        "linux-x64",
    ];
    assert_snapshot!(context.program(words).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   TRUST
      3.3.7.5  oss      linux-x64  none
      3.2.2.2  oss      linux-x64  none
    --- stderr
    note: * is installed; trust: digest, the catalog has its SHA-256; vendor-list, the vendor publishes size and MD5; none, it needs --sha256 or --trust-on-first-use
    note: not in the built-in catalog: 3.2.2.2
    ");
    let json = context
        .program(words.iter().chain(&["--json"]))
        .run()
        .json();
    assert_eq!(json["data"]["mirror"], "mirror");
    assert_eq!(json["data"]["available"][1]["known"], false);
    let words = [
        "list",
        "--available",
        "--mirror",
        "mirror",
        "--platform",
        "macos-x64",
    ];
    assert_snapshot!(context.program(words).run(), @"
    exit 0
    --- stdout
    --- stderr
    mirror has no client for macos-x64
    ");
    // The same from an address without an index.
    let mirror = mirror([Package::new("3.3.7.5"), Package::new("3.4.2.5")]);
    let url = mirror.url();
    let words = [
        "list",
        "--available",
        "--mirror",
        &url,
        "--platform",
        "linux-x64",
    ];
    let run = context.program(words).showing(&url, "MIRROR").run();
    let versions: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(versions, ["VERSION", "3.4.2.5", "3.3.7.5"], "{run}");
}
