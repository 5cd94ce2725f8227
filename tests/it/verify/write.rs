//! `verify --write`: a row is written, read back and taken away, or the one reason why not is reported; nothing is left.

use std::time::Duration;

use crate::support::program::Run;
use crate::support::served::{Served, findings, install_driver, with_data};
use insta::assert_snapshot;
use taos_sandbox::data_faults::{DataFaults, Writes};
use taos_sandbox::server::{Options, User};
use taos_sandbox::sql::SqlError;

/// `verify ARGS…` over ws and rest.
fn verify(served: &Served, args: &[&str]) -> Run {
    let args = [&["--transport", "ws,rest", "--timeout", "1s"], args].concat();
    served
        .verify_adapter(&args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("TZ", "UTC")
        .run()
}

/// The databases and tables that the server has, as its own REST tells.
fn names(served: &Served, sql: &str) -> Vec<String> {
    let mut session = served
        .sandbox
        .state()
        .login("root", "taosdata", "")
        .unwrap();
    let answer = served.sandbox.state().execute(&mut session, sql).unwrap();
    let text = format!("{answer:?}");
    text.split('"')
        .filter(|word| word.starts_with("taos_setup") || *word == "mine")
        .map(str::to_owned)
        .collect()
}

const DATABASES: &str = "select name from information_schema.ins_databases";

/// Refuses statements of `kind`.
fn refusing(kind: Writes, code: i32, text: &str) -> Served {
    with_data(DataFaults {
        refuse: Some((kind, SqlError::new(code, text))),
        ..DataFaults::default()
    })
}

/// The verdict alone.
fn verdict(run: &Run) -> &str {
    run.stdout.split("\n\n").nth(1).unwrap_or_default()
}

#[test]
fn all_three_transports_write() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&["--write"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("TZ", "UTC")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let lines: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| line.contains(" clock ") || line.contains(" write "))
        .map(|line| line.split(" (").next().unwrap())
        .collect();
    assert_snapshot!(lines.join("\n"), @"");
    assert_eq!(names(&served, DATABASES), Vec::<String>::new());
}

#[test]
fn nothing_is_written_without_being_asked_for() {
    let served = refusing(Writes::Database, 0x303, "no privilege");
    let run = verify(&served, &[]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(!run.stdout.contains(" write "), "{run}");
}

#[test]
fn old_server_is_written_to() {
    let served = Served::new(Options {
        version: "3.2.2.2".into(),
        ..Options::default()
    });
    let run = verify(&served, &["--write", "--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn table_of_its_own_in_a_database_that_is_there() {
    let served = Served::healthy();
    let state = served.sandbox.state();
    let mut session = state.login("root", "taosdata", "").unwrap();
    // Another precision than the usual one: the instant must still be the same.
    state
        .execute(&mut session, "create database mine precision 'ns'")
        .unwrap();
    let run = verify(&served, &["--write-db", "mine", "--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
    assert_eq!(names(&served, DATABASES), ["mine"]);
    assert_eq!(names(&served, "show mine.tables"), Vec::<String>::new());
    let run = verify(&served, &["--write-db", "other"]);
    assert_eq!(run.exit, Some(14), "{run}");
    assert_snapshot!(verdict(&run), @r#"
    error[write-failed]: login and queries work, but writing fails (over ws, rest)
      observed: create table: Database not exist [0x0388]
      expected: the same row read back
      cause:    The database does not exist.
      fix:      taos -s "create database other"    # on 127.0.0.1; or name another with --write-db
    "#);
}

#[test]
fn user_without_createdb_gets_write_db() {
    let mut options = Options::default();
    options.users.push(User {
        name: "reader".into(),
        password: "Reader-1".into(),
        sysinfo: true,
        createdb: false,
    });
    let served = Served::new(options);
    let run = served
        .verify_adapter(&["--transport", "rest", "--write"])
        .env("TAOS_USER", "reader")
        .env("TAOS_PASSWORD", "Reader-1")
        .env("TZ", "UTC")
        .run();
    assert_eq!(run.exit, Some(14), "{run}");
    assert_snapshot!(verdict(&run), @r#"
    error[write-failed]: login and queries work, but writing fails (over rest)
      observed: create database: Insufficient privilege for operation [0x0303]
      expected: the same row read back
      cause:    reader has no privilege for this; the server gave the reason above.
      fix:      taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE] --write-db NAME    # a database that reader may write to; or, as root: taos -s "alter user reader createdb 1"
    "#);
}

#[test]
fn server_reason_decides_finding() {
    for (kind, code, text, id, fix) in [
        (
            Writes::Database,
            954,
            "Vnodes exhausted",
            "write-failed",
            "supportVnodes",
        ),
        (
            Writes::Insert,
            0x70F,
            "No enough disk space",
            "write-failed",
            "df -h",
        ),
        (
            Writes::Database,
            0x804,
            "Number of databases limited by license",
            "licence-limit",
            "show grants",
        ),
        (
            Writes::Table,
            0x800,
            "License expired",
            "licence-expired",
            "show grants",
        ),
        (
            Writes::Insert,
            0x2600,
            "syntax error",
            "write-failed",
            "journalctl",
        ),
    ] {
        let served = refusing(kind, code, text);
        let run = verify(&served, &["--write", "--json"]);
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(14), vec![id.to_owned()]),
            "{text}: {run}"
        );
        let finding = &run.json()["findings"][0];
        assert!(
            finding["observed"].as_str().unwrap().contains(text),
            "{run}"
        );
        assert!(
            finding["fix"].as_str().unwrap().contains(fix),
            "{text}: {run}"
        );
        assert_eq!(names(&served, DATABASES), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn row_that_does_not_come_back() {
    let served = with_data(DataFaults {
        lose_rows: true,
        ..DataFaults::default()
    });
    let run = verify(&served, &["--write", "--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(14), vec!["read-mismatch".to_owned()]),
        "{run}"
    );
    assert_eq!(names(&served, DATABASES), Vec::<String>::new());
}

#[test]
fn answer_that_does_not_come_leaves_nothing_behind() {
    for kind in [Writes::Database, Writes::Insert] {
        let served = with_data(DataFaults {
            stall: Some((kind, Duration::from_secs(60))),
            ..DataFaults::default()
        });
        let run = verify(&served, &["--write", "--json"]);
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(14), vec!["write-failed".to_owned()]),
            "{run}"
        );
        assert_eq!(names(&served, DATABASES), Vec::<String>::new(), "{kind:?}");
    }
}

#[test]
fn undropped_database_is_named() {
    let served = refusing(Writes::Drop, 0x303, "Insufficient privilege for operation");
    let run = verify(&served, &["--write", "--json", "--transport", "rest"]);
    assert_eq!(run.exit, Some(14), "{run}");
    let left = names(&served, DATABASES);
    assert!(!left.is_empty());
    let fix = run.json()["findings"][0]["fix"].to_string();
    assert!(
        fix.contains(&format!("drop database if exists {}", left[0])),
        "{fix}\n{left:?}"
    );
}

#[test]
fn leftover_of_killed_run_is_named() {
    let served = Served::healthy();
    let state = served.sandbox.state();
    let mut session = state.login("root", "taosdata", "").unwrap();
    let left = "taos_setup_verify_00112233445566ff_ws";
    state
        .execute(&mut session, &format!("create database {left}"))
        .unwrap();
    let run = verify(&served, &["--write"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(verdict(&run), @r#"
    note[write-leftover]: an earlier verify --write left taos_setup_verify_00112233445566ff_ws (over ws, rest)
      observed: found taos_setup_verify_00112233445566ff_ws
      cause:    It was killed before it could remove it, or another verify --write is running now.
      fix:      taos -s "drop database taos_setup_verify_00112233445566ff_ws"    # on 127.0.0.1, as the user that created it
    "#);
    assert_eq!(names(&served, DATABASES), [left], "only its owner drops it");
}

#[cfg(unix)]
#[test]
fn interrupt_leaves_nothing_behind() {
    use rustix::process::Signal;
    for transport in ["rest", "ws", "native"] {
        let served = with_data(DataFaults {
            stall: Some((Writes::Insert, Duration::from_secs(60))),
            ..DataFaults::default()
        });
        let folder = install_driver(&served.context, "3.3.7.5");
        let mut command = served
            .verify_adapter(&["--write", "--transport", transport, "--timeout", "30s"])
            .env("TAOS_PASSWORD", "taosdata")
            .env("LD_LIBRARY_PATH", folder)
            .into_command();
        let mut child = command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // The insert waits: the database and its table are there.
        while names(&served, DATABASES).is_empty() {
            std::thread::yield_now();
        }
        crate::support::program::send(Signal::INT, &child);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{transport}");
        assert_eq!(
            names(&served, DATABASES),
            Vec::<String>::new(),
            "{transport}"
        );
    }
}

#[test]
fn statements_for_two_leftovers_are_separated() {
    let served = refusing(Writes::Drop, 0x303, "Insufficient privilege for operation");
    let run = verify(&served, &["--write", "--json", "--transport", "ws,rest"]);
    assert_eq!(run.exit, Some(14), "{run}");
    let left = names(&served, DATABASES);
    assert_eq!(left.len(), 2, "{left:?}");
    let fix = run.json()["findings"][0]["fix"].to_string();
    let mut drops: Vec<String> = left
        .iter()
        .map(|name| format!("drop database if exists {name}"))
        .collect();
    drops.sort_by_key(|drop| fix.find(drop.as_str()));
    assert!(fix.contains(&drops.join("; ")), "{fix}");
}

#[cfg(unix)]
#[test]
fn database_in_creation_is_named_after_interrupt() {
    use rustix::process::Signal;
    let served = with_data(DataFaults {
        stall: Some((Writes::Database, Duration::from_secs(60))),
        ..DataFaults::default()
    });
    let mut command = served
        .verify_adapter(&["--write", "--transport", "rest", "--timeout", "30s"])
        .env("TAOS_PASSWORD", "taosdata")
        .into_command();
    let child = command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let created = loop {
        if let Some(name) = names(&served, DATABASES).pop() {
            break name;
        }
        std::thread::yield_now();
    };
    crate::support::program::send(Signal::INT, &child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(
        stderr.contains(&format!("taos -s \"drop database if exists {created}\"")),
        "{stderr}"
    );
}
