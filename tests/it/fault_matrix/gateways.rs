//! Gateways that answer instead of taosAdapter: status, headers, and body decide which one it is.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::case::{CASE, Case, error};
use super::scene::Scene;
use crate::support::fake_server::Fake;
use crate::support::served::backend;
use taos_sandbox::faults::{BackendDown, ForeignHttp, Listener};
use taos_sandbox::front::Proxy;
use taos_sandbox::server::Options;

const WS_REST: &[&str] = &["--transport", "ws,rest"];
const NO_LOGIN: &str = "{\"code\":4357,\"desc\":\"no auth info input\"}";

/// A program on taosAdapter's port, and a healthy taosd.
fn stranger(fake: Fake) -> Scene {
    Scene::healthy()
        .target(fake.address.to_string())
        .native_port_of_its_own()
        .keep(fake)
}

/// Answers one request with this status line, these headers, and this body.
pub fn answer(stream: &mut TcpStream, status_and_headers: &str, body: &str) {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status_and_headers}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    // A client that goes away is not a concern of the server.
    let _ = stream.write_all(text.as_bytes());
}

/// The whole request that begins with `head`.
pub fn request(head: &str, stream: &mut TcpStream) -> String {
    let mut whole = head.to_owned();
    let length = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let value = lower.split("content-length:").nth(1)?.lines().next()?;
        value.trim().parse::<usize>().ok()
    };
    while let Some((_, body)) = whole.split_once("\r\n\r\n")
        && length(&whole).is_some_and(|length| body.len() < length)
    {
        let mut more = [0; 4096];
        match stream.read(&mut more) {
            Ok(count @ 1..) => whole.push_str(&String::from_utf8_lossy(&more[..count])),
            _ => break,
        }
    }
    whole
}

/// taosAdapter behind a gateway: requests without a login are answered by the first, others by `gateway`.
fn behind(gateway: &'static str, page: &'static str) -> Fake {
    Fake::start(move |head, stream| {
        let head = request(head, stream).to_ascii_lowercase();
        if head.contains("\r\nauthorization:") {
            answer(stream, gateway, page);
        } else {
            answer(stream, "401 Unauthorized", NO_LOGIN);
        }
    })
}

pub const CASES: &[Case] = &[
    Case {
        name: "nginx limits the Upgrade, 429",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::NoUpgrade(429))),
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws")],
        ..CASE
    },
    Case {
        name: "nginx forbids the Upgrade, 403",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::NoUpgrade(403))),
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws")],
        ..CASE
    },
    Case {
        name: "taosAdapter answers the Upgrade with HTTP 500",
        scene: || {
            stranger(Fake::start(|head, stream| {
                if head.to_ascii_lowercase().contains("upgrade: websocket") {
                    answer(stream, "500 Internal Server Error", "");
                } else {
                    answer(stream, "401 Unauthorized", NO_LOGIN);
                }
            }))
        },
        args: &["--transport", "ws,native"],
        exit: 14,
        findings: &[error("adapter-backend-down", "ws")],
        ..CASE
    },
    Case {
        name: "Apache forbids everything, 403",
        scene: || {
            stranger(Fake::http(
                "403 Forbidden\r\nServer: Apache/2.4.58 (Debian)",
                "<html><title>403 Forbidden</title>",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "tinyproxy forbids everything, 403",
        scene: || {
            stranger(Fake::http(
                "403 Access denied\r\nServer: tinyproxy/1.11.1",
                "<html>",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "nginx is over its own limit, 503",
        scene: || {
            stranger(Fake::http(
                "503 Service Temporarily Unavailable\r\nServer: nginx/1.24.0",
                "<html><title>503 Service Temporarily Unavailable</title>",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "a redirect to a login page on another host, https",
        scene: || {
            stranger(Fake::http(
                "302 Found\r\nLocation: https://sso.example/login?next=/rest/sql",
                "",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "HAProxy sends the PROXY protocol to taosAdapter",
        scene: || {
            stranger(Fake::http(
                "400 Bad Request\r\nContent-Type: text/plain; charset=utf-8",
                "400 Bad Request",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "Caddy has no certificate for the name, alert internal_error",
        scene: || {
            let alert = Fake::says([21, 3, 3, 0, 2, 2, 80]);
            Scene::healthy()
                .target(format!("https://{}", alert.address))
                .native_port_of_its_own()
                .keep(alert)
        },
        args: &["--transport", "ws,rest", "--insecure"],
        exit: 10,
        findings: &[error("tls-untrusted", "ws rest")],
        ..CASE
    },
    Case {
        name: "nginx gives up waiting for taosAdapter after the login, 504",
        scene: || {
            stranger(behind(
                "504 Gateway Time-out\r\nServer: nginx/1.24.0",
                "<html><title>504 Gateway Time-out</title><center>nginx</center>",
            ))
        },
        args: &["--transport", "rest"],
        exit: 14,
        findings: &[error("adapter-backend-down", "rest")],
        ..CASE
    },
    Case {
        name: "taosd is frozen behind nginx with a short proxy_read_timeout",
        scene: || {
            Scene::of(Options {
                proxy: Some(Proxy {
                    read_timeout: Some(Duration::from_millis(700)),
                    ..Proxy::default()
                }),
                faults: backend(BackendDown::Pooled, Duration::from_secs(20)),
                ..Options::default()
            })
        },
        exit: 14,
        findings: &[error("adapter-backend-down", "ws rest native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "taosd is frozen, taosAdapter freshly started, and nginx has a short proxy_read_timeout",
        scene: || {
            Scene::of(Options {
                proxy: Some(Proxy {
                    read_timeout: Some(Duration::from_millis(700)),
                    ..Proxy::default()
                }),
                faults: backend(BackendDown::Fresh, Duration::from_secs(20)),
                ..Options::default()
            })
        },
        exit: 14,
        findings: &[error("adapter-backend-down", "ws rest native")],
        timeouts: 1,
        refused_logins: 3,
        ..CASE
    },
    Case {
        name: "nginx limits requests with a login, 429",
        scene: || {
            stranger(behind(
                "429 Too Many Requests\r\nServer: nginx/1.24.0",
                "<html><title>429 Too Many Requests</title><center>nginx/1.24.0</center>",
            ))
        },
        args: &["--transport", "rest"],
        exit: 12,
        findings: &[error("proxy-in-the-way", "rest")],
        ..CASE
    },
    Case {
        name: "the port requires TLS and closes plain text without a word",
        scene: || stranger(tls_only()),
        args: WS_REST,
        exit: 10,
        findings: &[error("tls-expected", "ws rest")],
        ..CASE
    },
    Case {
        name: "the native port requires TLS",
        scene: || {
            let fake = tls_only();
            Scene::healthy().native_port(fake.address.port()).keep(fake)
        },
        args: &["--transport", "native"],
        exit: 12,
        findings: &[error("native-tls-expected", "native")],
        ..CASE
    },
];

/// Answers a TLS hello with an alert, and closes on everything else.
fn tls_only() -> Fake {
    Fake::start(|head, stream| {
        if head.starts_with('\u{16}') {
            let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 40]);
        } else {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    })
}
