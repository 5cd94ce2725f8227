//! `--wait`: until a real query works, or waiting is in vain.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::served::{Served, backend, findings};
use insta::assert_snapshot;
use taos_sandbox::data_faults::Writes;
use taos_sandbox::faults::{BackendDown, Faults, Listener};
use taos_sandbox::sql::SqlError;

/// Starts `verify --wait 60s`, waits until it says that it waits, lets `change` change the server, and gives the exit code and
/// what it said on stdout.
fn changed(served: &Served, change: impl FnOnce()) -> (Option<i32>, String) {
    let args = ["--transport", "ws,rest", "--timeout", "1s"];
    changed_with(served, &args, change)
}

/// The same with other arguments.
fn changed_with(served: &Served, args: &[&str], change: impl FnOnce()) -> (Option<i32>, String) {
    let args: Vec<_> = args
        .iter()
        .chain(&["--wait", "60s", "--json"])
        .copied()
        .collect();
    let mut child = served
        .verify_adapter(&args)
        .env("TAOS_PASSWORD", "taosdata")
        .into_command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reported = String::new();
    BufReader::new(child.stderr.as_mut().unwrap())
        .read_line(&mut reported)
        .unwrap();
    assert!(reported.contains("is not ready"), "{reported}");
    change();
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn server_that_comes_up_ends_the_wait() {
    for fault in [
        Faults {
            adapter: Listener::ClosesAtOnce,
            ..Faults::default()
        },
        backend(BackendDown::Fresh, Duration::from_millis(20)),
        backend(BackendDown::Pooled, Duration::from_millis(20)),
    ] {
        let served = Served::with_faults(fault);
        let begun = Instant::now();
        let (exit, stdout) = changed(&served, || served.sandbox.set_faults(Faults::default()));
        assert_eq!(exit, Some(0), "{stdout}");
        let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(document["findings"], serde_json::json!([]));
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn new_server_without_a_ready_dnode_is_waited_for() {
    let refusing = |code, text| {
        let mut faults = Faults::default();
        faults.data.refuse = Some((Writes::Database, SqlError::new(code, text)));
        Served::with_faults(faults)
    };
    let args = ["--transport", "rest", "--write", "--timeout", "300ms"];
    let served = refusing(820, "Out of dnodes");
    let (exit, stdout) = changed_with(&served, &args, || {
        served.sandbox.set_faults(Faults::default());
    });
    assert_eq!(exit, Some(0), "{stdout}");
    // A full one stays full.
    let served = refusing(954, "Vnodes exhausted");
    let mut full = args.to_vec();
    full.extend(["--wait", "60s"]);
    let run = served
        .verify_adapter(&full)
        .env("TAOS_PASSWORD", "taosdata");
    let begun = Instant::now();
    assert_eq!(run.run().exit, Some(14));
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn rejected_login_ends_it_at_once_and_is_not_repeated() {
    let served = Served::healthy();
    let begun = Instant::now();
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--wait", "60s", "--json"])
        .env("TAOS_PASSWORD", "wrong")
        .run();
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["auth-failed".to_owned()], Some(11)),
        "{run}"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(served.sandbox.logins().refused, 1);
}

#[test]
fn login_that_is_rejected_later_is_tried_once_too() {
    let served = Served::with_faults(Faults {
        adapter: Listener::ClosesAtOnce,
        ..Faults::default()
    });
    let (exit, stdout) = changed(&served, || {
        served.sandbox.set_faults(Faults {
            reject_logins: Some(SqlError::new(0x0315, "User is disabled")),
            ..Faults::default()
        });
    });
    assert_eq!(exit, Some(11), "{stdout}");
    assert!(stdout.contains("user-locked"), "{stdout}");
    assert_eq!(served.sandbox.logins().refused, 1);
}

#[test]
fn time_is_up() {
    let served = Served::with_faults(Faults {
        adapter: Listener::ClosesAtOnce,
        ..Faults::default()
    });
    let begun = Instant::now();
    let run = served
        .verify_adapter(&["--transport", "rest", "--wait", "1s"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       the connection is closed without an answer ([ms])

    error[closed-early]: 127.0.0.1:[ADAPTER] closes the connection (over rest)
      observed: the connection is closed without an answer
      expected: an answer of taosAdapter
      cause:    The connection is accepted and then closed: a load balancer or port forwarding without a running server behind it, a server that is starting or stopping, or another program that closes on a request that it does not understand (PostgreSQL does).
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; behind a proxy or docker -p, check where it forwards to
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    note: 127.0.0.1:[ADAPTER] is not ready [closed-early]: the connection is closed without an answer; retrying for up to [ms]
    ");
}

#[test]
fn other_causes_that_waiting_cannot_mend_end_it_too() {
    let served = Served::healthy();
    let begun = Instant::now();
    for url in [
        format!("https://{}", served.sandbox.adapter()),
        format!("http://{}", served.sandbox.native()),
    ] {
        let run = served
            .verify(&url, &["--wait", "60s"])
            .env("TAOS_PASSWORD", "taosdata")
            .run();
        assert!(matches!(run.exit, Some(10 | 12)), "{run}");
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn server_listed_as_offline_by_itself_ends_the_wait_without_findings() {
    let served = Served::with_faults(Faults {
        adapter: Listener::ClosesAtOnce,
        ..Faults::default()
    });
    let mut offline = vec![format!("127.0.0.1:{}", served.sandbox.native().port())];
    offline.extend(served.sandbox.state().dnode_endpoints());
    let (exit, stdout) = changed(&served, || {
        served.sandbox.set_faults(Faults {
            data: taos_sandbox::data_faults::DataFaults {
                offline,
                ..taos_sandbox::data_faults::DataFaults::default()
            },
            ..Faults::default()
        });
    });
    assert_eq!(exit, Some(0), "{stdout}");
    let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(document["findings"], serde_json::json!([]));
}
