//! Servers and machines that are odd, and nothing is wrong with them.

use std::time::Duration;

use super::case::{CASE, Case, Needs, note};
use super::http::relay;
use super::scene::Scene;
use super::versions::says;
use crate::support::fake_server::Fake;
use crate::support::served::Served;
use crate::verify::dnodes::cluster;
use crate::verify::lost_packets::losing_first_packet;
use crate::verify::slow::delayed;
use taos_sandbox::data_faults::DataFaults;
use taos_sandbox::faults::Faults;
use taos_sandbox::front::Proxy;
use taos_sandbox::server::{Listen, Options, User};

const WS_REST: &[&str] = &["--transport", "ws,rest"];

/// A server behind a reverse proxy.
fn behind(proxy: Proxy) -> Scene {
    Scene::of(Options {
        proxy: Some(proxy),
        ..Options::default()
    })
}

fn user(name: &str, password: &str, sysinfo: bool) -> Scene {
    Scene::user(User {
        name: name.into(),
        password: password.into(),
        sysinfo,
        createdb: false,
    })
}

/// A server on `::1` alone, whose dnode advertises that.
fn ipv6() -> Scene {
    let port = std::net::TcpListener::bind("[::1]:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let served = Served::new(Options {
        adapter: Listen::Ipv6(0),
        native: Listen::Ipv6(port),
        dnode_endpoints: Some(vec![format!("[::1]:{port}")]),
        ..Options::default()
    });
    Scene::around(served, "3.3.7.5")
}

fn data(data: DataFaults, zone: &str) -> Scene {
    Scene::data(data).env("TZ", zone)
}

/// With a database called `power`.
fn with_power(scene: Scene) -> Scene {
    let state = scene.served.sandbox.state();
    let mut session = state.login("root", "taosdata", "").unwrap();
    state
        .execute(&mut session, "create database power")
        .unwrap();
    scene
}

pub const CASES: &[Case] = &[
    Case {
        name: "3.3.7.5",
        ..CASE
    },
    Case {
        name: "3.2.2.2, its driver one library",
        scene: || Scene::old(Faults::default()),
        ..CASE
    },
    Case {
        name: "3.2.2.2, a row written and read",
        scene: || Scene::old(Faults::default()),
        args: &["--write"],
        ..CASE
    },
    Case {
        name: "IPv6 alone, by its address",
        scene: ipv6,
        needs: Needs::Ipv6,
        ..CASE
    },
    Case {
        name: "a name of two addresses, one of them dead",
        scene: || {
            let scene = Scene::healthy();
            let port = scene.served.sandbox.adapter().port();
            scene
                .target(format!("localhost:{port}"))
                .native_port_of_its_own()
        },
        needs: Needs::LocalhostOfBoth,
        ..CASE
    },
    Case {
        name: "a name of two addresses, the IPv4 one dead",
        scene: || {
            let scene = ipv6();
            let port = scene.served.sandbox.adapter().port();
            scene
                .target(format!("localhost:{port}"))
                .native_port_of_its_own()
        },
        args: WS_REST,
        needs: Needs::LocalhostOfBoth,
        ..CASE
    },
    Case {
        name: "below a path of a reverse proxy",
        scene: || {
            behind(Proxy {
                prefix: "/db/taos".into(),
                ..Proxy::default()
            })
            .url("http", "/db/taos/")
        },
        args: WS_REST,
        ..CASE
    },
    Case {
        name: "a reverse proxy: chunked bodies, lower-case headers, headers of its own",
        scene: || {
            behind(Proxy {
                chunked: true,
                lower_case: true,
                headers: vec![
                    ("server".into(), "nginx/1.24.0".into()),
                    ("via".into(), "1.1 varnish".into()),
                ],
                ..Proxy::default()
            })
        },
        ..CASE
    },
    Case {
        name: "a reverse proxy that speaks HTTP/1.0",
        scene: || {
            behind(Proxy {
                http_1_0: true,
                ..Proxy::default()
            })
        },
        ..CASE
    },
    Case {
        name: "three dnodes",
        scene: || {
            let all = ["localhost:PORT", "127.0.0.1:PORT", "LOCALHOST:PORT"];
            Scene::around(cluster(&all, &[], Options::default()), "3.3.7.5")
        },
        ..CASE
    },
    Case {
        name: "a user without sysinfo",
        scene: || user("t_low", "Low-pass123", false),
        ..CASE
    },
    Case {
        name: "a user with a long name and a password full of special characters",
        scene: || user("a_user_with_23_letters_", "p@ss:/?#[]!$&'()*+,;=%", true),
        ..CASE
    },
    Case {
        name: "a password with special characters in the URL",
        scene: || {
            let scene = user("odd", "p@ss:/?#%2F", true);
            let url = format!(
                "http://odd:p%40ss%3A%2F%3F%23%252F@{}",
                scene.served.sandbox.adapter()
            );
            scene.target(url).native_port_of_its_own()
        },
        args: &["--transport", "ws,rest,native"],
        ..CASE
    },
    Case {
        name: "a database in the URL that is there",
        scene: || with_power(Scene::healthy()).url("http", "/rest/sql/power"),
        args: &["--transport", "ws,rest,native"],
        ..CASE
    },
    Case {
        name: "a ws URL whose path names a database",
        scene: || with_power(Scene::healthy()).url("ws", "/power"),
        ..CASE
    },
    Case {
        name: "a URL of taosAdapter's InfluxDB endpoint",
        scene: || with_power(Scene::healthy()).url("http", "/influxdb/v1/write?db=power"),
        ..CASE
    },
    Case {
        name: "a URL of taosAdapter's endpoint for Prometheus' remote_write",
        scene: || with_power(Scene::healthy()).url("http", "/prometheus/v1/remote_write/power"),
        ..CASE
    },
    Case {
        name: "a URL of taosAdapter's endpoint for Prometheus' remote_read",
        scene: || with_power(Scene::healthy()).url("http", "/prometheus/v1/remote_read/power"),
        ..CASE
    },
    Case {
        name: "Python's keyword arguments as the target",
        scene: || {
            let scene = Scene::healthy();
            let port = scene.served.sandbox.adapter().port();
            let target = format!("host=\"127.0.0.1\", port={port}, user=\"root\"");
            scene.target(target).native_port_of_its_own()
        },
        ..CASE
    },
    Case {
        name: "a server that its cluster still lists as offline, seconds after its start",
        scene: || {
            let scene = Scene::healthy();
            let sandbox = &scene.served.sandbox;
            let offline = vec![format!("127.0.0.1:{}", sandbox.native().port())];
            let offline = [offline, sandbox.state().dnode_endpoints()].concat();
            sandbox.set_faults(taos_sandbox::faults::Faults {
                data: taos_sandbox::data_faults::DataFaults {
                    offline,
                    ..taos_sandbox::data_faults::DataFaults::default()
                },
                ..taos_sandbox::faults::Faults::default()
            });
            scene
        },
        ..CASE
    },
    Case {
        name: "the first packet of a connection to taosAdapter is lost",
        scene: || {
            let scene = Scene::healthy();
            let adapter = losing_first_packet(scene.served.sandbox.adapter(), 1);
            scene.target(adapter.to_string()).native_port_of_its_own()
        },
        timeouts: 1,
        needs: Needs::LossyQueue,
        ..CASE
    },
    Case {
        name: "the first packet of the second connection that recognizes taosd is lost",
        scene: || {
            let scene = Scene::healthy();
            let native = losing_first_packet(scene.served.sandbox.native(), 2);
            scene.native_port(native.port())
        },
        timeouts: 1,
        needs: Needs::LossyQueue,
        ..CASE
    },
    Case {
        name: "a path of 600 ms",
        scene: || {
            let scene = Scene::healthy();
            let sandbox = &scene.served.sandbox;
            let half = Duration::from_millis(300);
            let adapter = delayed(sandbox.adapter(), half);
            let native = delayed(sandbox.native(), half);
            scene.target(adapter.to_string()).native_port(native.port())
        },
        args: &["--timeout", "10s"],
        timeouts: 5,
        ..CASE
    },
    Case {
        name: "a reverse proxy that closes kept connections when they are used again",
        scene: || {
            behind(Proxy {
                closes_kept: true,
                ..Proxy::default()
            })
        },
        ..CASE
    },
    Case {
        name: "a reverse proxy with a short read timeout that nothing reaches",
        scene: || {
            behind(Proxy {
                read_timeout: Some(Duration::from_secs(1)),
                ..Proxy::default()
            })
        },
        ..CASE
    },
    Case {
        name: "packets of full size lost on a path, and no answer as long as that",
        scene: || {
            Scene::faults(Faults {
                loses_answers_over: Some(64 * 1024),
                ..Faults::default()
            })
        },
        ..CASE
    },
    Case {
        name: "a ws URL whose path is taosAdapter's own",
        scene: || Scene::healthy().url("ws", "/ws"),
        ..CASE
    },
    Case {
        name: "a URL of taosAdapter's OpenTSDB endpoint",
        scene: || with_power(Scene::healthy()).url("http", "/opentsdb/v1/put/json/power"),
        ..CASE
    },
    Case {
        name: "a way of 150 ms",
        scene: || {
            Scene::faults(Faults {
                latency: Duration::from_millis(150),
                ..Faults::default()
            })
        },
        args: &["--timeout", "10s"],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "every answer comes just before the timeout",
        scene: || {
            Scene::faults(Faults {
                latency: Duration::from_millis(1400),
                ..Faults::default()
            })
        },
        args: &["--transport", "rest"],
        findings: &[note("slow", "rest")],
        timeouts: 3,
        ..CASE
    },
    Case {
        name: "SQL errors change the HTTP status",
        scene: || {
            Scene::of(Options {
                http_code_server_error: true,
                ..Options::default()
            })
        },
        ..CASE
    },
    Case {
        name: "a row written to a server in +08:00 from UTC, with its zone",
        scene: || {
            data(
                DataFaults {
                    zone: Some("Asia/Shanghai".into()),
                    ..DataFaults::default()
                },
                "UTC",
            )
        },
        ..CASE
    },
    Case {
        name: "a row written to a server in UTC from +08:00",
        scene: || data(DataFaults::default(), "Asia/Shanghai"),
        args: &["--write", "--transport", "ws,rest"],
        findings: &[note("timezone-shift", "ws rest")],
        ..CASE
    },
    Case {
        name: "a clock off by 2 s",
        scene: || {
            data(
                DataFaults {
                    clock_ms: 2000,
                    ..DataFaults::default()
                },
                "UTC",
            )
        },
        args: &["--write"],
        ..CASE
    },
    Case {
        name: "a driver of another fourth part",
        scene: || Scene::healthy().driver("3.3.7.0"),
        ..CASE
    },
    Case {
        name: "an Enterprise server and a driver of no known edition",
        scene: || {
            data(
                DataFaults {
                    edition: Some("official".into()),
                    ..DataFaults::default()
                },
                "UTC",
            )
        },
        ..CASE
    },
    Case {
        name: "loopback while a variable names a proxy that is away",
        scene: || {
            Scene::healthy()
                .env("http_proxy", "http://proxy.invalid:3128")
                .env("ALL_PROXY", "socks5://proxy.invalid:1080")
        },
        ..CASE
    },
    Case {
        name: "a remote server and a proxy of a variable that passes everything on",
        scene: || {
            let address = crate::verify::proxy::another_address().unwrap();
            let scene = Scene::healthy();
            let adapter = scene.served.sandbox.adapter();
            let remote = relay(std::net::TcpListener::bind((address, 0)).unwrap(), adapter);
            // A proxy is asked with the whole URL, which taosAdapter takes too.
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let proxy = relay(listener, adapter);
            scene
                .target(remote)
                .native_port_of_its_own()
                .env("http_proxy", format!("http://{proxy}"))
        },
        args: WS_REST,
        needs: Needs::AnotherAddress,
        ..CASE
    },
    Case {
        name: "a version with a word behind it",
        scene: || says("3.3.7.5.alpha"),
        args: WS_REST,
        ..CASE
    },
    Case {
        name: "a server that tells no version",
        scene: || says(""),
        args: WS_REST,
        ..CASE
    },
    Case {
        name: "a server that tells a word for its version",
        scene: || says("community"),
        args: WS_REST,
        ..CASE
    },
    Case {
        name: "a version of two parts with a word before it",
        scene: || says("ver:3.0"),
        args: WS_REST,
        ..CASE
    },
    Case {
        name: "no client library, and native not asked for by name",
        scene: || Scene::healthy().env("LD_LIBRARY_PATH", ""),
        ..CASE
    },
    Case {
        name: "a page behind a stranger's port that is not asked",
        scene: || {
            let fake = Fake::http("404 Not Found", "");
            Scene::healthy().native_port(fake.address.port()).keep(fake)
        },
        args: WS_REST,
        ..CASE
    },
];
