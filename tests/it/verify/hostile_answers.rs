//! Answers that would take more memory or time than any check needs.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::time::Duration;

use crate::support::fake_server::Fake;
use crate::support::hostile_websocket::{HostileWebSocket, shared_block, varchar_block};
use crate::support::program::{Cost, Run, TestContext};
use crate::support::served::findings;
use insta::assert_snapshot;
use tokio_tungstenite::tungstenite::Message;

/// The seconds of `--timeout`: the Upgrade, the login, the version and the query have one each at most.
const TIMEOUT: Duration = Duration::from_secs(2);

fn verify(server: &str, transport: &str) -> (Run, Cost) {
    let context = TestContext::new();
    context
        .program([
            "verify",
            &format!("http://{server}"),
            "--transport",
            transport,
            "--timeout",
            "2s",
            "--json",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .run_measured()
}

#[test]
fn blocks_are_bounded_after_decoding() {
    let long = "x".repeat(usize::from(u16::MAX));
    for (name, block) in [
        ("cells that share a text", shared_block(4096, u16::MAX)),
        ("many short cells", varchar_block(&["0123456789"; 4096])),
        ("a large block", varchar_block(&[long.as_str(); 15])),
        ("a block of 4 MiB", varchar_block(&[long.as_str(); 63])),
    ] {
        let server = HostileWebSocket::with_block(&block, true);
        let (run, cost) = verify(&server.address.to_string(), "ws");
        cost.check(TIMEOUT, name);
        assert_eq!(findings(&run), ["query-failed"], "{name}: {run}");
    }
}

#[test]
fn large_messages_are_refused() {
    for size in [5 << 20, 900 << 10] {
        let text = format!("{{\"code\":0,\"version\":[{}0]}}", "0,".repeat(size / 2));
        let server = HostileWebSocket::start(move |_, _, socket| {
            let _ = socket.send(Message::text(text.clone()));
        });
        let (run, cost) = verify(&server.address.to_string(), "ws");
        cost.check(TIMEOUT, "a large text");
        assert_eq!(run.json()["ok"], false, "{run}");
    }
}

#[test]
fn floods_of_pings_are_not_queued() {
    for payload in [vec![b'x'; 125], Vec::new()] {
        let server = HostileWebSocket::start(move |_, _, socket| {
            // Never reads: the answers stay with the program.
            let ping = Message::Ping(payload.clone().into());
            while socket.write(ping.clone()).is_ok() {}
        });
        let (run, cost) = verify(&server.address.to_string(), "ws");
        cost.check(TIMEOUT, "pings");
        assert_eq!(run.exit, Some(10), "{run}");
    }
}

#[test]
fn rest_answers_are_bounded_after_parsing() {
    let zeros = "0,".repeat(500_000);
    for (name, body) in [
        (
            "many values",
            format!("{{\"code\":0,\"desc\":\"\",\"data\":[{zeros}0]}}"),
        ),
        (
            "many objects",
            format!("{{\"code\":0,\"data\":[{}0]}}", "{},".repeat(330_000)),
        ),
        ("deep lists", "[".repeat(1_000_000)),
        ("a large body", "x".repeat(50 << 20)),
    ] {
        // Recognized without a login, then hostile.
        let server = Fake::start(move |head, stream| {
            let login = head.to_ascii_lowercase().contains("authorization");
            let body = if login {
                body.as_str()
            } else {
                r#"{"code":4357,"desc":"no auth"}"#
            };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
            );
        });
        let (run, cost) = verify(&server.address.to_string(), "rest");
        cost.check(TIMEOUT, name);
        assert_eq!(run.json()["ok"], false, "{name}: {run}");
    }
}

#[test]
fn install_and_init_have_the_same_bounds() {
    let server = HostileWebSocket::with_block(&shared_block(4096, u16::MAX), true);
    let target = format!("ws://{}", server.address);
    for args in [
        ["install", "--match", &target, "--dry-run"].as_slice(),
        &["init", "--lang", "python", "--server", &target, "--dry-run"],
    ] {
        let context = TestContext::new();
        let program = context.program(args).env("TAOS_PASSWORD", "taosdata");
        let (_, cost) = program.run_measured();
        cost.check(Duration::from_secs(9), args[0]);
    }
}

#[test]
fn endpoints_of_dnodes_are_checked_before_use() {
    let texts = [
        "evil\r\nX-Injected: 1:6030",
        "a b:6030",
        "-x:6030",
        "$(id):1",
    ];
    let server = HostileWebSocket::with_block(&varchar_block(&texts), false);
    let (run, _) = verify(&server.address.to_string(), "ws");
    assert_eq!(findings(&run), ["dnode-unresolved"], "{run}");
    let finding = &run.json()["findings"][0];
    assert_snapshot!(finding["observed"].as_str().unwrap(), @r"evil\r\nX-Injected: 1:6030 does not resolve on this machine; a b:6030 does not resolve on this machine; -x:6030 does not resolve on this machine; $(id):1 does not resolve on this machine");
    let fix = finding["fix"].as_str().unwrap();
    assert!(!fix.contains("$(id)") && !fix.contains("Injected"), "{fix}");
}
