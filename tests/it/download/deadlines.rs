//! Servers and proxies whose answer never begins, or never ends: the time limit holds for all of it, not for each read.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::support::fake_server::Fake;
use crate::support::program::TestContext;
use insta::assert_snapshot;

/// The limit of a download in these tests, in seconds.
const LIMIT: &str = "1";
/// The same, and what a busy machine takes longer.
const PATIENCE: Duration = Duration::from_secs(4);

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What a server sends: a beginning, and bytes that it repeats, with a wait between them or without.
#[derive(Clone, Copy, Debug)]
struct Endless {
    begins: &'static str,
    repeats: &'static str,
    times: usize,
    pause: Duration,
}

const fn flood(begins: &'static str, repeats: &'static str) -> Endless {
    Endless {
        begins,
        repeats,
        times: 1000,
        pause: Duration::ZERO,
    }
}

const fn drip(begins: &'static str, repeats: &'static str) -> Endless {
    Endless {
        begins,
        repeats,
        times: 1,
        pause: Duration::from_millis(100),
    }
}

const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";

/// Answers that are endless before, in, and after their body.
const ANSWERS: [Endless; 17] = [
    flood("", CONTINUE),
    flood("", "HTTP/1.1 102\r\n\r\n"),
    flood("", HINTS),
    drip("", CONTINUE),
    drip("", "H"),
    drip("HTTP/1.1 200 ", "O"),
    drip(OK, "X: y\r\n"),
    drip("HTTP/1.1 200 OK\r\nX: ", "y"),
    flood(OK, "X: y\r\n"),
    flood(CHUNKED, "1\r\n\u{1f}\r\n"),
    drip(CHUNKED, "1\r\n\u{1f}\r\n"),
    drip(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "x",
    ),
    drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0"),
    drip(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\u{1f}x\r\n0\r\n",
        "X: y\r\n",
    ),
    drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x"),
    drip("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "x"),
    drip("HTTP/1.1 302 Found\r\nLocation: /", "x"),
];

impl Endless {
    fn send(&self, stream: &mut TcpStream) {
        let repeated = self.repeats.repeat(self.times);
        let mut sent = stream.write_all(self.begins.as_bytes());
        while sent.is_ok() {
            std::thread::sleep(self.pause);
            sent = stream.write_all(repeated.as_bytes());
        }
    }

    fn serve(self) -> Fake {
        Fake::start(move |_, stream| self.send(stream))
    }
}

fn check(args: &[&str], variables: &[(&str, &str)], name: &str) {
    let context = TestContext::new();
    let mut program = context
        .program(args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("TAOS_SETUP_DOWNLOAD_TIMEOUT", LIMIT)
        .env("TAOS_SETUP_RETRY_DELAY", "0.01");
    for (name, value) in variables {
        program = program.env(name, value);
    }
    let (run, cost) = program.run_measured();
    cost.check(PATIENCE, name);
    eprintln!("{:5} ms {name} {args:?}", cost.time.as_millis());
    assert!(!matches!(run.exit, None | Some(0 | 101)), "{name}: {run}");
}

#[test]
fn endless_answers_end_at_the_limit() {
    for answer in ANSWERS {
        let server = answer.serve();
        let url = format!("http://{}", server.address);
        let package = format!("{url}/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz");
        let name = format!("{answer:?}");
        check(
            &["install", "--from", &package, "--trust-on-first-use"],
            &[],
            &name,
        );
    }
}

#[test]
fn endless_indexes_end_at_the_limit() {
    for answer in [ANSWERS[0], ANSWERS[3], ANSWERS[7], ANSWERS[10], ANSWERS[15]] {
        let server = answer.serve();
        let url = format!("http://{}", server.address);
        let name = format!("{answer:?}");
        check(&["install", "latest", "--mirror", &url], &[], &name);
    }
}

/// The first limit that is reached may also be that of one answer.
#[test]
fn endless_answers_of_proxies_end_at_the_limit() {
    for answer in [
        ANSWERS[0], ANSWERS[2], ANSWERS[3], ANSWERS[4], ANSWERS[7], ANSWERS[8],
    ] {
        let proxy = answer.serve();
        let url = format!("http://{}", proxy.address);
        let name = format!("{answer:?}");
        for mirror in ["https://mirror.invalid/pub", "http://mirror.invalid/pub"] {
            check(
                &[
                    "install",
                    "3.3.7.5",
                    "--mirror",
                    mirror,
                    "--allow-insecure-http",
                ],
                &[("all_proxy", &url)],
                &name,
            );
        }
    }
}

#[test]
fn silent_socks_proxy_ends_at_the_limit() {
    let proxy = drip("\u{5}", "").serve();
    let url = format!("socks5h://{}", proxy.address);
    let mirror = ["install", "3.3.7.5", "--mirror", "https://mirror.invalid"];
    check(&mirror, &[("all_proxy", &url)], "socks");
}

#[test]
fn endless_handshakes_end_at_the_limit() {
    for records in [
        // A message in parts, warnings, and changes of the cipher.
        drip("\u{16}\u{3}\u{3}\u{40}\0\u{2}\0\u{7f}\u{7f}", "x"),
        flood("", "\u{15}\u{3}\u{3}\0\u{2}\u{1}\0"),
        drip("", "\u{15}\u{3}\u{3}\0\u{2}\u{1}\0"),
        flood("", "\u{14}\u{3}\u{3}\0\u{1}\u{1}"),
        drip("", "\u{16}\u{3}\u{3}\0\0"),
    ] {
        let server = records.serve();
        let url = format!("https://{}", server.address);
        let name = format!("{records:?}");
        check(&["install", "3.3.7.5", "--mirror", &url], &[], &name);
        for transport in ["rest", "ws"] {
            check(
                &["verify", &url, "--transport", transport, "--timeout", "1s"],
                &[],
                &name,
            );
        }
    }
}

/// A server that is recognized as taosAdapter, and then answers without end.
#[test]
fn endless_answers_of_taosadapter_end_at_the_limit() {
    for answer in [
        ANSWERS[0],
        ANSWERS[2],
        ANSWERS[3],
        ANSWERS[4],
        ANSWERS[7],
        ANSWERS[10],
    ] {
        let server = Fake::start(move |head, stream| {
            let head = head.to_ascii_lowercase();
            if head.contains("authorization") || head.contains("upgrade: websocket") {
                answer.send(stream);
            } else {
                let body = r#"{"code":4357,"desc":"no auth"}"#;
                let length = body.len();
                let _ = write!(stream, "{OK}Content-Length: {length}\r\n\r\n{body}");
            }
        });
        let url = format!("http://{}", server.address);
        let name = format!("{answer:?}");
        for transport in ["rest", "ws"] {
            check(
                &["verify", &url, "--transport", transport, "--timeout", "1s"],
                &[],
                &name,
            );
        }
    }
}

#[test]
fn endless_answer_is_reported_in_both_languages() {
    let server = ANSWERS[3].serve();
    let package = format!(
        "http://{}/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
        server.address
    );
    let context = TestContext::new();
    let run = |language: &str| {
        context
            .program(["install", "--from", &package, "--trust-on-first-use"])
            .env("TAOS_SETUP_LANG", language)
            .env("TAOS_SETUP_DOWNLOAD_TIMEOUT", LIMIT)
            .showing(server.address, "SERVER")
            .run()
    };
    assert_snapshot!(run("en"), @"
    exit 5
    --- stdout
    --- stderr
    error[download-failed]: could not download http://[SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      it was not done within [ms]
      next: run it again to resume; TAOS_SETUP_DOWNLOAD_TIMEOUT sets the limit in seconds
    ");
    assert_snapshot!(run("zh"), @"
    exit 5
    --- stdout
    --- stderr
    错误[download-failed]：无法下载 http://[SERVER]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      未在 1 秒内完成
      下一步：重新运行即可继续下载；TAOS_SETUP_DOWNLOAD_TIMEOUT 设置时限（秒）
    ");
}
