//! Connectors' sessions: every request and frame that they sent, on the connections that they used.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};

use taos_sandbox::server::Sandbox;

use crate::socket::{Socket, request_id};
use crate::transcript::{Line, Mark, Marks, lines};
use crate::{Recorded, compare, http, prepare};

/// Replays a session and gives what was not as recorded; a connection with a fault is not followed further.
pub(crate) fn replay(file: &str) -> Vec<String> {
    let recorded = if file.contains("-3.2.2.2-") {
        Recorded::Old
    } else {
        Recorded::Current
    };
    let lines = lines(file);
    let sandbox = Sandbox::start(recorded.options_of_session(&lines)).unwrap();
    for (database, table) in left_behind(file) {
        prepare(&sandbox, None, &format!("create database {database}"));
        let sql = format!("create table {database}.{table} (ts timestamp, i int)");
        prepare(&sandbox, None, &sql);
    }
    let marks = Marks::read();
    let mut connections = BTreeMap::new();
    let mut faults = Vec::new();
    // The requests that were sent and not answered yet, by connection.
    let mut sent: Vec<(u32, u64)> = Vec::new();
    for line in lines {
        let request = line
            .frame
            .as_ref()
            .and_then(|_| request_id(&line.payload(), line.dir == "send"))
            .map(|id| (line.conn, id));
        let answered = sent.iter().position(|known| Some(*known) == request);
        let exact = match (marks.mark(file, &line.case), line.dir.as_str()) {
            (Mark::Exact(_), _) => true,
            (Mark::Shape { .. }, _) => false,
            (Mark::OutOfScope { .. }, "recv") if answered.is_some() => {
                if let Some(Some(Connected::Socket(socket, _))) = connections.get_mut(&line.conn) {
                    let kind = line.frame.as_deref().unwrap_or_default();
                    socket.receive_answer(kind, &line.payload());
                }
                sent.remove(answered.unwrap());
                continue;
            }
            (Mark::OutOfScope { .. }, _) => continue,
        };
        match line.dir.as_str() {
            "send" => sent.extend(request),
            _ => drop(answered.map(|at| sent.remove(at))),
        }
        let case = format!("{file}:{}", line.number);
        let connection = connections.entry(line.conn).or_insert(Some(Connected::Not));
        let Some(connected) = connection else {
            continue;
        };
        let step = AssertUnwindSafe(|| connected.replay(sandbox.adapter(), &case, &line, exact));
        if let Err(panic) = catch_unwind(step) {
            let text = panic.downcast_ref::<String>().map_or("", String::as_str);
            faults.push(format!("{case}: {text}"));
            *connection = None;
        }
    }
    faults
}

/// A connector's connection.
pub(crate) enum Connected {
    Not,
    Http(TcpStream),
    /// With the status and headers of its handshake, until they are compared.
    Socket(Box<Socket>, Option<(String, Vec<(String, String)>)>),
}

impl Connected {
    fn replay(&mut self, address: SocketAddr, case: &str, line: &Line, exact: bool) {
        match (line.dir.as_str(), &line.head, &line.frame) {
            ("send", Some(head), _) if head.iter().any(|header| is_upgrade(header)) => {
                let (socket, status, headers) = Socket::with_head(address, head);
                *self = Self::Socket(Box::new(socket), Some((status, headers)));
            }
            ("send", Some(head), _) => {
                if let Self::Not = self {
                    *self = Self::Http(http::connect(address));
                }
                let body = line.body.clone().unwrap_or_default();
                let chunked = head
                    .iter()
                    .any(|header| header == "Transfer-Encoding: chunked");
                let body = if chunked {
                    format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
                } else {
                    body
                };
                let request = format!("{}\r\n\r\n{body}", head.join("\r\n"));
                self.http(case).write_all(request.as_bytes()).unwrap();
            }
            ("recv", Some(head), _) => match self {
                Self::Socket(_, handshake) => {
                    let headers = http::parse_headers(head[1..].iter().map(String::as_str));
                    let (status, answered) = handshake.take().unwrap();
                    assert_eq!(
                        (status, without_date(answered)),
                        (head[0].clone(), without_date(headers)),
                        "handshake of {case}"
                    );
                }
                _ => {
                    let reply = http::read(self.http(case));
                    let headers = http::parse_headers(head[1..].iter().map(String::as_str));
                    let body = match &line.body_hex {
                        Some(hex) => http::gunzip(&Line::bytes(hex)),
                        None => line.body.clone().unwrap_or_default().into_bytes(),
                    };
                    if exact {
                        http::compare(case, &reply, &head[0], headers, &body);
                    } else {
                        compare::shapes(case, &body, &reply.body, true);
                    }
                }
            },
            ("send", None, Some(frame)) => self.socket(case).send(frame, line.payload()),
            ("recv", None, Some(frame)) => {
                let recorded = line.payload();
                let (kind, reply) = self.socket(case).receive_answer(frame, &recorded);
                assert_eq!(kind, frame, "kind of {case}");
                let compare = if exact {
                    compare::frames
                } else {
                    compare::shapes
                };
                compare(case, &recorded, &reply, kind == "text");
            }
            other => panic!("{case}: {other:?}"),
        }
    }

    fn http(&mut self, case: &str) -> &mut TcpStream {
        match self {
            Self::Http(stream) => stream,
            _ => panic!("{case}: not over HTTP"),
        }
    }

    fn socket(&mut self, case: &str) -> &mut Socket {
        match self {
            Self::Socket(socket, _) => socket,
            _ => panic!("{case}: not over WebSocket"),
        }
    }
}

/// Databases that other sessions had left behind, with their table.
fn left_behind(file: &str) -> &'static [(&'static str, &'static str)] {
    const EXAMPLE: (&str, &str) = ("taos_example_c9afa5b9be1fb854", "readings");
    match file {
        "session_r-ws.jsonl" | "session_r-rest.jsonl" => {
            &[EXAMPLE, ("cs_crash2", "d1"), ("cs_crash", "d1")]
        }
        "session_rust-0.12.3-stable.jsonl" => &[EXAMPLE],
        "session_java-3.7.9-stable.jsonl" => &[
            EXAMPLE,
            ("rec_rssml", "t"),
            ("rec_rsstmt", "t"),
            ("rec_rsst", "t"),
        ],
        _ => &[],
    }
}

fn is_upgrade(header: &str) -> bool {
    header.eq_ignore_ascii_case("upgrade: websocket")
}

fn without_date(mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers.retain(|(name, _)| name != "date");
    headers
}
