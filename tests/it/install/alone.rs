//! `install` with nothing said: the server that is found decides.

use crate::support::client_package::{digest, install, mirror};
use crate::support::matching_server::served;
use crate::support::program::TestContext;
use crate::support::unused_address::unused_address;
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

#[test]
fn server_in_taos_host_is_matched() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5", "3.4.2.5"]);
    let adapter = served.sandbox.adapter();
    let (url, sha256) = (mirror.url(), digest(&mirror, "3.3.7.5"));
    let run = install(&served.context, &["--mirror", &url, "--sha256", &sha256])
        .env("TAOS_HOST", adapter.to_string())
        .showing(adapter.port(), "ADAPTER")
        .showing(&sha256, "SHA256")
        .run();
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
    note: no version given: installing the client for 127.0.0.1:[ADAPTER] (from TAOS_HOST)
    note: 127.0.0.1:[ADAPTER] is TDengine 3.3.7.5 oss: client 3.3.7.5 has the same four parts
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
}

#[test]
fn first_ep_of_taos_cfg_is_matched() {
    let (served, mirror) = served("3.3.6.13", &["3.3.6.13"]);
    let config = served.context.root().join("etc");
    std::fs::create_dir(&config).unwrap();
    let adapter = served.sandbox.adapter();
    std::fs::write(config.join("taos.cfg"), format!("firstEp {adapter}\n")).unwrap();
    let (url, sha256) = (mirror.url(), digest(&mirror, "3.3.6.13"));
    let run = install(&served.context, &["--mirror", &url, "--sha256", &sha256])
        .env("TAOS_CONFIG_DIR", &config)
        .showing(adapter.port(), "ADAPTER")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        run.stderr.contains("note: no version given: installing the client for 127.0.0.1:[ADAPTER] (firstEp of [ROOT]/etc/taos.cfg)\n"),
        "{run}"
    );
    assert!(
        served
            .context
            .taos_setup_home()
            .join("clients/oss-3.3.6.13-linux-x64")
            .is_dir()
    );
}

#[test]
fn without_server_newest_release_is_installed() {
    let Some(address) = unused_address("install alone: no server") else {
        return;
    };
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5"), Package::new("3.4.2.5")]);
    let (url, sha256) = (mirror.url(), digest(&mirror, "3.4.2.5"));
    let run = install(&context, &["--mirror", &url, "--sha256", &sha256])
        .env("TAOS_HOST", address.to_string())
        .showing(&url, "MIRROR")
        .showing(format!("'{address}'"), "ADDRESS")
        .showing(address, "ADDRESS")
        .showing(&sha256, "SHA256")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.4.2.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.4.2.5-linux-x64
      from      tdengine-tsdb-oss-client-3.4.2.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: no version given, and [ADDRESS] did not give its own (from TAOS_HOST: no program listens on [ADDRESS]: [ADDRESS] refused the connection); installing the newest stable client: taos-setup install --match HOST installs the one for your server
    note: client 3.4.2.5 is the newest in [MIRROR]
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
}

#[test]
fn rejected_login_ends_it() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let adapter = served.sandbox.adapter();
    let run = install(&served.context, &["--mirror", &mirror.url()])
        .env("TAOS_HOST", adapter.to_string())
        .env("TAOS_PASSWORD", "not-the-password")
        .showing(adapter.port(), "ADAPTER")
        .run();
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    --- stderr
    error[auth-failed]: could not ask 127.0.0.1:[ADAPTER] for its version
      the server rejected the password of root: Authentication failure [0x0357]
      next: taos-setup verify 127.0.0.1:[ADAPTER]
      next: set TAOS_USER and TAOS_PASSWORD to a user of that server
      next: taos-setup install latest    # the newest client, whatever the server is
    ");
    assert_eq!(served.sandbox.logins().refused, 1);
    assert_eq!(mirror.requests().len(), 0);
}

#[test]
fn dry_run_shows_the_same_choice() {
    let (served, mirror) = served("3.3.7.5", &["3.3.7.5"]);
    let adapter = served.sandbox.adapter();
    let run = install(
        &served.context,
        &["--mirror", &mirror.url(), "--dry-run", "--json"],
    )
    .env("TAOS_HOST", adapter.to_string())
    .run();
    let data = &run.json()["data"];
    assert_eq!(data["client"]["version"], "3.3.7.5", "{run}");
    assert_eq!(data["match"]["version"], "3.3.7.5", "{run}");
    assert!(!served.context.taos_setup_home().join("clients").exists());
}

/// In a network namespace of its own nothing listens on localhost, whatever this machine runs.
#[cfg(target_os = "linux")]
#[test]
fn localhost_is_asked_if_nothing_names_a_server() {
    let unshare = |words: &[&str]| {
        let mut command = std::process::Command::new("unshare");
        command
            .args(words)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let forms: [&[&str]; 2] = [&["-n"], &["-r", "-n"]];
    let Some(form) = forms
        .into_iter()
        .find(|form| unshare(&[*form, &["true"]].concat()))
    else {
        crate::support::skipped::report("install alone: localhost", "no network namespace");
        return;
    };
    let context = TestContext::new();
    let folder = context.work().join("mirror");
    let packages = [Package::new("3.3.7.5")];
    let driver = taos_sandbox::driver::built().unwrap();
    taos_sandbox::mirror::write_folder(&folder, &packages, driver).unwrap();
    let program = env!("CARGO_BIN_EXE_taos-setup");
    let words = [
        program,
        "install",
        "--mirror",
        "mirror",
        "--trust-on-first-use",
    ];
    let run = context
        .start("unshare", form.iter().chain(&words))
        .env("TAOS_SETUP_NO_PROGRESS", "1")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        run.stderr
            .contains("localhost did not give its own (no other server is named: "),
        "{run}"
    );
    assert!(
        context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64")
            .is_dir(),
        "{run}"
    );
}
