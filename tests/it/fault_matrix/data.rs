//! Writes that are refused or lost, clocks and zones that are off.

use std::time::Duration;

use super::case::{CASE, Case, error, note, warning};
use super::scene::Scene;
use taos_sandbox::data_faults::{DataFaults, Writes};
use taos_sandbox::server::User;
use taos_sandbox::sql::SqlError;

const WRITE: &[&str] = &["--write"];
const HOUR: i64 = 3_600_000;

/// A server that refuses statements of `kind`.
fn refusing(kind: Writes, code: i32, text: &str) -> Scene {
    Scene::data(DataFaults {
        refuse: Some((kind, SqlError::new(code, text))),
        ..DataFaults::default()
    })
}

pub const CASES: &[Case] = &[
    Case {
        name: "a user who may not create a database",
        scene: || {
            Scene::user(User {
                name: "reader".into(),
                password: "Reader-1".into(),
                sysinfo: true,
                createdb: false,
            })
        },
        args: WRITE,
        exit: 14,
        findings: &[error("write-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "no space for another vnode",
        scene: || refusing(Writes::Database, 954, "Vnodes exhausted"),
        args: WRITE,
        exit: 14,
        findings: &[error("write-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "the disk is full",
        scene: || refusing(Writes::Insert, 0x70F, "No enough disk space"),
        args: WRITE,
        exit: 14,
        findings: &[error("write-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a license without another database",
        scene: || {
            refusing(
                Writes::Database,
                0x804,
                "Number of databases limited by license",
            )
        },
        args: WRITE,
        exit: 14,
        findings: &[error("licence-limit", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a database to write to that does not exist",
        scene: Scene::healthy,
        args: &["--write-db", "other"],
        exit: 14,
        findings: &[error("write-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a write that is not answered",
        scene: || {
            Scene::data(DataFaults {
                stall: Some((Writes::Insert, Duration::from_secs(60))),
                ..DataFaults::default()
            })
        },
        args: &["--write", "--transport", "rest"],
        exit: 14,
        findings: &[error("write-failed", "rest")],
        timeouts: 2,
        ..CASE
    },
    Case {
        name: "a row that does not come back",
        scene: || {
            Scene::data(DataFaults {
                lose_rows: true,
                ..DataFaults::default()
            })
        },
        args: WRITE,
        exit: 14,
        findings: &[error("read-mismatch", "ws rest native")],
        ..CASE
    },
    Case {
        name: "an instant that comes back 8 h later",
        scene: || {
            Scene::data(DataFaults {
                shift_ms: 8 * HOUR,
                ..DataFaults::default()
            })
        },
        args: WRITE,
        exit: 14,
        findings: &[error("timezone-shift", "ws rest native")],
        ..CASE
    },
    Case {
        name: "an instant that comes back 1.234 s later",
        scene: || {
            Scene::data(DataFaults {
                shift_ms: 1234,
                ..DataFaults::default()
            })
        },
        args: WRITE,
        exit: 14,
        findings: &[error("read-mismatch", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a server's clock 91 min ahead",
        scene: || {
            Scene::data(DataFaults {
                clock_ms: HOUR + 1_863_000,
                ..DataFaults::default()
            })
        },
        args: &["--write", "--transport", "ws,rest"],
        findings: &[warning("clock-skew", "ws rest")],
        ..CASE
    },
    Case {
        name: "a server's clock set to local time, and an instant that comes back shifted",
        scene: || {
            Scene::data(DataFaults {
                clock_ms: 8 * HOUR,
                shift_ms: 8 * HOUR,
                ..DataFaults::default()
            })
        },
        args: &["--write", "--transport", "ws,rest"],
        exit: 14,
        findings: &[
            error("timezone-shift", "ws rest"),
            warning("clock-skew", "ws rest"),
        ],
        ..CASE
    },
    Case {
        name: "a server in another zone: a row comes back as it was written",
        scene: || {
            Scene::data(DataFaults {
                zone: Some("Asia/Shanghai".into()),
                ..DataFaults::default()
            })
        },
        args: &["--write", "--transport", "ws,rest"],
        findings: &[note("timezone-shift", "ws rest")],
        ..CASE
    },
];
