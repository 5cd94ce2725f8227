//! Connectors' sessions: every request and frame that they sent, on the connections that they used.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};

use crate::socket::Socket;
use crate::transcript::Line;
use crate::{compare, http};

/// A connector's connection.
pub(crate) enum Connected {
    Not,
    Http(TcpStream),
    /// With the status and headers of its handshake, until they are compared.
    Socket(Box<Socket>, Option<(String, Vec<(String, String)>)>),
}

impl Connected {
    pub(crate) fn replay(&mut self, address: SocketAddr, case: &str, line: &Line) {
        match (line.dir.as_str(), &line.head, &line.frame) {
            ("send", Some(head), _) if head[0].starts_with("GET /ws ") => {
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
                    assert_eq!(
                        handshake.take(),
                        Some((head[0].clone(), headers)),
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
                    http::compare(case, &reply, &head[0], headers, &body);
                }
            },
            ("send", None, Some(frame)) => self.socket(case).send(frame, line.payload()),
            ("recv", None, Some(frame)) => {
                let (kind, reply) = self.socket(case).receive(frame);
                assert_eq!(kind, frame, "kind of {case}");
                compare::frames(case, &line.payload(), &reply, kind == "text");
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
