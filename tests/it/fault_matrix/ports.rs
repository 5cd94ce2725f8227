//! Ports that refuse, hang, close, or belong to somebody else.

use super::case::{CASE, Case, Needs, error};
use super::scene::Scene;
use crate::support::fake_server::Fake;
use crate::support::served::{Served, without_adapter};
use crate::verify::ports::answering;
use taos_sandbox::faults::{Faults, Listener};
use taos_sandbox::server::{Listen, Options};

const WS_REST: &[&str] = &["--transport", "ws,rest"];

/// A taosAdapter without a taosd on the native port.
fn without_taosd() -> Options {
    Options {
        native: Listen::Refused,
        ..Options::default()
    }
}

pub const CASES: &[Case] = &[
    Case {
        name: "nothing listens on either port",
        scene: || {
            Scene::of(Options {
                native: Listen::Refused,
                ..without_adapter()
            })
        },
        exit: 10,
        findings: &[error("tcp-refused", "ws rest native")],
        ..CASE
    },
    Case {
        name: "taosd runs, taosAdapter does not",
        scene: || Scene::of(without_adapter()),
        exit: 14,
        findings: &[error("adapter-not-running", "ws rest")],
        ..CASE
    },
    Case {
        name: "the adapter's port is closed, and taosAdapter answers on its usual one",
        scene: || {
            let usual = Served::healthy();
            let ports = format!("{},", usual.sandbox.adapter().port());
            Scene::of(without_adapter())
                .env("TAOS_SETUP_TEST_PORTS", ports)
                .keep(usual)
        },
        exit: 12,
        findings: &[error("wrong-port", "ws rest")],
        ..CASE
    },
    Case {
        name: "the native port is closed, and taosd answers on its usual one",
        scene: || {
            let usual = Served::healthy();
            let ports = format!(",{}", usual.sandbox.native().port());
            Scene::of(without_taosd())
                .env("TAOS_SETUP_TEST_PORTS", ports)
                .keep(usual)
        },
        exit: 12,
        findings: &[error("wrong-port", "native")],
        ..CASE
    },
    Case {
        name: "taosd 3.2 runs, taosAdapter does not",
        scene: || {
            Scene::of(Options {
                version: "3.2.2.2".into(),
                ..without_adapter()
            })
        },
        exit: 14,
        findings: &[error("adapter-not-running", "ws rest")],
        ..CASE
    },
    Case {
        name: "taosd's port refuses, taosAdapter works",
        scene: || Scene::of(without_taosd()),
        exit: 10,
        findings: &[error("tcp-refused", "native")],
        ..CASE
    },
    Case {
        name: "taosAdapter's port accepts and says nothing",
        scene: || Scene::adapter(Listener::Hangs),
        args: WS_REST,
        exit: 10,
        findings: &[error("no-answer", "ws rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "taosAdapter hangs, native works",
        scene: || Scene::adapter(Listener::Hangs),
        exit: 10,
        findings: &[error("no-answer", "ws rest")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "taosAdapter hangs and taosd's port refuses",
        scene: || {
            Scene::of(Options {
                faults: Faults {
                    adapter: Listener::Hangs,
                    ..Faults::default()
                },
                ..without_taosd()
            })
        },
        exit: 10,
        findings: &[
            error("no-answer", "ws rest"),
            error("tcp-refused", "native"),
        ],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "taosAdapter's port closes at once",
        scene: || Scene::adapter(Listener::ClosesAtOnce),
        exit: 10,
        findings: &[error("closed-early", "ws rest")],
        ..CASE
    },
    Case {
        name: "both ports close at once",
        scene: || {
            Scene::faults(Faults {
                adapter: Listener::ClosesAtOnce,
                native: Listener::ClosesAtOnce,
                ..Faults::default()
            })
        },
        exit: 10,
        findings: &[error("closed-early", "ws rest native")],
        ..CASE
    },
    Case {
        name: "taosAdapter's port answers bytes that are no HTTP",
        scene: || Scene::adapter(Listener::Garbage),
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "the native port says nothing",
        scene: || Scene::native(Listener::Hangs),
        exit: 10,
        findings: &[error("no-answer", "native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "the native port of 3.2 says nothing",
        scene: || {
            Scene::old(Faults {
                native: Listener::Hangs,
                ..Faults::default()
            })
        },
        exit: 10,
        findings: &[error("no-answer", "native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "the native port closes at once",
        scene: || Scene::native(Listener::ClosesAtOnce),
        exit: 10,
        findings: &[error("closed-early", "native")],
        ..CASE
    },
    Case {
        name: "an SSH server on the native port",
        scene: || {
            let port = answering(b"SSH-2.0-OpenSSH_9.6\r\n").port();
            Scene::healthy().native_port(port)
        },
        exit: 12,
        findings: &[error("not-tdengine", "native")],
        ..CASE
    },
    Case {
        name: "a web server on the native port",
        scene: || {
            let fake = Fake::http("404 Not Found\r\nServer: nginx", "<html>");
            Scene::healthy().native_port(fake.address.port())
        },
        exit: 12,
        findings: &[error("not-tdengine", "native")],
        ..CASE
    },
    Case {
        name: "taosAdapter's port given as the native one",
        scene: || {
            let scene = Scene::healthy();
            let port = scene.served.sandbox.adapter().port();
            scene.native_port(port)
        },
        exit: 12,
        findings: &[error("wrong-port", "native")],
        ..CASE
    },
    Case {
        name: "the two ports swapped",
        scene: || {
            let scene = Scene::healthy();
            let port = scene.served.sandbox.adapter().port();
            let target = scene.served.sandbox.native().to_string();
            scene.target(target).native_port(port)
        },
        exit: 12,
        findings: &[error("wrong-port", "ws rest native")],
        ..CASE
    },
    Case {
        name: "an http URL names the native port",
        scene: || {
            let scene = Scene::healthy();
            let url = format!("http://{}", scene.served.sandbox.native());
            scene.target(url)
        },
        args: WS_REST,
        exit: 12,
        findings: &[error("wrong-port", "ws rest")],
        ..CASE
    },
    Case {
        name: "the port of taosKeeper given as taosAdapter's",
        scene: || {
            let fake = Fake::http(
                "404 Not Found\r\nContent-Type: text/plain",
                "404 page not found",
            );
            Scene::healthy()
                .target(fake.address.to_string())
                .native_port_of_its_own()
        },
        exit: 12,
        findings: &[error("not-tdengine", "ws rest")],
        ..CASE
    },
    Case {
        name: "a name without an address",
        scene: || {
            Scene::healthy()
                .target("no-such-host.invalid:6041")
                .native_port_of_its_own()
        },
        exit: 10,
        findings: &[error("dns-unresolved", "ws rest native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "the server listens on IPv6 alone, and its IPv4 address is given",
        scene: || {
            let scene = Scene::of(Options {
                adapter: Listen::Ipv6(0),
                native: Listen::Ipv6(0),
                ..Options::default()
            });
            let port = scene.served.sandbox.adapter().port();
            scene
                // An address that no other test listens on.
                .target(format!("127.91.17.5:{port}"))
                .native_port_of_its_own()
        },
        exit: 10,
        findings: &[error("tcp-refused", "ws rest native")],
        needs: Needs::Ipv6,
        ..CASE
    },
    Case {
        name: "MySQL on taosAdapter's port and nothing on the native one",
        scene: || {
            let port = answering(b"J\0\0\0\n8.0.36\0\x08\0\0\0caching_sha2_password\0").port();
            let other = Served::new(without_taosd());
            Scene::healthy()
                .target(format!("127.0.0.1:{port}"))
                .with_native_of(other)
        },
        exit: 12,
        findings: &[
            error("not-tdengine", "ws rest"),
            error("tcp-refused", "native"),
        ],
        ..CASE
    },
];
