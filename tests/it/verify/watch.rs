//! `--every`.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::Value;
use taos_sandbox::faults::{BackendDown, Faults};
use taos_sandbox::server::{Options, User};

use crate::support::served::{Served, backend};

#[test]
fn change_has_a_line_and_the_end_has_figures() {
    let served = Served::healthy();
    let mut command = served
        .verify_adapter(&[
            "--transport",
            "ws",
            "--every",
            "100ms",
            "--for",
            "30s",
            "--timeout",
            "1s",
            "--json",
            "--report",
            "a.prom",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .into_command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["event"], "up");
    served
        .sandbox
        .set_faults(backend(BackendDown::Fresh, std::time::Duration::ZERO));
    let down = next();
    assert_eq!(
        (&down["event"], &down["finding"]),
        (&"down".into(), &"adapter-backend-down".into()),
        "{down}"
    );
    served.sandbox.set_faults(Faults::default());
    let up = next();
    assert_eq!(up["event"], "up", "{up}");
    assert!(up["outage_ms"].as_u64().is_some(), "{up}");
    #[cfg(unix)]
    {
        crate::support::program::send(rustix::process::Signal::INT, &child);
        let summary = next();
        assert_eq!(
            (&summary["event"], &summary["interrupted"]),
            (&"summary".into(), &true.into())
        );
        assert_eq!(summary["transports"][0]["outages"], 1, "{summary}");
        assert!(
            summary["transports"][0]["p95_ms"].as_u64().is_some(),
            "{summary}"
        );
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let metrics = std::fs::read_to_string(served.context.work().join("a.prom")).unwrap();
        assert!(metrics.contains("taos_setup_verify_up"), "{metrics}");
    }
    #[cfg(not(unix))]
    {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn rejected_login_is_not_sent_again() {
    let served = Served::new(Options {
        users: vec![User {
            name: "root".to_owned(),
            password: "another".to_owned(),
            sysinfo: true,
            createdb: true,
        }],
        ..Options::default()
    });
    let run = served
        .verify_adapter(&[
            "--transport",
            "ws,rest",
            "--every",
            "100ms",
            "--for",
            "1s",
            "--quiet",
        ])
        .env("TAOS_PASSWORD", "wrong")
        .run();
    assert_eq!(run.exit, Some(11), "{run}");
    assert_eq!(served.sandbox.logins().refused, 1);
    let shown: Vec<&str> = run
        .stdout
        .lines()
        .take(2)
        .filter_map(|line| line.split_once("Z "))
        .map(|(_, rest)| rest)
        .collect();
    assert_snapshot!(shown.join("\n").replace(&served.sandbox.adapter().port().to_string(), "[ADAPTER]"), @"
    ✗ 127.0.0.1:[ADAPTER]  ws fails: the server rejected the password of root (auth-failed)
    ✗ 127.0.0.1:[ADAPTER]  rest fails: the server rejected the password of root (auth-failed)
    ");
}

#[test]
fn gone_reader_ends_the_watch() {
    let served = Served::healthy();
    let mut command = served
        .verify_adapter(&["--transport", "ws", "--every", "100ms", "--for", "10m"])
        .env("TAOS_PASSWORD", "taosdata")
        .into_command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = [0];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    served
        .sandbox
        .set_faults(backend(BackendDown::Fresh, std::time::Duration::ZERO));
    assert!(child.wait().unwrap().code().is_some());
}
