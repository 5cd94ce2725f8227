//! Replays what a real server was asked, against a fresh sandbox, and compares the answers as far as `transcripts.toml` says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use taos_sandbox::faults::{BackendDown, Faults};
use taos_sandbox::server::{Listen, Options, Sandbox};

#[path = "replay/compare.rs"]
mod compare;
#[path = "replay/http.rs"]
mod http;
#[path = "replay/session.rs"]
mod session;
#[path = "replay/socket.rs"]
mod socket;
#[path = "replay/transcript.rs"]
mod transcript;

use self::socket::Socket;
use self::transcript::{Line, Mark, Marks, fits, lines};

/// The two servers that were recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Recorded {
    /// 3.3.7.5.
    Current,
    /// 3.2.2.2.
    Old,
}

impl Recorded {
    /// The server, as far as it can be set: its version, its dnode's endpoint.
    fn options(self) -> Options {
        let (version, endpoint) = match self {
            Self::Current => ("3.3.7.5", "localhost:6030"),
            Self::Old => ("3.2.2.2", "localhost:6130"),
        };
        Options {
            version: version.to_owned(),
            dnode_endpoints: Some(vec![endpoint.to_owned()]),
            ..Options::default()
        }
    }

    /// The server of a connector's session: the vgroups of its database have the recorded numbers.
    fn options_of_session(self, lines: &[Line]) -> Options {
        let mut options = self.options();
        let texts = lines.iter().filter_map(|line| line.text.as_deref());
        let replies = texts.filter_map(|text| serde_json::from_str::<serde_json::Value>(text).ok());
        let vgroups = replies.filter_map(|reply| reply.get("vgroup_id")?.as_i64());
        if let Some(first) = vgroups.filter(|id| *id > 0).min() {
            options.first_vgroup = i32::try_from(first).unwrap();
        }
        options
    }

    /// A recording of this server.
    fn file(self, name: &str) -> String {
        match self {
            Self::Current => format!("{name}.jsonl"),
            Self::Old => format!("{name}_3.2.jsonl"),
        }
    }
}

fn prepare(sandbox: &Sandbox, database: Option<&str>, sql: &str) {
    let mut session = sandbox
        .state()
        .login("root", "taosdata", database.unwrap_or_default())
        .unwrap();
    sandbox
        .state()
        .execute(&mut session, sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The statements of rest.jsonl that the later recordings presuppose: its databases, tables and rows.
fn prepare_recorded_data(sandbox: &Sandbox, recorded: Recorded) {
    let lines = lines(&recorded.file("rest"));
    let refused: BTreeSet<_> = lines
        .iter()
        .filter(|line| line.dir == "recv")
        .filter(|line| {
            let body = line.body.as_deref().unwrap_or_default();
            !body.starts_with("{\"code\":0,")
        })
        .map(|line| line.case.clone())
        .collect();
    for line in lines {
        if refused.contains(&line.case) {
            continue;
        }
        let wanted = [
            "create_db_ms",
            "create_db_us",
            "create_db_ns",
            "create_stb*",
            "create_ctb*",
            "create_blob",
            "insert_*",
        ];
        if line.dir == "send" && wanted.iter().any(|pattern| fits(pattern, &line.case)) {
            let text = line.text.unwrap();
            let (head, sql) = text.split_once("\r\n\r\n").unwrap();
            let database = head
                .split_whitespace()
                .nth(1)
                .unwrap()
                .strip_prefix("/rest/sql/");
            prepare(sandbox, database, sql);
        }
    }
}

/// The cases of a file that are replayed: each with the line that was sent and those that came back.
fn replayed_cases(file: &str) -> Vec<(Line, Vec<Line>)> {
    let marks = Marks::read();
    let mut cases: Vec<(Line, Vec<Line>)> = Vec::new();
    for line in lines(file) {
        if matches!(marks.mark(file, &line.case), Mark::OutOfScope { .. }) {
            continue;
        }
        if line.dir == "send"
            || line.dir == "handshake"
            || cases.last().is_none_or(|(sent, _)| sent.case != line.case)
        {
            cases.push((line, Vec::new()));
        } else {
            cases.last_mut().unwrap().1.push(line);
        }
    }
    cases
}

fn recorded_headers(line: &Line) -> Vec<(String, String)> {
    let lines = line
        .headers
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str);
    http::parse_headers(lines)
}

fn recorded_status(line: &Line) -> &str {
    line.status
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap()
}

fn replay_rest(file: &str, sandbox: &Sandbox) {
    for (sent, received) in replayed_cases(file) {
        let [received] = received.as_slice() else {
            panic!("{}: one answer was recorded", sent.case)
        };
        if sent.case == "ws.conn" {
            let (mut socket, _) = Socket::open(sandbox.adapter(), "/ws");
            socket.send("text", sent.text.unwrap().into_bytes());
            let (_, reply) = socket.receive("text");
            compare::frames(
                &sent.case,
                received.text.as_ref().unwrap().as_bytes(),
                &reply,
                true,
            );
            continue;
        }
        if received.dir == "error" {
            assert!(
                received
                    .text
                    .as_ref()
                    .unwrap()
                    .starts_with("ConnectionRefusedError"),
                "{}",
                sent.case
            );
            let refused = Sandbox::start(Options {
                adapter: Listen::Refused,
                ..Options::default()
            })
            .unwrap();
            let error = TcpStream::connect(refused.adapter()).unwrap_err();
            assert_eq!(
                error.kind(),
                std::io::ErrorKind::ConnectionRefused,
                "{}",
                sent.case
            );
            continue;
        }
        let mut stream = http::connect(sandbox.adapter());
        let reply = http::exchange(&mut stream, sent.text.unwrap().as_bytes());
        let body = received.body.clone().unwrap_or_default();
        http::compare(
            &sent.case,
            &reply,
            recorded_status(received),
            recorded_headers(received),
            body.as_bytes(),
        );
    }
}

#[test]
fn rest_of_3_2() {
    let sandbox = Sandbox::start(Recorded::Old.options()).unwrap();
    replay_rest("rest_3.2.jsonl", &sandbox);
}

#[test]
fn rest_recordings_are_replayed() {
    let sandbox = Sandbox::start(Recorded::Current.options()).unwrap();
    // The recording starts with a database left over from an earlier one.
    prepare(&sandbox, None, "create database tr_x");
    replay_rest("rest.jsonl", &sandbox);
}

#[test]
fn rest_with_errors_in_the_status() {
    let sandbox = Sandbox::start(Options {
        http_code_server_error: true,
        ..Recorded::Current.options()
    })
    .unwrap();
    prepare_recorded_data(&sandbox, Recorded::Current);
    replay_rest("rest_httpCodeServerError_true.jsonl", &sandbox);
}

fn backend_down(recorded: Recorded, backend: BackendDown) -> Sandbox {
    Sandbox::start(Options {
        faults: Faults {
            backend,
            backend_delay: Duration::from_millis(20),
            ..Faults::default()
        },
        ..recorded.options()
    })
    .unwrap()
}

#[test]
fn rest_with_taosd_down_and_connections_pooled() {
    for recorded in [Recorded::Current, Recorded::Old] {
        let sandbox = backend_down(recorded, BackendDown::Pooled);
        replay_rest(&recorded.file("rest_down_pooled"), &sandbox);
    }
}

#[test]
fn rest_with_taosd_down_and_the_adapter_fresh() {
    for recorded in [Recorded::Current, Recorded::Old] {
        let sandbox = backend_down(recorded, BackendDown::Fresh);
        replay_rest(&recorded.file("rest_down_fresh"), &sandbox);
    }
}

#[test]
fn rest_of_the_cluster_as_three_users() {
    for recorded in [Recorded::Current, Recorded::Old] {
        rest_of_the_cluster(recorded);
    }
}

fn rest_of_the_cluster(recorded: Recorded) {
    let sandbox = Sandbox::start(recorded.options()).unwrap();
    prepare_recorded_data(&sandbox, recorded);
    // Child tables that line protocol and OpenTSDB made in the recorded database: five, three of them by 3.2.
    let made = match recorded {
        Recorded::Current => 5,
        Recorded::Old => 3,
    };
    for table in [
        "influx",
        "influx_ws",
        "influx_rest",
        "opentsdb_json",
        "opentsdb_telnet",
    ]
    .iter()
    .take(made)
    {
        prepare(
            &sandbox,
            Some("tr_ms"),
            &format!("create table {table} (ts timestamp, v int)"),
        );
    }
    for (sent, received) in replayed_cases(&recorded.file("rest_cluster")) {
        let (user, sql) = (sent.user.unwrap(), sent.sql.unwrap());
        let password = if user == "root" {
            "taosdata"
        } else {
            "Low-pass123"
        };
        let token = BASE64_STANDARD.encode(format!("{user}:{password}"));
        let request = format!(
            "POST /rest/sql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {token}\r\nContent-Length: {}\r\n\r\n{sql}",
            sql.len()
        );
        let mut stream = http::connect(sandbox.adapter());
        let reply = http::exchange(&mut stream, request.as_bytes());
        let received = &received[0];
        let body = received.body.clone().unwrap();
        http::compare(
            &sent.case,
            &reply,
            recorded_status(received),
            recorded_headers(received),
            body.as_bytes(),
        );
    }
}

#[test]
fn websocket_recordings_are_replayed() {
    replay_websocket(Recorded::Current);
}

#[test]
fn websocket_of_3_2() {
    replay_websocket(Recorded::Old);
}

/// Statements, subscriptions and points in the wrong order, with unknown numbers, wrong types, short messages.
#[test]
fn websocket_with_faulty_requests() {
    let sandbox = Sandbox::start(Options {
        first_vgroup: 394,
        ..Recorded::Current.options()
    })
    .unwrap();
    for sql in [
        "create database rec_pr vgroups 1",
        "create stable rec_pr.st (ts timestamp, i int, v varchar(10)) tags (ti int)",
        "create table rec_pr.t0 using rec_pr.st tags (0)",
        "insert into rec_pr.t0 values (1700000000000, 1, 'a')",
        "create topic rec_ptopic as select ts, i, v, ti from rec_pr.st",
        "create database rec_pr2 vgroups 1",
        "create table rec_pr2.t (ts timestamp, i int)",
        "create topic rec_pt2 as select * from rec_pr2.t",
    ] {
        prepare(&sandbox, None, sql);
    }
    replay_sockets("ws_stmt-tmq-sml.jsonl", &sandbox);
}

fn replay_websocket(recorded: Recorded) {
    let sandbox = Sandbox::start(Options {
        first_vgroup: match recorded {
            Recorded::Current => 7,
            Recorded::Old => 5,
        },
        ..recorded.options()
    })
    .unwrap();
    prepare_recorded_data(&sandbox, recorded);
    replay_sockets(&recorded.file("ws"), &sandbox);
}

/// Replays all cases, and fails with everything that was not as recorded.
fn replay_sockets(file: &str, sandbox: &Sandbox) {
    let marks = Marks::read();
    let mut socket = None;
    let mut faults = Vec::new();
    for (sent, received) in replayed_cases(file) {
        let exact = matches!(marks.mark(file, &sent.case), Mark::Exact(_));
        let case = sent.case.clone();
        let step = || replay_socket_case(sandbox.adapter(), &mut socket, sent, &received, exact);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(step)) {
            let text = panic.downcast_ref::<String>().map_or("", String::as_str);
            faults.push(format!("{case}: {text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn replay_socket_case(
    address: SocketAddr,
    socket: &mut Option<Socket>,
    sent: Line,
    received: &[Line],
    exact: bool,
) {
    let starts = |start: &str| {
        sent.text
            .as_ref()
            .is_some_and(|text| text.starts_with(start))
    };
    match sent.dir.as_str() {
        // A remark on what was done, or that nothing more came.
        "event" | "recv_error" => {}
        "handshake" => *socket = Some(handshake(address, &sent)),
        "error" => check_unknown_path(address, &sent),
        _ if starts("GET ") => bare_handshake(address, &sent, received),
        _ if starts("POST ") => {
            let mut stream = http::connect(address);
            let reply = http::exchange(&mut stream, sent.text.unwrap().as_bytes());
            let body = received[0].body.clone().unwrap_or_default();
            if exact {
                http::compare(
                    &sent.case,
                    &reply,
                    recorded_status(&received[0]),
                    recorded_headers(&received[0]),
                    body.as_bytes(),
                );
            } else {
                compare::shapes(&sent.case, body.as_bytes(), &reply.body, true);
            }
        }
        _ => exchange(socket.as_mut().unwrap(), &sent, received, exact),
    }
}

fn handshake(address: SocketAddr, line: &Line) -> Socket {
    let (socket, headers) = Socket::open(address, line.path.as_ref().unwrap());
    let recorded = line.headers.as_object().unwrap().iter();
    let recorded = recorded.filter(|(name, _)| *name != "sec-websocket-accept");
    let mut recorded: Vec<_> = recorded
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    recorded.sort();
    assert_eq!(headers, recorded, "handshake of {}", line.case);
    assert_eq!(line.status, Some(101.into()));
    socket
}

/// A handshake recorded with its key: the answer is the recorded one to the byte.
fn bare_handshake(address: SocketAddr, sent: &Line, received: &[Line]) {
    let head: Vec<String> = sent
        .text
        .as_ref()
        .unwrap()
        .trim_end()
        .split("\r\n")
        .map(str::to_owned)
        .collect();
    let (_, status, headers) = Socket::with_head(address, &head);
    let recorded = http::parse_head(received[0].text.as_ref().unwrap());
    assert_eq!((status, headers), recorded, "{}", sent.case);
}

/// The recorded client described an Upgrade of an unknown path by the status, three headers and the body.
fn check_unknown_path(address: SocketAddr, line: &Line) {
    let head = "GET /nosuchpath HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let reply = http::exchange(&mut http::connect(address), head.as_bytes());
    let headers: BTreeMap<_, _> = reply.headers.into_iter().collect();
    assert_eq!(
        headers.keys().collect::<Vec<_>>(),
        ["content-length", "content-type", "date"]
    );
    let reported = format!(
        "Handshake status {} -+-+- {{'content-type': '{}', 'date': '{}', 'content-length': '{}'}} -+-+- {}",
        reply.status.strip_prefix("HTTP/1.1 ").unwrap(),
        headers["content-type"],
        recorded_date(line),
        headers["content-length"],
        String::from_utf8(reply.body).unwrap()
    );
    assert!(
        line.text.as_ref().unwrap().contains(&reported),
        "{reported}"
    );
}

/// The date in the text of a refused handshake.
fn recorded_date(line: &Line) -> &str {
    let text = line.text.as_deref().unwrap();
    let (_, rest) = text.split_once("'date': '").unwrap();
    rest.split_once('\'').unwrap().0
}

fn exchange(socket: &mut Socket, sent: &Line, received: &[Line], exact: bool) {
    socket.send(sent.kind.as_deref().unwrap(), sent.payload());
    for line in received {
        if line.dir == "recv_error" || line.dir == "event" {
            // Nothing came: what comes next must be the answer to what is sent next.
            continue;
        }
        let wanted = line.kind.as_deref().unwrap();
        let (kind, reply) = socket.receive(wanted);
        assert_eq!(kind, wanted, "kind of reply to {}", sent.case);
        let compare = if exact {
            compare::frames
        } else {
            compare::shapes
        };
        compare(&sent.case, &line.payload(), &reply, kind == "text");
    }
}

/// Every session, each against a sandbox of its own and at the same time: most of them wait for messages.
#[test]
fn sessions_of_connectors_are_replayed() {
    let sessions = transcript::files()
        .into_iter()
        .filter(|file| file.starts_with("session_"));
    let replays: Vec<_> = sessions
        .map(|file| std::thread::spawn(move || session::replay(&file)))
        .collect();
    let faults: Vec<String> = replays
        .into_iter()
        .flat_map(|replay| replay.join().unwrap())
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every recording is listed, every case has a mark, every mark has a case and every exception a reason.
#[test]
fn recorded_cases_are_marked() {
    let marks = Marks::read();
    let files = transcript::files();
    let unlisted: BTreeSet<_> = files.difference(&marks.files()).cloned().collect();
    assert!(unlisted.is_empty(), "not listed: {unlisted:?}");
    let (mut exact, mut shape, mut out_of_scope) = (0, 0, 0);
    for file in marks.files() {
        for (pattern, mark) in marks.of(&file) {
            if let Mark::OutOfScope { reason } | Mark::Shape { reason } = mark {
                assert!(reason.len() > 10, "{file}: {pattern} has a reason");
            }
            if files.contains(&file) {
                assert!(
                    lines(&file).iter().any(|line| fits(pattern, &line.case)),
                    "{file}: no case fits {pattern}"
                );
            } else {
                assert!(
                    matches!(mark, Mark::OutOfScope { .. }),
                    "{file} is not there, so it is out of scope"
                );
            }
        }
        if files.contains(&file) {
            let cases: BTreeSet<String> = lines(&file).into_iter().map(|line| line.case).collect();
            for case in cases {
                match marks.mark(&file, &case) {
                    Mark::Exact(_) => exact += 1,
                    Mark::Shape { .. } => shape += 1,
                    Mark::OutOfScope { .. } => out_of_scope += 1,
                }
            }
        }
    }
    // So that a changed pattern cannot take cases out of scope unseen. Lines of sessions count as cases.
    assert_eq!((exact, shape, out_of_scope), (5205, 8, 172));
}
