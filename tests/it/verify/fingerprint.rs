//! Who answers where taosAdapter should: every stranger gets its name, and none of them holds verify up.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::fake_server::Fake;
use crate::support::program::{Run, TestContext};
use crate::support::served::findings;
use insta::assert_snapshot;

/// ws and rest against `fake`, one second a check.
fn verify(fake: &Fake, args: &[&str]) -> Run {
    let context = TestContext::new();
    let target = format!("http://{}", fake.address);
    let words = [
        "verify",
        &target,
        "--transport",
        "ws,rest",
        "--timeout",
        "1s",
    ];
    context
        .program(words.iter().chain(args))
        .env("TAOS_PASSWORD", "hunter2-secret")
        .showing(fake.address.port(), "PORT")
        .run()
}

/// The findings, the exit code and the first finding's summary.
fn verdict(fake: &Fake) -> (Vec<String>, Option<i32>, String) {
    let run = verify(fake, &["--json"]);
    let summary = run.json()["findings"][0]["summary"].clone();
    let summary = summary.as_str().unwrap_or_default().to_owned();
    for head in fake.heads() {
        assert!(
            !head.contains("Authorization"),
            "a stranger got a login: {head}"
        );
    }
    (findings(&run), run.exit, summary)
}

#[test]
fn programs_are_named() {
    for (fake, name) in [
        (
            Fake::http("404 Not Found\r\nServer: nginx/1.24.0", ""),
            "nginx",
        ),
        (
            Fake::http("200 OK", "<html><head><title>Grafana</title></head></html>"),
            "Grafana",
        ),
        (
            Fake::http("404 Not Found\r\nServer: envoy", ""),
            "Envoy (an ingress or a service mesh)",
        ),
        (
            Fake::http("404 Not Found", "default backend - 404"),
            "the default backend of a Kubernetes ingress",
        ),
        (Fake::says("SSH-2.0-OpenSSH_9.6\r\n"), "an SSH server"),
        (
            Fake::says(b"J\0\0\0\n8.0.36\0\x08\0\0\0caching_sha2_password\0".as_slice()),
            "MySQL",
        ),
        (Fake::says("-ERR wrong number of arguments\r\n"), "Redis"),
        (
            Fake::says(b"E\0\0\0\x55SFATAL\0VFATAL\0C0A000\0Munsupported\0\0".as_slice()),
            "PostgreSQL",
        ),
        (
            Fake::says("220 mx.example ESMTP Postfix\r\n"),
            "a mail server (SMTP)",
        ),
        (
            Fake::says(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80".as_slice()),
            "an HTTP/2 server that speaks no HTTP/1.1 (gRPC?)",
        ),
    ] {
        let (ids, exit, summary) = verdict(&fake);
        assert_eq!(
            (ids, exit),
            (vec!["not-tdengine".to_owned()], Some(12)),
            "{name}"
        );
        assert!(
            summary.contains(&format!("is {name}, not TDengine")),
            "{summary}"
        );
    }
}

#[test]
fn redirect_to_https_names_the_url() {
    for status in ["301 Moved Permanently", "308 Permanent Redirect"] {
        let fake = Fake::http(
            &format!("{status}\r\nServer: nginx\r\nLocation: https://db.example:8443/rest/sql"),
            "",
        );
        let run = verify(&fake, &["--json"]);
        assert_eq!(findings(&run), ["tls-expected"], "{run}");
        let fix = run.json()["findings"][0]["fix"].clone();
        let fix = fix.as_str().unwrap();
        assert!(
            fix.starts_with("taos-setup verify https://HOST --transport ws,rest"),
            "no password goes to a host that only an answer names: {fix}"
        );
        assert!(fix.contains("db.example"), "{fix}");
    }
}

#[test]
fn login_page_stands_before_it() {
    let fake = Fake::http(
        "302 Found\r\nLocation: http://sso.example/login?next=%1b[2J",
        "",
    );
    assert_snapshot!(verify(&fake, &[]), @"
    exit 12
    --- stdout
    http://127.0.0.1:[PORT]
      ✗ ws     failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[PORT] accepts ([ms])
        ✗ protocol       HTTP 302 to http://sso.example/login?next=%1b[2J ([ms])
      ✗ rest   failed at protocol
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[PORT] accepts ([ms])
        ✗ protocol       HTTP 302 to http://sso.example/login?next=%1b[2J ([ms])

    error[proxy-in-the-way]: a proxy answers on 127.0.0.1:[PORT] instead of taosAdapter (over ws, rest)
      observed: HTTP 302 to http://sso.example/login?next=%1b[2J
      expected: 101 Switching Protocols, and taosAdapter's version
      cause:    A gateway in front of taosAdapter redirects to a login page on sso.example. Connectors cannot log in there, and no password was sent there.
      fix:      pass /ws and /rest/ to taosAdapter without the login page, in the gateway's configuration for 127.0.0.1:[PORT]; or pass taosAdapter's own port
    --- stderr
    ");
}

#[test]
fn gateways_that_answer_in_its_place() {
    for status in [
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Time-out",
        "429 Too Many Requests",
    ] {
        let (ids, exit, _) = verdict(&Fake::http(status, "<html>"));
        assert_eq!(
            (ids, exit),
            (vec!["proxy-in-the-way".to_owned()], Some(12)),
            "{status}"
        );
    }
}

#[test]
fn answer_of_taosadapters_with_http_200_and_no_data_is_no_success() {
    let fake = Fake::http("200 OK", "{\"code\":0,\"desc\":\"success\"}");
    let context = TestContext::new();
    let target = format!("http://{}", fake.address);
    let run = context
        .program(["verify", &target, "--timeout", "1s", "--json"])
        .env("TAOS_PASSWORD", "hunter2-secret")
        .run();
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["auth-failed".to_owned()], Some(11)),
        "{run}"
    );
    let logins = fake
        .heads()
        .iter()
        .filter(|head| head.to_ascii_lowercase().contains("authorization"))
        .count();
    assert_eq!(logins, 1);
}

/// Says `piece` again and again until the peer goes away.
fn forever(piece: &'static [u8], pause: Duration) -> impl Fn(&str, &mut TcpStream) + Send + Sync {
    move |_, stream| {
        while stream.write_all(piece).is_ok() {
            std::thread::sleep(pause);
        }
    }
}

#[test]
fn endless_answer_is_bounded_in_time_and_size() {
    let second = Duration::from_secs(1);
    let none = Duration::ZERO;
    for (name, fake, expected) in [
        (
            "one byte a second",
            Fake::start(|_, stream| {
                for byte in b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" {
                    if stream.write_all(&[*byte]).is_err() {
                        break;
                    }
                    std::thread::sleep(Duration::from_secs(1));
                }
            }),
            "no-answer",
        ),
        (
            "headers without end",
            Fake::start(move |head, stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
                forever(b"X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", none)(head, stream);
            }),
            "not-tdengine",
        ),
        (
            "a body without end",
            Fake::start(move |head, stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                forever(b"20\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", none)(head, stream);
            }),
            "not-tdengine",
        ),
        (
            "noise without end",
            Fake::start(forever(b"aaaaaaaaaaaaaaaa", none)),
            "not-tdengine",
        ),
        (
            "a blank a second",
            Fake::start(forever(b" ", second)),
            "not-tdengine",
        ),
    ] {
        let begun = Instant::now();
        let run = verify(&fake, &["--json"]);
        assert_eq!(findings(&run), [expected], "{name}: {run}");
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "{name} {:?}",
            begun.elapsed()
        );
        assert!(run.stdout.len() < 64 * 1024, "{name}");
    }
}

#[test]
fn foreign_words_are_escaped_and_without_password() {
    let evil = "\u{1b}]0;owned\u{7}\u{202e}hunter2-secret\u{9b}2J";
    for fake in [
        Fake::says(format!("220 {evil}\r\n")),
        Fake::http(
            &format!("404 x\r\nServer: {evil}"),
            &format!("<title>{evil}</title>"),
        ),
        Fake::http(&format!("302 x\r\nLocation: {evil}"), ""),
        Fake::http(&format!("301 x\r\nLocation: https://{evil}/"), ""),
        Fake::http("200 OK", &format!("{{\"code\":855,\"desc\":\"{evil}\"}}")),
    ] {
        for args in [&[][..], &["--json"]] {
            let run = verify(&fake, args);
            let shown = format!("{}{}", run.stdout, run.stderr);
            assert!(!shown.contains("hunter2"), "{shown}");
            let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!shown.contains(bad), "{shown:?}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn tls_port_that_closes_on_plain_text_is_recognized() {
    use crate::support::certificates::self_signed;
    use rustls::pki_types::pem::PemObject;
    use std::sync::Arc;

    let identity = self_signed(&["127.0.0.1"]);
    let certificates =
        rustls::pki_types::CertificateDer::pem_slice_iter(identity.certificates.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .unwrap();
    let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut first = [0];
            // Plain text is closed without an alert, as some balancers do.
            if stream.peek(&mut first).unwrap_or(0) == 1 && first[0] == 22 {
                let mut server = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let _ = server.complete_io(&mut stream);
            }
        }
    });
    let context = TestContext::new();
    let run = context
        .program([
            "verify",
            &format!("http://{address}"),
            "--transport",
            "rest",
            "--json",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["tls-expected".to_owned()], Some(10)),
        "{run}"
    );
}
