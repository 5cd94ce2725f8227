//! Names with several addresses: each is tried and reported.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::program::TestContext;
use crate::support::served::findings;

/// Whether `localhost` has an IPv6 address here, which small images and containers often lack.
pub fn localhost_has_both() -> bool {
    use std::net::ToSocketAddrs;
    let found: Vec<_> = ("localhost", 0).to_socket_addrs().unwrap().collect();
    found.iter().any(|address| address.is_ipv6())
        && found.iter().any(|address| address.is_ipv4())
        && TcpListener::bind("[::1]:0").is_ok()
}

#[test]
fn localhost_that_listens_on_ipv4_alone() {
    if !localhost_has_both() {
        crate::support::skipped::report(
            "localhost_that_listens_on_ipv4_alone",
            "localhost has one address here",
        );
        return;
    }
    let served = crate::support::served::Served::healthy();
    let url = format!("http://localhost:{}", served.sandbox.adapter().port());
    let begun = Instant::now();
    let run = served
        .verify(&url, &[])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let line = run
        .stdout
        .lines()
        .find(|line| line.contains(" tcp "))
        .unwrap();
    assert!(
        line.contains("127.0.0.1:[ADAPTER] accepts; [::1]:[ADAPTER] refused the connection"),
        "{line}"
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn server_with_ipv6_only_passes() {
    if TcpListener::bind("[::1]:0").is_err() {
        crate::support::skipped::report("server_with_ipv6_only_passes", "this machine has no IPv6");
        return;
    }
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let fake = crate::support::fake_server::Fake::on(listener, |_, stream| {
        use std::io::Write;
        let _ = stream.write_all(b"SSH-2.0-x\r\n");
    });
    let context = TestContext::new();
    let run = context
        .program(["verify", &format!("http://{}", fake.address), "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(findings(&run), ["not-tdengine"], "{run}");
    let host = format!("Host: {}", fake.address);
    assert!(fake.heads().concat().contains(&host), "{:?}", fake.heads());
}
