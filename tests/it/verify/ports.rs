//! Ports that do not answer as they should.

use std::time::{Duration, Instant};

use crate::support::program::{Run, TestContext};
use crate::support::served::{Served, findings, install_driver, without_adapter};
use insta::assert_snapshot;
use taos_sandbox::faults::{Faults, ForeignHttp, Listener};
use taos_sandbox::server::{Listen, Options};

/// ws and rest against an adapter's port with `listener`, one second a check.
fn adapter(listener: Listener) -> (Run, Duration) {
    let served = Served::with_faults(Faults {
        adapter: listener,
        ..Faults::default()
    });
    let begun = Instant::now();
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--timeout", "1s"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    (run, begun.elapsed())
}

/// The native transport against a native port with `listener`.
fn native(listener: Listener) -> Run {
    let served = Served::with_faults(Faults {
        native: listener,
        ..Faults::default()
    });
    let folder = install_driver(&served.context, "3.3.7.5");
    served
        .verify_adapter(&["--transport", "native", "--timeout", "2s"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run()
}

#[test]
fn nothing_listens() {
    let served = Served::new(Options {
        native: Listen::Refused,
        ..without_adapter()
    });
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at tcp
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✗ tcp            127.0.0.1:[ADAPTER] refused the connection ([ms])
      ✗ rest   failed at tcp
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✗ tcp            127.0.0.1:[ADAPTER] refused the connection ([ms])

    error[tcp-refused]: no program listens on 127.0.0.1:[ADAPTER] (over ws, rest)
      observed: 127.0.0.1:[ADAPTER] refused the connection
      expected: a connection
      cause:    The machine answers, but no program on it has this port open: the server is not running there, or it uses another port.
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; start what is stopped, or pass the right host and port
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn taosd_runs_and_its_adapter_does_not() {
    let served = Served::new(without_adapter());
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 14
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at tcp
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✗ tcp            127.0.0.1:[ADAPTER] refused the connection ([ms])
      ✗ rest   failed at tcp
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✗ tcp            127.0.0.1:[ADAPTER] refused the connection ([ms])

    error[adapter-not-running]: taosd runs on 127.0.0.1, but taosAdapter does not (over ws, rest)
      observed: 127.0.0.1:[ADAPTER] refused the connection
      expected: a connection
      cause:    The native port [NATIVE] answers, and 127.0.0.1:[ADAPTER] refuses connections. taosAdapter, a separate service, serves REST and WebSocket.
      fix:      systemctl enable --now taosadapter    # on 127.0.0.1; in a container, publish the port: -p [ADAPTER]:6041
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    // The port cannot be reached, whatever the exit code: what can be reached is looked at.
    let run = served
        .verify_adapter(&["--transport", "rest", "--json"])
        .run();
    let control = &run.json()["data"]["targets"][0]["control"];
    assert!(control["resolver"].is_object(), "{control:#}");
}

#[test]
fn port_that_hangs_is_found() {
    let (run, took) = adapter(Listener::Hangs);
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       connected, then no answer ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       connected, then no answer ([ms])

    error[no-answer]: 127.0.0.1:[ADAPTER] accepts connections but does not answer (over ws, rest)
      observed: connected, then no answer
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    The program behind the port hangs or is overloaded, or a device in between accepts connections for it.
      fix:      systemctl restart taosadapter    # on 127.0.0.1; if the server is only slow, run again with --timeout 20s
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn it_closes_at_once() {
    assert_snapshot!(adapter(Listener::ClosesAtOnce).0, @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       the connection is closed without an answer ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       the connection is closed without an answer ([ms])

    error[closed-early]: 127.0.0.1:[ADAPTER] closes the connection (over ws, rest)
      observed: the connection is closed without an answer
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    The connection is accepted and then closed: a load balancer or port forwarding without a running server behind it, a server that is starting or stopping, or another program that closes on a request that it does not understand (PostgreSQL does).
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; behind a proxy or docker -p, check where it forwards to
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn another_http_server_answers() {
    assert_snapshot!(adapter(Listener::Foreign(ForeignHttp::NotFound)).0, @"
    exit 12
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 404 from Apache/2.4.58 (Ubuntu), not taosAdapter's JSON ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 404 from Apache/2.4.58 (Ubuntu), not taosAdapter's JSON ([ms])

    error[not-tdengine]: 127.0.0.1:[ADAPTER] is Apache, not TDengine (over ws, rest)
      observed: HTTP 404 from Apache/2.4.58 (Ubuntu), not taosAdapter's JSON
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    Another program uses this port, or a web server in front of taosAdapter does not pass the path on.
      fix:      ss -ltnp 'sport = :[ADAPTER]'    # on 127.0.0.1: which program uses the port? Then pass taosAdapter's port, 6041 by default
    --- stderr
    ");
}

#[test]
fn gateway_answers() {
    assert_snapshot!(adapter(Listener::Foreign(ForeignHttp::BadGateway)).0, @"
    exit 12
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 502 from nginx/1.24.0 ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 502 from nginx/1.24.0 ([ms])

    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[ADAPTER] instead of taosAdapter (over ws, rest)
      observed: HTTP 502 from nginx/1.24.0
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    A gateway between this machine and the server cannot connect to taosAdapter, or does not let the request through.
      fix:      curl -i http://127.0.0.1:6041/-/ping    # on the proxy's machine, with taosAdapter's address
    --- stderr
    ");
}

#[test]
fn proxy_drops_the_upgrade() {
    assert_snapshot!(adapter(Listener::Foreign(ForeignHttp::NoUpgrade(400))).0, @r#"
    exit 12
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       HTTP 400 from nginx/1.24.0 to the Upgrade on /ws ([ms])
      ✓ rest   taosAdapter 3.3.7.5, root, 1 dnode, [ms]

    error[ws-upgrade-refused]: taosAdapter on 127.0.0.1:[ADAPTER] is reachable over REST, but not over WebSocket (over ws)
      observed: HTTP 400 from nginx/1.24.0 to the Upgrade on /ws
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    A gateway between this machine and taosAdapter drops the Upgrade, or the server is older than 3.0 and has no WebSocket.
      fix:      proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";    # in nginx's location block for 127.0.0.1:[ADAPTER]
    --- stderr
    "#);
}

#[test]
fn port_that_answers_garbage_is_found() {
    assert_snapshot!(adapter(Listener::Garbage).0, @r"
    exit 12
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       bytes that are not HTTP: \u{15}\u{3}\u{3}\u{0}\u{2}\u{2}( 220 not the server that you are looking for\r\n\u{0}�� ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ protocol       bytes that are not HTTP: \u{15}\u{3}\u{3}\u{0}\u{2}\u{2}( 220 not the server that you are looking for\r\n\u{0}�� ([ms])

    error[not-tdengine]: the program on 127.0.0.1:[ADAPTER] is not TDengine (over ws, rest)
      observed: bytes that are not HTTP: \u{15}\u{3}\u{3}\u{0}\u{2}\u{2}( 220 not the server that you are looking for\r\n\u{0}��
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    Another program uses this port, or a web server in front of taosAdapter does not pass the path on.
      fix:      ss -ltnp 'sport = :[ADAPTER]'    # on 127.0.0.1: which program uses the port? Then pass taosAdapter's port, 6041 by default
    --- stderr
    ");
}

#[test]
fn url_names_the_native_port() {
    let served = Served::healthy();
    let url = format!("http://{}", served.sandbox.native());
    let run = served
        .verify(&url, &[])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 12
    --- stdout
    http://127.0.0.1:[NATIVE]
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[NATIVE] accepts ([ms])
        ✗ protocol       an HTTP request is closed without an answer, as on the native port of taosd ([ms])

    error[wrong-port]: 127.0.0.1:[NATIVE] is the native port, not taosAdapter's (over rest)
      observed: an HTTP request is closed without an answer, as on the native port of taosd
      expected: an answer of taosAdapter
      cause:    taosAdapter serves REST and WebSocket, on port 6041 by default; port 6030 uses the native protocol.
      fix:      taos-setup verify 127.0.0.1:6041 --native-port [NATIVE]
    --- stderr
    ");
}

#[test]
fn native_port_is_named_without_a_scheme() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let target = served.sandbox.native().to_string();
    let run = served
        .context
        .program(["verify", &target, "--transport", "native"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .showing(served.sandbox.native().port(), "NATIVE")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(run.stderr, @"note: [NATIVE] answers like the native port and is used as such; ws and rest use 6041");
}

#[test]
fn adapters_port_is_named_as_the_native_one() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let adapter = served.sandbox.adapter();
    let port = adapter.port().to_string();
    let run = served
        .verify(
            &adapter.to_string(),
            &["--transport", "native", "--native-port", &port],
        )
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_snapshot!(run, @"
    exit 12
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at fingerprint
        ✓ library        [ROOT]/driver/libtaos.so, first on the library search path ([ms])
        ✓ load           loaded and started ([ms])
        ✓ client_version 3.3.7.5, server 3.3.7.5 ([ms])
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✗ fingerprint    an HTTP answer of taosAdapter ([ms])

    error[wrong-port]: 127.0.0.1:[ADAPTER] is taosAdapter's port, not the native port (over native)
      observed: an HTTP answer of taosAdapter
      expected: no answer or a closed connection, like the native port of taosd
      cause:    The native driver connects to taosd, on port 6030 by default; on an HTTP port it hangs for minutes.
      fix:      taos-setup verify 127.0.0.1:[ADAPTER] --native-port 6030
    --- stderr
    ");
}

#[test]
fn native_port_hangs() {
    assert_snapshot!(native(Listener::Hangs), @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at connect
        ✓ library        [ROOT]/driver/libtaos.so, first on the library search path ([ms])
        ✓ load           loaded and started ([ms])
        ✓ client_version 3.3.7.5, server 3.3.7.5 ([ms])
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[NATIVE] accepts ([ms])
        ✓ fingerprint    no answer: unknown, so the driver connects ([ms])
        ✗ connect        the driver got no answer to its first message ([ms])

    error[no-answer]: 127.0.0.1:[NATIVE] accepts connections but does not answer (over native)
      observed: the driver got no answer to its first message
      expected: a login as root
      cause:    The program behind the port hangs or is overloaded, or a device in between accepts connections for it.
      fix:      systemctl restart taosd    # on 127.0.0.1; if the server is only slow, run again with --timeout 20s
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn native_port_closes_at_once() {
    assert_snapshot!(native(Listener::ClosesAtOnce), @"
    exit 10
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ native failed at fingerprint
        ✓ library        [ROOT]/driver/libtaos.so, first on the library search path ([ms])
        ✓ load           loaded and started ([ms])
        ✓ client_version 3.3.7.5, server 3.3.7.5 ([ms])
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[NATIVE] accepts ([ms])
        ✗ fingerprint    the connection is closed without an answer ([ms])

    error[closed-early]: 127.0.0.1:[NATIVE] closes the connection (over native)
      observed: the connection is closed without an answer
      expected: no answer or a closed connection, like the native port of taosd
      cause:    The connection is accepted and then closed: a load balancer or port forwarding without a running server behind it, a server that is starting or stopping, or another program that closes on a request that it does not understand (PostgreSQL does).
      fix:      systemctl status taosd taosadapter    # on 127.0.0.1; behind a proxy or docker -p, check where it forwards to
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn native_port_answers_garbage() {
    let run = native(Listener::Garbage);
    assert_eq!(run.exit, Some(12), "{run}");
    assert!(run.stdout.contains("error[not-tdengine]"), "{run}");
}

#[test]
fn name_does_not_resolve() {
    let served = Served::healthy();
    let run = served
        .verify(
            "no-such-host.invalid:6041",
            &["--transport", "ws,rest", "--json"],
        )
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(10), vec!["dns-unresolved".to_owned()])
    );
}

/// A port that answers every connection with `bytes`, whatever it is sent; the test's end ends it.
pub fn answering(bytes: &'static [u8]) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // A client that goes away does not concern this server.
            let _ = stream
                .read(&mut [0; 4096])
                .and_then(|_| stream.write_all(bytes));
        }
    });
    address
}

#[test]
fn port_with_tls_is_found() {
    let context = TestContext::new();
    let alert = b"\x15\x03\x01\x00\x02\x02\x46";
    let go = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    let redirect = b"HTTP/1.1 301 Moved\r\nLocation: https://h/\r\nContent-Length: 0\r\n\r\n";
    for bytes in [alert.as_slice(), go, redirect] {
        let target = answering(bytes).to_string();
        let run = context
            .program(["verify", &target, "--transport", "ws,rest", "--json"])
            .run();
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(10), vec!["tls-expected".to_owned()]),
            "{run}"
        );
    }
}

#[test]
fn another_protocol_answers_the_driver() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let port = answering(b"SSH-2.0-OpenSSH_9.6\r\n").port().to_string();
    let run = served
        .verify_adapter(&["--transport", "native", "--native-port", &port, "--json"])
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(12), vec!["not-tdengine".to_owned()]),
        "{run}"
    );
}

#[test]
fn ports_are_swapped() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let target = served.sandbox.native().to_string();
    let port = served.sandbox.adapter().port().to_string();
    let run = served
        .verify(&target, &["--native-port", &port, "--timeout", "2s"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    let verdict = run.stdout.split("\n\n").nth(1).unwrap_or_default();
    assert_snapshot!(verdict, @"
    error[wrong-port]: the ports are swapped: [NATIVE] is the native port, [ADAPTER] is taosAdapter's (over ws, rest, native)
      observed: an HTTP request is closed without an answer, as on the native port of taosd; an HTTP answer of taosAdapter
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    taosAdapter serves REST and WebSocket, on port 6041 by default; port 6030 uses the native protocol.
      fix:      taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE]
    ");
}

#[test]
fn answer_breaks_off() {
    let context = TestContext::new();
    let whole = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 55\r\n\r\n{\"code\":4357,\"desc\":\"no auth info input\",\"timing\":6700}";
    for count in [3, 8, 11, 30, whole.len() - 30] {
        let target = answering(&whole[..count]).to_string();
        let run = context
            .program(["verify", &target, "--transport", "rest", "--json"])
            .run();
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(10), vec!["closed-early".to_owned()]),
            "{count}: {run}"
        );
    }
}

#[test]
fn proxy_wants_a_login_of_its_own() {
    let context = TestContext::new();
    let target = answering(b"HTTP/1.1 401 Unauthorized\r\nServer: nginx\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 6\r\n\r\n<html>").to_string();
    let run = context
        .program(["verify", &target, "--transport", "ws,rest", "--json"])
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(12), vec!["proxy-in-the-way".to_owned()]),
        "{run}"
    );
}

#[test]
fn proxy_drops_what_a_login_needs() {
    let context = TestContext::new();
    let target = answering(b"HTTP/1.0 401 Unauthorized\r\nContent-Length: 55\r\n\r\n{\"code\":4357,\"desc\":\"no auth info input\",\"timing\":6700}").to_string();
    let run = context
        .program(["verify", &target, "--transport", "ws,rest", "--json"])
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (
            Some(12),
            vec![
                "ws-upgrade-refused".to_owned(),
                "proxy-in-the-way".to_owned()
            ]
        ),
        "{run}"
    );
}

#[test]
fn proxy_keeps_rest_from_the_adapter() {
    use std::io::{Read, Write};
    let served = Served::healthy();
    let adapter = served.sandbox.adapter();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut first = [0; 4096];
            let count = stream.read(&mut first).unwrap();
            if first.starts_with(b"POST") {
                let page =
                    b"HTTP/1.1 403 Forbidden\r\nServer: nginx\r\nContent-Length: 6\r\n\r\n<html>";
                // A client that goes away does not concern this proxy.
                let _ = stream.write_all(page);
                continue;
            }
            let mut behind = std::net::TcpStream::connect(adapter).unwrap();
            behind.write_all(&first[..count]).unwrap();
            let (mut there, mut back) = (stream.try_clone().unwrap(), behind.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut there, &mut behind));
            std::thread::spawn(move || std::io::copy(&mut back, &mut stream));
        }
    });
    let run = served
        .verify(&target, &["--transport", "ws,rest", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(12), vec!["proxy-in-the-way".to_owned()]),
        "{run}"
    );
    assert_eq!(
        run.json()["findings"][0]["transports"],
        serde_json::json!(["rest"])
    );
}
