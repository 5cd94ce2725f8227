//! A clock that is wrong and a zone that is mixed up look alike, and are distinguished.

use crate::support::program::Run;
use crate::support::served::{Served, findings, with_data};
use insta::assert_snapshot;
use taos_sandbox::data_faults::DataFaults;

/// `verify --write` over ws and rest on a machine in `zone`.
fn verify(served: &Served, zone: &str, args: &[&str]) -> Run {
    let args = [&["--transport", "ws,rest", "--write"], args].concat();
    served
        .verify_adapter(&args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("TZ", zone)
        .run()
}

fn verdict(run: &Run) -> &str {
    run.stdout.split("\n\n").nth(1).unwrap_or_default()
}

const HOUR: i64 = 3_600_000;

#[test]
fn servers_clock_is_an_hour_and_a_half_ahead() {
    let served = with_data(DataFaults {
        clock_ms: HOUR + 1_863_000,
        ..DataFaults::default()
    });
    let run = verify(&served, "UTC", &["--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(0), vec!["clock-skew".to_owned()]),
        "{run}"
    );
    let finding = &run.json()["findings"][0];
    assert_eq!(finding["severity"], "warning");
    assert!(
        finding["summary"].as_str().unwrap().contains("1 h 31 min"),
        "{finding}"
    );
    assert!(
        !finding["cause"].as_str().unwrap().contains("zone"),
        "{finding}"
    );
}

#[test]
fn clock_that_was_set_to_local_time() {
    let served = with_data(DataFaults {
        clock_ms: 8 * HOUR,
        ..DataFaults::default()
    });
    let run = verify(&served, "UTC", &["--json"]);
    assert_eq!(findings(&run), ["clock-skew"], "{run}");
    let cause = run.json()["findings"][0]["cause"].to_string();
    assert!(cause.contains("whole zone offset"), "{cause}");
}

#[test]
fn small_differences_are_no_finding() {
    let served = with_data(DataFaults {
        clock_ms: -4000,
        ..DataFaults::default()
    });
    let run = verify(&served, "UTC", &["--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn instant_that_comes_back_shifted() {
    let served = with_data(DataFaults {
        shift_ms: 8 * HOUR,
        ..DataFaults::default()
    });
    let run = verify(&served, "UTC", &[]);
    assert_eq!(run.exit, Some(14), "{run}");
    assert_snapshot!(verdict(&run), @"
    error[timezone-shift]: times come back shifted by 8 h (over ws, rest)
      observed: the time comes back 8 h later
      expected: the same row read back
      cause:    A time that was written with its zone comes back a whole zone offset too early or too late: server and client use different time zones for writing and reading. The clocks are not the cause.
      fix:      timezone UTC    # in /etc/taos/taos.cfg of the server and of every client; TZ=UTC for containers and taosAdapter; then restart them
    ");
}

#[test]
fn instant_that_comes_back_wrong() {
    let served = with_data(DataFaults {
        shift_ms: 1234,
        ..DataFaults::default()
    });
    let run = verify(&served, "UTC", &["--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(14), vec!["read-mismatch".to_owned()]),
        "{run}"
    );
}

#[test]
fn server_in_another_zone_reads_times_without_one_otherwise() {
    let served = with_data(DataFaults {
        zone: Some("Asia/Shanghai".into()),
        ..DataFaults::default()
    });
    let run = verify(&served, "UTC", &[]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(verdict(&run), @"
    note[timezone-shift]: times without a zone are read 8 h off on the server (over ws, rest)
      observed: a row was written and read back; the server reads a time without a zone 8 h earlier than this machine
      expected: the same meaning of times without a zone on both sides
      cause:    Times written as text without a zone are read in the time zone of the server (over native, of taos.cfg or TZ here), which is not this machine's. Times with a zone, and numbers, are correct.
      fix:      INSERT INTO t VALUES ('2026-01-31T12:00:00+08:00', …)    # write times with their zone, or as a number; or give server and client the same zone: timezone UTC in taos.cfg, TZ in the environment
    ");
    let same = verify(&served, "Asia/Shanghai", &["--json"]);
    assert_eq!((same.exit, findings(&same)), (Some(0), vec![]), "{same}");
}
