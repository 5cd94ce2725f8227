//! Causes on the server's side: limits, versions of its own programs, TDengine 2, users.

use super::case::{CASE, Case, error};
use super::gateways::{answer, request};
use super::scene::Scene;
use crate::support::fake_server::Fake;
use taos_sandbox::faults::Faults;
use taos_sandbox::server::{Options, User};
use taos_sandbox::sql::SqlError;

const WS_REST: &[&str] = &["--transport", "ws,rest"];

/// A server that ends every login with this error.
fn refusing(code: i32, text: &str) -> Scene {
    Scene::faults(Faults {
        reject_logins: Some(SqlError::new(code, text)),
        ..Faults::default()
    })
}

/// TDengine 2 behind its own HTTP service.
pub fn tdengine_2() -> Fake {
    Fake::start(|head, stream| {
        if head.starts_with("POST /rest/sql") {
            let body = "{\"status\":\"succ\",\"head\":[\"server_version()\"],\"column_meta\":[[\"server_version()\",8,8]],\"data\":[[\"2.2.2.0\"]],\"rows\":1}";
            answer(stream, "200 OK\r\nContent-Type: application/json", body);
        } else {
            answer(stream, "404 Not Found", "404 page not found");
        }
    })
}

/// A user of Community 3.3 that an administrator disabled: the login works, and every table is refused.
fn disabled_user() -> Fake {
    Fake::start(|head, stream| {
        let request = request(head, stream).to_ascii_lowercase();
        let body = if !request.contains("\r\nauthorization:") {
            return answer(
                stream,
                "401 Unauthorized",
                "{\"code\":4357,\"desc\":\"no auth info input\"}",
            );
        } else if request.contains("server_version()") {
            "{\"code\":0,\"column_meta\":[[\"server_version()\",\"VARCHAR\",7]],\"data\":[[\"3.3.7.5\"]],\"rows\":1}"
        } else if request.contains("show users") {
            "{\"code\":0,\"column_meta\":[[\"name\",\"VARCHAR\",24],[\"enable\",\"TINYINT\",1]],\"data\":[[\"root\",1],[\"app\",0]],\"rows\":2}"
        } else {
            "{\"code\":9796,\"desc\":\"Permission denied or target object not exist\"}"
        };
        answer(stream, "200 OK\r\nContent-Type: application/json", body);
    })
}

pub const CASES: &[Case] = &[
    Case {
        name: "TDengine 2 answers; native works",
        scene: || {
            let fake = tdengine_2();
            Scene::healthy()
                .target(fake.address.to_string())
                .native_port_of_its_own()
                .keep(fake)
        },
        exit: 12,
        findings: &[error("server-too-old", "ws rest")],
        ..CASE
    },
    Case {
        name: "too many RPC sessions",
        scene: || refusing(0x22, "rpc open too many session"),
        args: WS_REST,
        exit: 14,
        findings: &[error("rate-limited", "ws rest")],
        refused_logins: 2,
        ..CASE
    },
    Case {
        name: "taosAdapter waits in vain for a connection of its pool",
        scene: || refusing(0xFFFF, "get connection timeout"),
        args: WS_REST,
        exit: 14,
        findings: &[error("rate-limited", "ws rest")],
        refused_logins: 2,
        ..CASE
    },
    Case {
        name: "taosAdapter's own client library is of another version than taosd",
        scene: || refusing(0x11E, "Version not compatible"),
        args: WS_REST,
        exit: 14,
        findings: &[error("adapter-backend-down", "ws rest")],
        refused_logins: 2,
        ..CASE
    },
    Case {
        name: "Community and Enterprise from 3.4 on",
        scene: || refusing(0x140, "Edition not compatible"),
        args: &["--transport", "native"],
        exit: 12,
        findings: &[error("edition-mismatch", "native")],
        ..CASE
    },
    Case {
        name: "a server that requires signed messages",
        scene: || refusing(0x141, "Invalid signature"),
        args: &["--transport", "native"],
        exit: 12,
        findings: &[error("version-mismatch", "native")],
        ..CASE
    },
    Case {
        name: "as many sessions as a user of 3.4 may have",
        scene: || refusing(0x0399, "Too many connections"),
        exit: 14,
        findings: &[error("rate-limited", "ws rest native")],
        refused_logins: 3,
        says: &["session_per_user"],
        ..CASE
    },
    Case {
        name: "taosAdapter's pool for REST is used up; WebSocket and native work",
        scene: || {
            Scene::faults(Faults {
                rest_pool_used_up: true,
                ..Faults::default()
            })
        },
        exit: 14,
        findings: &[error("rate-limited", "rest")],
        says: &["[pool]"],
        ..CASE
    },
    Case {
        name: "a user of Community 3.3 that an administrator disabled",
        scene: || {
            let mut options = Options::default();
            options.users.push(User {
                name: "app".into(),
                password: "App-pass123".into(),
                sysinfo: true,
                createdb: false,
            });
            options.faults.data.disabled = Some("app".into());
            Scene::of(options)
                .env("TAOS_USER", "app")
                .env("TAOS_PASSWORD", "App-pass123")
        },
        exit: 11,
        findings: &[error("user-locked", "ws rest native")],
        ..CASE
    },
    Case {
        name: "a disabled user of Community 3.3, who may still log in",
        scene: || {
            let fake = disabled_user();
            Scene::healthy()
                .target(fake.address.to_string())
                .env("TAOS_USER", "app")
                .keep(fake)
        },
        args: &["--transport", "rest"],
        exit: 11,
        findings: &[error("user-locked", "rest")],
        ..CASE
    },
];
