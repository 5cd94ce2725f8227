//! Proxies, gateways and web servers where taosAdapter should answer.

use super::case::{CASE, Case, Needs, error};
use super::scene::Scene;
use crate::support::fake_server::Fake;
use crate::support::served::Served;
use taos_sandbox::faults::{ForeignHttp, Listener};
use taos_sandbox::front::Proxy;
use taos_sandbox::server::Options;

const WS_REST: &[&str] = &["--transport", "ws,rest"];

/// A stranger on taosAdapter's port, and a healthy taosd.
fn stranger(fake: Fake) -> Scene {
    Scene::healthy()
        .target(fake.address.to_string())
        .native_port_of_its_own()
        .keep(fake)
}

pub const CASES: &[Case] = &[
    Case {
        name: "Apache answers 404; native works",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::NotFound)),
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "a gateway answers 502",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::BadGateway)),
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "a proxy drops the Upgrade with 400",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::NoUpgrade(400))),
        exit: 12,
        findings: &[error("ws-upgrade-refused", "ws")],
        ..CASE
    },
    Case {
        name: "a proxy answers the Upgrade with 200",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::NoUpgrade(200))),
        exit: 12,
        findings: &[error("ws-upgrade-refused", "ws")],
        ..CASE
    },
    Case {
        name: "a proxy drops the Upgrade, and the password is wrong",
        scene: || Scene::adapter(Listener::Foreign(ForeignHttp::NoUpgrade(404))).wrong_password(),
        exit: 12,
        findings: &[
            error("ws-upgrade-refused", "ws"),
            error("auth-failed", "rest native"),
        ],
        ..CASE
    },
    Case {
        name: "the path before taosAdapter's is wrong",
        scene: || {
            let proxy = Some(Proxy {
                prefix: "/taos".into(),
                ..Proxy::default()
            });
            let options = Options {
                proxy,
                ..Options::default()
            };
            Scene::of(options).url("http", "/toas/")
        },
        args: WS_REST,
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "the path before taosAdapter's is missing",
        scene: || {
            let proxy = Some(Proxy {
                prefix: "/taos".into(),
                ..Proxy::default()
            });
            Scene::of(Options {
                proxy,
                ..Options::default()
            })
        },
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "REST is answered 200 with a page of HTML",
        scene: || {
            stranger(Fake::http(
                "200 OK\r\nContent-Type: text/html",
                "<html><head><title>Sign in</title></head></html>",
            ))
        },
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "REST is answered 200 with nothing",
        scene: || stranger(Fake::http("200 OK", "")),
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "another program's JSON, 200",
        scene: || {
            stranger(Fake::http(
                "200 OK\r\nContent-Type: application/json",
                "{\"name\":\"node-1\",\"cluster_name\":\"es\",\"tagline\":\"You Know, for Search\"}",
            ))
        },
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "taosAdapter's JSON with code 0 and no data for everything",
        scene: || stranger(Fake::http("200 OK", "{\"code\":0,\"desc\":\"success\"}")),
        args: &["--transport", "rest"],
        exit: 11,
        findings: &[error("auth-failed", "rest")],
        ..CASE
    },
    Case {
        name: "a proxy wants a login of its own",
        scene: || {
            stranger(Fake::http(
                "401 Unauthorized\r\nServer: nginx\r\nWWW-Authenticate: Basic realm=x",
                "<html>",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "nginx forbids everything, 403",
        scene: || {
            stranger(Fake::http(
                "403 Forbidden\r\nServer: nginx/1.24.0",
                "<html>",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "single sign-on answers 401 at nginx, without asking for a login",
        scene: || stranger(Fake::http("401 Unauthorized\r\nServer: nginx", "no")),
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "a gateway limits the rate, 429",
        scene: || {
            stranger(Fake::http(
                "429 Too Many Requests\r\nServer: nginx",
                "<html>",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "nginx closes every request without a word, 444",
        scene: || stranger(crate::verify::gateway::closing()),
        exit: 10,
        findings: &[error("closed-early", "ws rest")],
        // The TLS hello that tells it from a TLS port gets no answer either.
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "a gateway drops the Authorization header",
        scene: || {
            let refused = "{\"code\":4357,\"desc\":\"no auth info input\"}";
            stranger(Fake::http("401 Unauthorized", refused))
        },
        args: &["--transport", "rest,native"],
        exit: 12,
        findings: &[error("proxy-in-the-way", "rest")],
        ..CASE
    },
    Case {
        name: "a redirect to another address in plain text",
        scene: || {
            stranger(Fake::http(
                "307 Temporary Redirect\r\nLocation: http://db.example:8080/rest/sql",
                "",
            ))
        },
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "a redirect to https",
        scene: || {
            stranger(Fake::http(
                "301 Moved Permanently\r\nLocation: https://db.example/rest/sql",
                "",
            ))
        },
        exit: 10,
        findings: &[error("tls-expected", "ws rest")],
        ..CASE
    },
    Case {
        name: "a redirect to a page that asks for a login",
        scene: || {
            stranger(Fake::http(
                "302 Found\r\nLocation: http://sso.example/login",
                "",
            ))
        },
        exit: 12,
        findings: &[error("proxy-in-the-way", "ws rest")],
        ..CASE
    },
    Case {
        name: "a gateway is busy, 503, and taosd's port refuses",
        scene: || {
            let other = Served::new(Options {
                native: taos_sandbox::server::Listen::Refused,
                ..Options::default()
            });
            let fake = Fake::http("503 Service Unavailable", "<html>");
            Scene::healthy()
                .target(fake.address.to_string())
                .keep(fake)
                .with_native_of(other)
        },
        exit: 12,
        findings: &[
            error("proxy-in-the-way", "ws rest"),
            error("tcp-refused", "native"),
        ],
        ..CASE
    },
    Case {
        name: "a proxy of a variable refuses what goes to a remote server; WebSocket works",
        scene: || {
            let address = crate::verify::proxy::another_address().unwrap();
            let scene = Scene::healthy();
            let adapter = scene.served.sandbox.adapter();
            let relay = relay(std::net::TcpListener::bind((address, 0)).unwrap(), adapter);
            let proxy = Fake::http("403 Forbidden\r\nServer: squid", "denied");
            let variable = format!("http://user:hunter2-secret@{}", proxy.address);
            scene
                .target(relay)
                .native_port_of_its_own()
                .env("http_proxy", variable)
                .keep(proxy)
        },
        args: WS_REST,
        exit: 12,
        findings: &[error("proxy-in-the-way", "rest")],
        needs: Needs::AnotherAddress,
        ..CASE
    },
    Case {
        name: "a proxy of a variable that is not there; WebSocket works",
        scene: || {
            let address = crate::verify::proxy::another_address().unwrap();
            let scene = Scene::healthy();
            let adapter = scene.served.sandbox.adapter();
            let relay = relay(std::net::TcpListener::bind((address, 0)).unwrap(), adapter);
            let (closed, port) = crate::verify::dnodes::refused();
            scene
                .target(relay)
                .native_port_of_its_own()
                .env("HTTP_PROXY", format!("http://127.0.0.1:{port}"))
                .keep(closed)
        },
        args: WS_REST,
        exit: 12,
        findings: &[error("proxy-in-the-way", "rest")],
        needs: Needs::AnotherAddress,
        ..CASE
    },
];

/// Passes the connections of `listener` on to `behind`; its address.
pub fn relay(listener: std::net::TcpListener, behind: std::net::SocketAddr) -> String {
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for here in listener.incoming().flatten() {
            pass_on(here, behind);
        }
    });
    address
}

/// Passes on what the two ends of a new connection to `behind` send, in threads of their own.
pub fn pass_on(here: std::net::TcpStream, behind: std::net::SocketAddr) {
    use std::net::{Shutdown, TcpStream};
    let Ok(there) = TcpStream::connect(behind) else {
        return;
    };
    let pairs = [
        (here.try_clone(), there.try_clone()),
        (there.try_clone(), here.try_clone()),
    ];
    for (from, to) in pairs {
        let (mut from, mut to) = (from.unwrap(), to.unwrap());
        std::thread::spawn(move || {
            // A side that goes away does not concern the relay.
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
}
