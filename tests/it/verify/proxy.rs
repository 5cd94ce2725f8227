//! A proxy in a variable: REST goes through it, as Go's and Python's connectors do; WebSocket and native do not.

use crate::support::fake_server::Fake;
use crate::support::program::TestContext;
use crate::support::served::{Served, findings};
use insta::assert_snapshot;

#[test]
fn loopback_is_asked_without_it_and_that_is_said() {
    let served = Served::healthy();
    let proxy = Fake::http("502 Bad Gateway", "");
    let verify = |variable: &str, no_proxy: &str| {
        served
            .verify_adapter(&["--transport", "ws,rest"])
            .env("TAOS_PASSWORD", "taosdata")
            .env(variable, format!("http://{}", proxy.address))
            .env("NO_PROXY", no_proxy)
            .run()
    };
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        let run = verify(variable, "");
        assert_eq!(run.exit, Some(0), "{run}");
        let reported = format!("note: {variable} is set, and NO_PROXY does not include 127.0.0.1");
        assert!(run.stderr.starts_with(&reported), "{run}");
    }
    let run = verify("http_proxy", "127.0.0.1");
    assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""));
    assert!(proxy.heads().is_empty());
}

#[test]
fn server_that_only_the_proxy_may_reach() {
    let context = TestContext::new();
    let run = context
        .program(["verify", "no-such-host.invalid", "--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .env(
            "HTTP_PROXY",
            "http://user:hunter2-secret@proxy.invalid:3128",
        )
        .run();
    assert_eq!((run.exit, run.stderr.as_str()), (Some(10), ""), "{run}");
    assert!(!run.stdout.contains("hunter2"), "{run}");
    let cause = run.stdout.lines().find(|line| line.contains("cause:"));
    // What comes before it depends on whether this machine has a DNS server.
    let (_, about_proxies) = cause.unwrap().split_once("Programs").unwrap();
    assert_snapshot!(format!("Programs{about_proxies}"), @"Programs that use REST leave the name to the proxy in HTTP_PROXY; WebSocket and native connections do not.");
    let run = context
        .program([
            "verify",
            "no-such-host.invalid",
            "--transport",
            "ws",
            "--json",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .env("HTTP_PROXY", "http://proxy.invalid:3128")
        .run();
    assert_eq!(findings(&run), ["dns-unresolved"]);
    assert!(!run.stdout.contains("HTTP_PROXY"), "{run}");
}

/// An address of this machine that is not loopback; `None` where there is none.
#[cfg(target_os = "linux")]
pub fn another_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback()).then_some(address)
}

#[cfg(target_os = "linux")]
#[test]
fn proxy_that_does_not_pass_rest_on_is_named() {
    let Some(address) = another_address() else {
        crate::support::skipped::report(
            "proxy_that_does_not_pass_rest_on_is_named",
            "this machine has no address but loopback",
        );
        return;
    };
    // Enough of taosAdapter to be recognised: the answer to a request without a login.
    let listener = std::net::TcpListener::bind((address, 0)).unwrap();
    let adapter = Fake::on(listener, |_, stream| {
        use std::io::Write;
        let body = "{\"code\":4357,\"desc\":\"no auth info input\"}";
        let _ = write!(
            stream,
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    });
    let proxy = Fake::http("403 Forbidden\r\nServer: squid", "denied");
    let context = TestContext::new();
    let run = context
        .program(["verify", &format!("http://{}", adapter.address), "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .env("http_proxy", format!("http://{}", proxy.address))
        .run();
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["proxy-in-the-way".to_owned()], Some(12)),
        "{run}"
    );
    let finding = run.json()["findings"][0].clone();
    assert!(
        finding["summary"]
            .as_str()
            .unwrap()
            .starts_with("the proxy in http_proxy does not pass requests"),
        "{finding}"
    );
    assert!(
        finding["fix"].as_str().unwrap().contains("NO_PROXY"),
        "{finding}"
    );
    assert_eq!(proxy.heads().len(), 1);
}
