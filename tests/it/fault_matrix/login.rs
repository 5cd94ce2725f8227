//! Logins that are refused, and what else is wrong beside them.

use super::case::{CASE, Case, error};
use super::scene::Scene;
use crate::support::fake_server::Fake;
use crate::support::served::{backend, without_adapter};
use crate::verify::dnodes::cluster;
use std::io::Write;
use std::time::Duration;
use taos_sandbox::faults::{BackendDown, Faults, Listener};
use taos_sandbox::server::{Options, User};
use taos_sandbox::sql::SqlError;

/// A server that refuses every login so.
fn refusing(code: i32, words: &str) -> Scene {
    Scene::faults(Faults {
        reject_logins: Some(SqlError::new(code, words)),
        ..Faults::default()
    })
}

/// A server of 3.4 with a token for the user `app`, and this token given.
fn with_token(token: &str) -> Scene {
    let mut options = Options {
        version: "3.4.1.12".into(),
        tokens: vec![("token-of-app".into(), "app".into())],
        ..Options::default()
    };
    options.users.push(User {
        name: "app".into(),
        password: "App-pass123".into(),
        sysinfo: true,
        createdb: false,
    });
    Scene::of(options).env("TAOS_TOKEN", token)
}

pub const CASES: &[Case] = &[
    Case {
        name: "a wrong password",
        scene: || Scene::healthy().wrong_password(),
        exit: 11,
        findings: &[error("auth-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "the right password with a line break behind it",
        scene: || Scene::healthy().env("TAOS_PASSWORD", "taosdata\n"),
        exit: 11,
        findings: &[error("auth-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a wrong password on 3.2",
        scene: || Scene::old(Faults::default()).wrong_password(),
        exit: 11,
        findings: &[error("auth-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a user who does not exist",
        scene: || Scene::healthy().env("TAOS_USER", "unknown"),
        exit: 11,
        findings: &[error("auth-user-unknown", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a disabled user",
        scene: || refusing(0x0315, "User is disabled"),
        exit: 11,
        findings: &[error("user-locked", "ws rest native")],
        ..CASE
    },
    Case {
        name: "an expired password",
        scene: || refusing(0x0361, "User password is expired"),
        exit: 11,
        findings: &[error("password-expired", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a user who needs a one-time code",
        scene: || refusing(0x0362, "Wrong TOTP code"),
        exit: 11,
        findings: &[error("totp-required", "ws rest native")],
        ..CASE
    },
    Case {
        name: "an address that is not on the white list",
        scene: || refusing(0x0134, "IP address is not in the white list"),
        exit: 11,
        findings: &[error("ip-not-allowed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a refusal with an unknown number",
        scene: || refusing(0x03FE, "the moon is in the wrong house"),
        exit: 11,
        findings: &[error("auth-denied", "ws rest native")],
        ..CASE
    },
    Case {
        name: "an expired license",
        scene: || refusing(0x0800, "License expired"),
        exit: 14,
        findings: &[error("licence-expired", "ws rest native")],
        refused_logins: 3,
        ..CASE
    },
    Case {
        name: "a license without another connection",
        scene: || {
            refusing(
                0x0806,
                "Number of connections has reached the licensed upper limit",
            )
        },
        exit: 14,
        findings: &[error("licence-limit", "ws rest native")],
        refused_logins: 3,
        ..CASE
    },
    Case {
        name: "a refusal with code 0 and no data",
        scene: || {
            let faults = Faults {
                empty_success: true,
                ..Faults::default()
            };
            Scene::faults(faults).wrong_password()
        },
        args: &["--transport", "ws,rest"],
        exit: 11,
        findings: &[error("auth-failed", "ws rest")],
        ..CASE
    },
    Case {
        name: "a wrong password, and taosAdapter does not run",
        scene: || Scene::of(without_adapter()).wrong_password(),
        exit: 14,
        findings: &[
            error("adapter-not-running", "ws rest"),
            error("auth-failed", "native"),
        ],
        ..CASE
    },
    Case {
        name: "a wrong password, and taosAdapter hangs",
        scene: || Scene::adapter(Listener::Hangs).wrong_password(),
        exit: 10,
        findings: &[
            error("no-answer", "ws rest"),
            error("auth-failed", "native"),
        ],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "a wrong password, and a driver of another version",
        scene: || Scene::healthy().driver("3.2.2.2").wrong_password(),
        exit: 11,
        findings: &[
            error("auth-failed", "ws rest"),
            error("version-mismatch", "native"),
        ],
        ..CASE
    },
    Case {
        name: "a wrong password, and taosd dead behind taosAdapter",
        scene: || {
            let down = backend(BackendDown::Fresh, Duration::from_millis(1));
            Scene::faults(down).wrong_password()
        },
        exit: 14,
        findings: &[error("adapter-backend-down", "ws rest native")],
        refused_logins: 3,
        ..CASE
    },
    Case {
        name: "a wrong password, and a dnode that cannot be reached",
        scene: || {
            let served = cluster(&["td9.invalid:6030"], &[], Options::default());
            Scene::around(served, "3.3.7.5").wrong_password()
        },
        exit: 11,
        findings: &[error("auth-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a database in the URL that does not exist",
        scene: || Scene::healthy().url("http", "/rest/sql/power"),
        args: &["--transport", "ws,rest,native"],
        exit: 14,
        findings: &[error("database-missing", "ws rest native")],
        refused_logins: 2,
        ..CASE
    },
    Case {
        name: "a ws URL whose path names a database that does not exist",
        scene: || Scene::healthy().url("ws", "/power"),
        exit: 14,
        findings: &[error("database-missing", "ws")],
        refused_logins: 2,
        ..CASE
    },
    Case {
        name: "a wrong password, and a database that does not exist",
        scene: || Scene::healthy().url("taos+ws", "/power").wrong_password(),
        args: &["--transport", "ws,native"],
        exit: 11,
        findings: &[error("auth-failed", "ws native")],
        ..CASE
    },
    Case {
        name: "a token of 3.4",
        scene: || with_token("token-of-app"),
        ..CASE
    },
    Case {
        name: "a token of 3.4 in a connection string",
        scene: || {
            let scene = with_token("another-token");
            let adapter = scene.served.sandbox.adapter();
            let url = format!("ws://{adapter}?bearer_token=token-of-app");
            scene.native_port_of_its_own().target(url)
        },
        args: &["--transport", "ws,rest,native"],
        ..CASE
    },
    Case {
        name: "a token that the server does not know",
        scene: || with_token("mistyped-token"),
        exit: 11,
        findings: &[error("token-invalid", "ws rest native")],
        says: &["create token NAME from user USER"],
        ..CASE
    },
    Case {
        name: "a token for a server before 3.4, with root's default password",
        scene: || Scene::healthy().env("TAOS_TOKEN", "token-of-app"),
        exit: 11,
        findings: &[error("token-invalid", "ws rest native")],
        says: &["accepts no tokens"],
        ..CASE
    },
    Case {
        name: "a token for a server before 3.4, over WebSocket",
        scene: || Scene::healthy().env("TAOS_TOKEN", "token-of-app"),
        args: &["--transport", "ws"],
        exit: 11,
        findings: &[error("token-invalid", "ws")],
        says: &["accepts no tokens"],
        ..CASE
    },
    Case {
        name: "a token for a server before 3.4, over native",
        scene: || Scene::healthy().env("TAOS_TOKEN", "token-of-app"),
        args: &["--transport", "native"],
        exit: 11,
        findings: &[error("token-invalid", "native")],
        says: &["accepts no tokens"],
        ..CASE
    },
    Case {
        name: "the right password for another user, in another case",
        scene: || Scene::healthy().env("TAOS_USER", "Root"),
        exit: 11,
        findings: &[error("auth-user-unknown", "ws rest native")],
        ..CASE
    },
    Case {
        name: "taosAdapter over its limit; native works",
        scene: || {
            let limited = Faults {
                reject_logins: Some(SqlError::new(0xFFFE, "request over limit")),
                ..Faults::default()
            };
            let healthy = crate::support::served::Served::healthy();
            Scene::faults(limited).with_native_of(healthy)
        },
        exit: 14,
        findings: &[error("rate-limited", "ws rest")],
        refused_logins: 2,
        ..CASE
    },
    Case {
        name: "taosAdapter is short of memory; native works",
        scene: || {
            let head = "503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8";
            let fake = Fake::http(head, "\"memory exceeds threshold\"");
            Scene::healthy()
                .target(fake.address.to_string())
                .native_port_of_its_own()
                .keep(fake)
        },
        exit: 14,
        findings: &[error("rate-limited", "ws rest")],
        ..CASE
    },
    Case {
        name: "taosAdapter's pool of connections is used up; native works",
        scene: || {
            let fake = pool_used_up();
            Scene::healthy()
                .target(fake.address.to_string())
                .native_port_of_its_own()
                .keep(fake)
        },
        args: &["--transport", "rest,native"],
        exit: 14,
        findings: &[error("rate-limited", "rest")],
        ..CASE
    },
];

/// Enough of a taosAdapter whose pool has no free connection (its controller/rest/restful.go).
fn pool_used_up() -> Fake {
    Fake::start(|head, stream| {
        let (status, body) = if head.contains("authorization") {
            (
                "503 Service Unavailable",
                "{\"code\":65535,\"desc\":\"get connect from pool error: exceeded connection pool max wait\",\"timing\":1}",
            )
        } else {
            (
                "401 Unauthorized",
                "{\"code\":4357,\"desc\":\"no auth info input\"}",
            )
        };
        let length = body.len();
        let _ = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
    })
}
