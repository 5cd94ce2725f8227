//! Each fault, as a client sees it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use taos_sandbox::faults::{BackendDown, Faults, ForeignHttp, Listener};
use taos_sandbox::server::{Options, Sandbox};
use taos_sandbox::sql::SqlError;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};
use tokio_tungstenite::tungstenite::{Error, Message};

const ROOT: &str = "cm9vdDp0YW9zZGF0YQ==";
const WRONG: &str = "cm9vdDp3cm9uZw==";

fn with(faults: Faults) -> Sandbox {
    Sandbox::start(Options {
        faults,
        ..Options::default()
    })
    .unwrap()
}

fn connect(sandbox: &Sandbox) -> TcpStream {
    let stream = TcpStream::connect(sandbox.adapter()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream
}

fn ask(stream: &mut TcpStream, token: &str, sql: &str) {
    let length = sql.len();
    write!(
        stream,
        "POST /rest/sql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {token}\r\nContent-Length: {length}\r\n\r\n{sql}"
    )
    .unwrap();
}

/// The status line and the rest of the answer to a statement.
fn post(sandbox: &Sandbox, token: &str, sql: &str) -> (String, String) {
    let mut stream = connect(sandbox);
    ask(&mut stream, token, sql);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let (status, rest) = answer.split_once("\r\n").unwrap_or((&answer, ""));
    (status.to_owned(), rest.to_owned())
}

fn upgrade(sandbox: &Sandbox) -> (String, TcpStream) {
    let mut stream = connect(sandbox);
    stream
        .write_all(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        )
        .unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    (
        String::from_utf8(head)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .to_owned(),
        stream,
    )
}

struct Socket(WebSocket<TcpStream>);

impl Socket {
    fn open(sandbox: &Sandbox) -> Self {
        let (status, stream) = upgrade(sandbox);
        assert_eq!(status, "HTTP/1.1 101 Switching Protocols");
        Self(WebSocket::from_raw_socket(stream, Role::Client, None))
    }

    fn ask(&mut self, request: &str) -> Result<String, Error> {
        self.0.send(Message::text(request))?;
        Ok(self.0.read()?.into_text()?.to_string())
    }

    fn login(&mut self, password: &str) -> String {
        let request = format!(
            r#"{{"action":"conn","args":{{"req_id":1,"user":"root","password":"{password}"}}}}"#
        );
        self.ask(&request).unwrap()
    }
}

fn silent(stream: &mut TcpStream) -> bool {
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let error = stream.read(&mut [0; 1]).map_err(|error| error.kind());
    matches!(error, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

#[test]
fn hanging_adapter_accepts_and_never_answers() {
    let sandbox = with(Faults {
        adapter: Listener::Hangs,
        ..Faults::default()
    });
    let mut stream = connect(&sandbox);
    ask(&mut stream, ROOT, "select 1");
    assert!(silent(&mut stream));
}

#[test]
fn adapter_that_closes_at_once() {
    let sandbox = with(Faults {
        adapter: Listener::ClosesAtOnce,
        ..Faults::default()
    });
    assert!(matches!(
        connect(&sandbox).read(&mut [0; 1]),
        Ok(0) | Err(_)
    ));
}

#[test]
fn garbage_is_no_http() {
    let sandbox = with(Faults {
        adapter: Listener::Garbage,
        ..Faults::default()
    });
    let (status, _) = post(&sandbox, ROOT, "select 1");
    assert!(
        !status.is_empty() && !status.starts_with("HTTP/"),
        "{status:?}"
    );
}

#[test]
fn foreign_servers_answer_with_their_pages() {
    let sandbox = with(Faults::default());
    let foreign = |server| {
        sandbox.set_faults(Faults {
            adapter: Listener::Foreign(server),
            ..Faults::default()
        })
    };
    foreign(ForeignHttp::NotFound);
    let (status, rest) = post(&sandbox, ROOT, "select 1");
    assert_eq!(status, "HTTP/1.1 404 Not Found");
    assert!(rest.contains("Content-Type: text/html"), "{rest}");
    foreign(ForeignHttp::BadGateway);
    let (status, rest) = post(&sandbox, ROOT, "select 1");
    assert_eq!(status, "HTTP/1.1 502 Bad Gateway");
    assert!(rest.contains("nginx"), "{rest}");
    assert_eq!(upgrade(&sandbox).0, "HTTP/1.1 502 Bad Gateway");
}

#[test]
fn proxy_that_does_not_upgrade_still_serves_rest() {
    let sandbox = with(Faults::default());
    for (status, line) in [(400, "HTTP/1.1 400 Bad Request"), (200, "HTTP/1.1 200 OK")] {
        sandbox.set_faults(Faults {
            adapter: Listener::Foreign(ForeignHttp::NoUpgrade(status)),
            ..Faults::default()
        });
        assert_eq!(upgrade(&sandbox).0, line);
        assert!(post(&sandbox, ROOT, "select 1").1.contains("[[1]]"));
    }
}

#[test]
fn rejected_logins_end_with_the_given_error() {
    let disabled = SqlError::new(0x315, "User is disabled");
    let sandbox = with(Faults {
        reject_logins: Some(disabled),
        ..Faults::default()
    });
    assert!(
        post(&sandbox, ROOT, "select 1")
            .1
            .contains(r#"{"code":789,"desc":"User is disabled","timing":"#)
    );
    assert!(
        Socket::open(&sandbox)
            .login("taosdata")
            .starts_with(r#"{"code":789,"message":"User is disabled","action":"conn""#)
    );
    assert_eq!(
        (sandbox.logins().accepted, sandbox.logins().refused),
        (0, 2)
    );
}

#[test]
fn refused_login_may_look_like_success_without_data() {
    let sandbox = with(Faults {
        empty_success: true,
        ..Faults::default()
    });
    let (status, rest) = post(&sandbox, WRONG, "select 1");
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(
        rest.contains(r#"{"code":0,"desc":"success","timing":"#) && !rest.contains("data"),
        "{rest}"
    );
    let reply = Socket::open(&sandbox).login("wrong");
    assert!(
        reply.starts_with(r#"{"code":0,"message":"success","action":"conn""#)
            && !reply.contains("version"),
        "{reply}"
    );
    assert!(post(&sandbox, ROOT, "select 1").1.contains("[[1]]"));
}

#[test]
fn version_may_be_a_lie() {
    let sandbox = with(Faults {
        says_version: Some("3.2.0.1".to_owned()),
        ..Faults::default()
    });
    assert!(
        post(&sandbox, ROOT, "select server_version()")
            .1
            .contains("[[\"3.2.0.1\"]]")
    );
    let mut socket = Socket::open(&sandbox);
    assert!(
        socket
            .ask(r#"{"action":"version"}"#)
            .unwrap()
            .contains(r#""version":"3.2.0.1""#)
    );
    assert!(socket.login("taosdata").contains(r#""version":"3.2.0.1""#));
}

#[test]
fn latency_comes_before_every_answer() {
    let latency = Duration::from_millis(120);
    let sandbox = with(Faults {
        latency,
        ..Faults::default()
    });
    let start = Instant::now();
    post(&sandbox, ROOT, "select 1");
    assert!(start.elapsed() >= latency);
    let mut socket = Socket::open(&sandbox);
    let start = Instant::now();
    socket.ask(r#"{"action":"version"}"#).unwrap();
    assert!(start.elapsed() >= latency);
}

#[test]
fn faults_reach_open_connections() {
    let sandbox = with(Faults::default());
    let mut socket = Socket::open(&sandbox);
    assert!(socket.login("taosdata").starts_with(r#"{"code":0"#));
    let databases = r#"{"action":"query","args":{"req_id":2,"sql":"show databases"}}"#;
    assert!(socket.ask(databases).unwrap().starts_with(r#"{"code":0"#));
    let delay = Duration::from_millis(100);
    sandbox.set_faults(Faults {
        backend: BackendDown::Pooled,
        backend_delay: delay,
        ..Faults::default()
    });
    let start = Instant::now();
    assert!(
        socket
            .ask(databases)
            .unwrap()
            .starts_with(r#"{"code":11,"message":"Unable to establish connection""#)
    );
    assert!(start.elapsed() >= delay);
    sandbox.set_faults(Faults::default());
    assert!(socket.ask(databases).unwrap().starts_with(r#"{"code":0"#));
    sandbox.set_faults(Faults {
        adapter: Listener::ClosesAtOnce,
        ..Faults::default()
    });
    assert!(socket.ask(databases).is_err());
}

#[test]
fn hanging_connection_goes_on_when_the_fault_is_taken_back() {
    let sandbox = with(Faults::default());
    let mut socket = Socket::open(&sandbox);
    sandbox.set_faults(Faults {
        adapter: Listener::Hangs,
        ..Faults::default()
    });
    socket
        .0
        .send(Message::text(r#"{"action":"version"}"#))
        .unwrap();
    assert!(silent(socket.0.get_mut()));
    socket
        .0
        .get_mut()
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    sandbox.set_faults(Faults::default());
    assert!(
        socket
            .0
            .read()
            .unwrap()
            .into_text()
            .unwrap()
            .contains("3.3.7.5")
    );
}

#[test]
fn native_port_of_a_stranger_never_answers() {
    let sandbox = with(Faults::default());
    let mut short = TcpStream::connect(sandbox.native()).unwrap();
    short
        .write_all(b"GET /-/ping HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    assert!(silent(&mut short));
    let mut long = TcpStream::connect(sandbox.native()).unwrap();
    long.write_all(&[0; 200]).unwrap();
    assert!(matches!(long.read(&mut [0; 1]), Ok(0) | Err(_)));
}
