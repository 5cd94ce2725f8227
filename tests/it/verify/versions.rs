//! The connectors that the project in the current folder pins, against the server that was met.

use std::fs;

use crate::support::program::Run;
use crate::support::served::{Served, findings};
use insta::assert_snapshot;
use taos_sandbox::server::Options;

/// `verify ARGS…` in a project that consists of `files`, against a server of `version`.
fn verify(version: &str, files: &[(&str, &str)], args: &[&str]) -> Run {
    let served = Served::new(Options {
        version: version.into(),
        ..Options::default()
    });
    for (name, text) in files {
        fs::write(served.context.work().join(name), text).unwrap();
    }
    served
        .verify_adapter(args)
        .env("TAOS_PASSWORD", "taosdata")
        .run()
}

fn verdict(run: &Run) -> &str {
    run.stdout.split("\n\n").nth(1).unwrap_or_default()
}

const GO: (&str, &str) = (
    "go.mod",
    "module m\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n",
);

#[test]
fn fitting_connector_is_not_mentioned() {
    let run = verify("3.3.7.5", &[GO], &["--transport", "ws,rest", "--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn connector_that_refuses_an_old_server() {
    let run = verify("3.2.2.2", &[GO], &["--transport", "ws"]);
    assert_eq!(run.exit, Some(12), "{run}");
    assert_snapshot!(verdict(&run), @"
    error[connector-too-new]: go.mod pins github.com/taosdata/driver-go/v3 v3.7.8, which refuses a server as old as 3.2.2.2 (over ws)
      observed: go.mod: github.com/taosdata/driver-go/v3 v3.7.8, server 3.2.2.2 over ws
      expected: github.com/taosdata/driver-go/v3 v3.5.5
      cause:    From v3.7.0 on taosWS refuses older servers: Version mismatch. The minimum required TDengine version is 3.3.6.0.
      fix:      go get github.com/taosdata/driver-go/v3@v3.5.5    # in go.mod: github.com/taosdata/driver-go/v3 v3.5.5 works with this server; or upgrade the server to 3.3.6.0 or later
    ");
    // Over REST it works: no more than a warning.
    let run = verify("3.2.2.2", &[GO], &["--transport", "ws,rest", "--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(0), vec!["connector-too-new".to_owned()]),
        "{run}"
    );
    assert_eq!(run.json()["findings"][0]["severity"], "warning");
}

#[test]
fn two_packages_are_two_findings() {
    let pom = "<project><artifactId>a</artifactId><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>3.7.9</version></dependency></dependencies></project>";
    let node = r#"{"dependencies": {"@tdengine/websocket": "3.2.1"}}"#;
    let run = verify(
        "3.2.2.2",
        &[GO, ("pom.xml", pom), ("package.json", node)],
        &["--transport", "ws,rest", "--json"],
    );
    assert_eq!(run.exit, Some(12), "{run}");
    let json = run.json();
    let seen: Vec<String> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["severity"].as_str().unwrap(),
                finding["id"].as_str().unwrap(),
                finding["fix"]
                    .as_str()
                    .unwrap()
                    .split(" # ")
                    .next()
                    .unwrap()
                    .trim()
            )
        })
        .collect();
    assert_snapshot!(seen.join("\n"), @"
    error connector-too-new npm install @tdengine/websocket@3.1.0
    warning connector-too-new go get github.com/taosdata/driver-go/v3@v3.5.5
    warning connector-too-new <version>3.2.8</version>
    ");
}

#[test]
fn rust_with_a_tokio_that_breaks_it() {
    let lock = "version = 4\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n\n[[package]]\nname = \"tokio\"\nversion = \"1.54.1\"\n";
    let run = verify("3.3.7.5", &[("Cargo.lock", lock)], &["--transport", "ws"]);
    assert_eq!(run.exit, Some(12), "{run}");
    assert_snapshot!(verdict(&run), @r#"
    error[connector-broken]: Cargo.lock pins taos 0.12.3, which does not work (over ws)
      observed: Cargo.lock: taos 0.12.3, server 3.3.7.5 over ws
      expected: tokio = ">=1.40, <1.54"
      cause:    taos 0.12.3 panics over WebSocket with tokio 1.54 and later, on every server that answers: capacity must be greater than zero.
      fix:      tokio = ">=1.40, <1.54"    # in Cargo.toml
    "#);
    let lock = lock.replace("1.54.1", "1.53.3");
    let run = verify(
        "3.3.7.5",
        &[("Cargo.lock", &lock)],
        &["--transport", "ws", "--json"],
    );
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn package_that_is_no_longer_kept_up() {
    let node = r#"{"dependencies": {"td2.0-connector": "^2.0.12"}}"#;
    let run = verify(
        "3.3.7.5",
        &[("package.json", node)],
        &["--transport", "ws,rest"],
    );
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(verdict(&run), @"
    warning[connector-deprecated]: package.json uses td2.0-connector, which is no longer maintained (over ws)
      observed: package.json: td2.0-connector 2.0.12, server 3.3.7.5 over ws
      expected: @tdengine/websocket 3.2.1
      cause:    it is for TDengine 2 and builds only on Node.js 10 and 12; use @tdengine/websocket
      fix:      npm install @tdengine/websocket@3.2.1    # in package.json, instead of td2.0-connector
    ");
}

#[test]
fn unreadable_manifest_is_a_note() {
    let run = verify(
        "3.3.7.5",
        &[("package.json", "{"), ("pyproject.toml", "=")],
        &["--transport", "rest"],
    );
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(run.stderr, @"
    note: package.json is skipped: line 1: it is not JSON
    note: pyproject.toml is skipped: line 1: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
    ");
}

#[test]
fn named_transport_that_ends_for_the_project_is_a_note() {
    let note = "note: the vendor ends REST connections of Go on 2027-01-01";
    let rest = verify("3.3.7.5", &[GO], &["--transport", "rest"]);
    assert!(rest.stderr.contains(note), "{rest}");
    for args in [&["--transport", "ws"][..], &[]] {
        let run = verify("3.3.7.5", &[GO], args);
        assert!(!run.stderr.contains("2027"), "{run}");
    }
}
