//! `verify --bench`: every transport that works is measured, only on a server that the command line names, and nothing is left on it.

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::Value;
use taos_sandbox::data_faults::{DataFaults, Writes};
use taos_sandbox::faults::Faults;
use taos_sandbox::sql::SqlError;

use crate::support::program::{Program, TestContext};
use crate::support::served::{Served, findings, install_driver, with_data};

/// `verify --bench ARGS…` as root.
fn bench<'a>(served: &'a Served, args: &[&str]) -> Program<'a> {
    let args = [&["--bench"], args].concat();
    served
        .verify_adapter(&args)
        .env("TAOS_PASSWORD", "taosdata")
}

/// The databases that this program made and did not drop.
fn databases(served: &Served) -> Vec<String> {
    let state = served.sandbox.state();
    let mut session = state.login("root", "taosdata", "").unwrap();
    let sql = "select name from information_schema.ins_databases";
    let answer = format!("{:?}", state.execute(&mut session, sql).unwrap());
    let words = answer.split('"');
    let ours = words.filter(|word| word.starts_with("taos_setup"));
    ours.map(str::to_owned).collect()
}

/// `text` with `#` for every number, and without the padding.
fn without_figures(text: &str) -> String {
    let is_figure = |word: &str| {
        word.bytes()
            .all(|b| b.is_ascii_digit() || b",.%".contains(&b))
    };
    let line = |line: &str| {
        let words = line.split_whitespace();
        let words: Vec<&str> = words
            .map(|word| if is_figure(word) { "#" } else { word })
            .collect();
        words.join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The figure at `path` of a load.
fn figure(load: &Value, path: &str) -> u64 {
    let figure = load.pointer(path).and_then(Value::as_u64);
    figure.unwrap_or_else(|| panic!("{path}: {load:#}"))
}

#[test]
fn all_transports_are_measured_and_nothing_is_left() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let args = [
        "--write",
        "--duration",
        "2s",
        "--connections",
        "1",
        "--json",
    ];
    let begun = Instant::now();
    let run = bench(&served, &args).env("LD_LIBRARY_PATH", folder).run();
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{run}");
    assert_eq!(databases(&served), Vec::<String>::new());
    let json = run.json();
    let figures = &json["data"]["targets"][0]["bench"];
    let transports = figures["transports"].as_array().unwrap();
    let names: Vec<&str> = transports
        .iter()
        .map(|it| it["transport"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ws", "rest", "native"], "{figures:#}");
    for transport in transports {
        let load = &transport["loads"][0];
        // The stand-in may be too slow for the last step's share of the time.
        let is_last = transport["transport"] == "native";
        let fetched = !load["fetch"].is_null();
        assert!(fetched || is_last, "{load:#}");
        assert_eq!(
            load["query"]["sql"],
            "select count(*) from information_schema.ins_dnodes"
        );
        let (p50, p99) = (figure(load, "/query/p50_us"), figure(load, "/query/p99_us"));
        assert!(
            p50 > 0 && p50 <= figure(load, "/query/p95_us") && p99 >= p50,
            "{load:#}"
        );
        if fetched {
            assert_eq!(load["fetch"]["source"], "temporary_table", "{load:#}");
        }
        for rows in ["/insert", "/fetch"]
            .into_iter()
            .take(1 + usize::from(fetched))
        {
            let count = figure(load, &format!("{rows}/rows"));
            // Whole batches are written; a fetch may end with any part of an answer.
            assert!(rows == "/fetch" || count.is_multiple_of(2000), "{load:#}");
            let rate = count * 1_000_000 / figure(load, &format!("{rows}/us"));
            assert_eq!(rate, figure(load, &format!("{rows}/rows_per_second")));
        }
        assert!(figure(load, "/connect/count") > 1, "{load:#}");
    }
    assert!(
        figures["advice"]["text"]
            .as_str()
            .unwrap()
            .contains("WebSocket"),
        "{figures:#}"
    );
}

#[test]
fn many_connections_read_system_tables() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let args = ["--duration", "1s", "--connections", "3"];
    let run = bench(&served, &args).env("LD_LIBRARY_PATH", folder).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let (_, table) = run.stdout.split_once("\n\n").unwrap();
    let (table, _) = table.split_once("advice:").unwrap();
    assert_snapshot!(without_figures(table), @"
    transport connections connect query p50 p95 p99 fetch rows/s
    ws # # ms # ms # ms # ms #
    ws # # ms # ms # ms # ms #
    rest # # ms # ms # ms # ms #
    rest # # ms # ms # ms # ms #
    native # # ms # ms # ms # ms #
    native # # ms # ms # ms # ms #
    fetch: the list of system tables, read repeatedly, # rows for each statement; --write measures larger results
    ");
    assert_snapshot!(run.stderr, @"note: load on 127.0.0.1:[ADAPTER], for at most 1 s: up to 3 connections, queries without a pause, fetches of 100000 rows on each connection; nothing is written");
}

#[test]
fn only_one_named_server_is_measured() {
    let context = TestContext::new();
    let usage = |args: &[&str]| {
        let words = [&["verify"], args].concat();
        let run = context.program(words).env("TAOS_HOST", "db.example").run();
        assert_eq!(run.exit, Some(2), "{run}");
        run.stderr
    };
    assert_snapshot!(usage(&["--bench"]), @"
    error[usage]: could not measure transports
      no server is named on the command line, and --bench puts load on it
      next: taos-setup verify HOST --bench    # the server to measure
    ");
    // Not even where a file names only one.
    std::fs::write(context.work().join("servers.txt"), "db.example\n").unwrap();
    assert!(usage(&["@servers.txt", "--bench"]).contains("an inventory is given"));
    assert_snapshot!(usage(&["a:6041", "b:6041", "--bench"]), @"
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[usage]: could not measure transports
      the command line names 2 servers, and --bench measures one
      next: taos-setup verify HOST --bench    # the server to measure
    ");
    assert_snapshot!(usage(&["db", "--bench", "--report", "x.html"]), @"
    error: the argument '--bench' cannot be used with '--report <FILE>'

    Usage: taos-setup verify --bench <TARGET>...

    For more information, try '--help'.
    ");
    assert_snapshot!(usage(&["db", "--bench", "--duration", "20m"]), @"
    error: invalid value '20m' for '--duration <DURATION>': expected a duration from 1s to 10m

    For more information, try '--help'.
    ");
    assert_snapshot!(usage(&["db", "--connections", "4"]), @"
    error: the following required arguments were not provided:
      --bench

    Usage: taos-setup verify --bench --connections <N> <TARGET>...

    For more information, try '--help'.
    ");
}

#[test]
fn refused_insert_and_missing_library_leave_figures() {
    let served = with_data(DataFaults {
        refuse: Some((Writes::Insert, SqlError::new(0x2603, "Out of disk space"))),
        ..DataFaults::default()
    });
    let args = [
        "--write",
        "--duration",
        "1s",
        "--connections",
        "1",
        "--json",
    ];
    let args = [&args[..], &["--transport", "rest,native"]].concat();
    let run = bench(&served, &args).run();
    let expected = vec!["write-failed".to_owned(), "library-missing".to_owned()];
    assert_eq!((run.exit, findings(&run)), (Some(14), expected), "{run}");
    let json = run.json();
    let load = &json["data"]["targets"][0]["bench"]["transports"][0]["loads"][0];
    assert!(figure(load, "/query/count") > 0, "{load:#}");
    assert_eq!(
        (&load["insert"], &load["reason"]),
        (&Value::Null, &"null was not measured".into())
    );
    assert_eq!(databases(&served), Vec::<String>::new());
}

#[test]
fn rejected_login_is_tried_once_and_nothing_is_measured() {
    let served = Served::with_faults(Faults {
        reject_logins: Some(SqlError::new(0x357, "Authentication failure")),
        ..Faults::default()
    });
    let args = ["--duration", "1s", "--transport", "ws,rest"];
    let run = bench(&served, &args).run();
    assert_eq!(run.exit, Some(11), "{run}");
    assert!(
        run.stdout
            .contains("nothing was measured: no transport works"),
        "{run}"
    );
}

#[cfg(unix)]
#[test]
fn server_that_hangs_half_way_ends_at_bound_and_names_database() {
    let served = Served::healthy();
    let args = [
        "--write",
        "--duration",
        "3s",
        "--timeout",
        "2s",
        "--transport",
        "rest",
        "--connections",
        "1",
    ];
    let mut command = bench(&served, &args).into_command();
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let begun = Instant::now();
    let child = command.spawn().unwrap();
    let left = loop {
        if let Some(name) = databases(&served).pop() {
            break name;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    served.sandbox.set_faults(Faults {
        latency: Duration::from_secs(600),
        ..Faults::default()
    });
    let output = child.wait_with_output().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(output.status.code(), Some(14));
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        stdout.contains(&format!("taos -s \"drop database if exists {left}\"")),
        "{stdout}"
    );
    assert!(
        stdout.contains("\n  rest "),
        "what was measured before is shown: {stdout}"
    );
}

#[cfg(unix)]
#[test]
fn interrupt_shows_figures_and_drops_database() {
    use rustix::process::Signal;
    let served = with_data(DataFaults {
        stall: Some((Writes::Insert, Duration::from_secs(60))),
        ..DataFaults::default()
    });
    let args = [
        "--write",
        "--duration",
        "5m",
        "--timeout",
        "30s",
        "--transport",
        "ws",
        "--json",
    ];
    let mut command = bench(&served, &args).into_command();
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    // Queries are measured for minutes: what is shown is the time to connect.
    let mut logins = 0;
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let now = served.sandbox.logins().accepted;
        if now > 2 && now == logins {
            break;
        }
        logins = now;
    }
    crate::support::program::send(Signal::INT, &child);
    let mut stdout = String::new();
    std::io::Read::read_to_string(child.stdout.as_mut().unwrap(), &mut stdout).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{stdout}");
    let json: Value = serde_json::from_str(&stdout).unwrap();
    let figures = &json["data"]["targets"][0]["bench"];
    assert_eq!(figures["interrupted"], true, "{figures:#}");
    let load = &figures["transports"][0]["loads"][0];
    assert!(figure(load, "/connect/count") > 1, "{load:#}");
    assert_eq!(databases(&served), Vec::<String>::new());
}
