//! HTTP over a bare socket: requests as recorded, replies as they come.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use flate2::read::GzDecoder;

use crate::compare;

const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A reply with its body put together and decompressed.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: String,
    /// Names in lower case, sorted.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The body's length as sent, before decompression, if it was sent.
    sent: Option<usize>,
}

/// Sends a request and reads the reply.
pub(crate) fn exchange(stream: &mut TcpStream, request: &[u8]) -> Reply {
    stream.write_all(request).unwrap();
    read(stream)
}

/// Reads up to and with the empty line.
pub(crate) fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream
            .read_exact(&mut byte)
            .unwrap_or_else(|error| panic!("{error} after {:?}", String::from_utf8_lossy(&head)));
        head.extend(byte);
    }
    String::from_utf8(head).unwrap()
}

/// Reads a reply: a body in chunks, or of a known length; without either there is none.
pub(crate) fn read(stream: &mut TcpStream) -> Reply {
    let (status, headers) = parse_head(&head(stream));
    let reported = |name: &str| {
        headers
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    };
    let mut sent = None;
    let mut body = Vec::new();
    if reported("transfer-encoding") == Some("chunked") {
        loop {
            let size = usize::from_str_radix(line(stream).trim(), 16).unwrap();
            body.extend(take(stream, size));
            assert_eq!(line(stream), "\r\n");
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = reported("content-length") {
        sent = Some(length.parse().unwrap());
        body = take(stream, length.parse().unwrap());
    }
    let gzipped = reported("content-encoding") == Some("gzip");
    let body = if gzipped { gunzip(&body) } else { body };
    Reply {
        status,
        headers,
        body,
        sent,
    }
}

pub(crate) fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut text).unwrap();
    text
}

/// The status line and the headers of a head.
pub(crate) fn parse_head(head: &str) -> (String, Vec<(String, String)>) {
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let status = lines.next().unwrap_or_default().to_owned();
    (status, parse_headers(lines))
}

pub(crate) fn parse_headers<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        (name.to_ascii_lowercase(), value.to_owned())
    };
    let mut headers: Vec<_> = lines.map(header).collect();
    headers.sort();
    headers
}

fn line(stream: &mut TcpStream) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\r\n") {
        stream.read_exact(&mut byte).unwrap();
        line.extend(byte);
    }
    String::from_utf8(line).unwrap()
}

fn take(stream: &mut TcpStream, size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

/// Compares a reply with a recorded one.
pub(crate) fn compare(
    case: &str,
    reply: &Reply,
    status: &str,
    headers: Vec<(String, String)>,
    body: &[u8],
) {
    assert_eq!(reply.status, status, "status of {case}");
    let timed = body.windows(9).any(|window| window == b"\"timing\":");
    let gzipped = headers
        .iter()
        .any(|(name, value)| name == "content-encoding" && value == "gzip");
    // Masked: the clock, and the length of a body that holds a timing or was compressed by another library.
    let mask = |headers: &[(String, String)]| -> Vec<(String, String)> {
        let masked = headers.iter().map(|(name, value)| match name.as_str() {
            "date" => (name.clone(), "D".to_owned()),
            "content-length" if timed || gzipped => (name.clone(), "L".to_owned()),
            _ => (name.clone(), value.clone()),
        });
        masked.collect()
    };
    assert_eq!(mask(&reply.headers), mask(&headers), "headers of {case}");
    if !gzipped {
        assert!(
            reply.sent.is_none_or(|sent| sent == reply.body.len()),
            "length of {case}"
        );
    }
    compare::bodies(
        case,
        &String::from_utf8_lossy(body),
        &String::from_utf8_lossy(&reply.body),
    );
}
