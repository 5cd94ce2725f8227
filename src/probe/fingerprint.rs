//! Identifies the program on a port by one request that taosAdapter answers without a login.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::http::HttpAnswer;
use super::wire::{Way, Wire};
use crate::system::tls::fault::rustls_error;

/// The most bytes of an answer that are read.
const CAP: usize = 64 * 1024;
/// How HTTP's answers begin.
const START: &[u8] = b"HTTP/1.";
/// The most bytes of an unknown protocol that are kept; a report shows fewer.
const EXCERPT: usize = 1024;
/// The size of taosd's own first frame, in bytes: it leaves a shorter request waiting and closes on a longer one.
const LONG_ENOUGH: usize = 160;
/// The bounds of the time for which a port must stay open after a short request to be taken for taosd's. Between them it is ten
/// times what closing took after the long one, and over a long path three times.
const PATIENCE: [Duration; 2] = [Duration::from_millis(30), Duration::from_millis(500)];

/// Who answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fingerprint {
    /// An HTTP server.
    Http(HttpAnswer),
    /// It closes on a long request without a byte, and waits on a short one: taosd's native port does so.
    NativeLike,
    /// It closes on everybody without a byte.
    Closed,
    /// It never said a byte within the limit.
    Silent,
    /// It answered with a TLS record.
    Tls,
    /// TLS was agreed on, and then an alert ended it, as a server of TLS 1.3 does that misses a certificate of the client
    /// (RFC 8446, 4.4.2.4); the library's words.
    Refused(String),
    /// An HTTP answer began and did not end within the limit, or was interrupted.
    Unfinished {
        /// Whether the connection was closed.
        closed: bool,
    },
    /// It said something else; the first bytes, lossily decoded.
    Foreign(String),
}

/// Sends `POST {prefix}/rest/sql` without a login, in at least 160 bytes, and reads the answer. `host` is what the `Host`
/// header says, with its port.
pub async fn ask(way: &Way, host: &str, prefix: &str, limit: Duration) -> Fingerprint {
    let request = request(host, prefix);
    let (heard, closing) = exchange(way, request.as_bytes(), limit, limit).await;
    let first = fingerprint_of(heard);
    if first != Fingerprint::Closed {
        return first;
    }
    // Short, and whole: a web server that closes on it is not taosd, which waits.
    let short = b"GET / HTTP/1.0\r\n\r\n";
    let second = exchange(way, short, limit, patience(closing)).await.0;
    match second {
        Heard::Silence => Fingerprint::NativeLike,
        Heard::Closed if speaks_tls(way, limit).await => Fingerprint::Tls,
        Heard::Closed | Heard::Alert(_) => Fingerprint::Closed,
        Heard::Unconnected => Fingerprint::Silent,
        Heard::Bytes(bytes, closed) => finished(&bytes, closed),
    }
}

/// The time for which a port that closed a long request after `closing` must keep a short one open.
fn patience(closing: Duration) -> Duration {
    let [least, most] = PATIENCE;
    (closing * 10).min(most.max(closing * 3)).max(least)
}

/// Returns whether a port that closes on plain text answers a TLS handshake.
async fn speaks_tls(way: &Way, limit: Duration) -> bool {
    let (None, Ok(config)) = (&way.tls, crate::system::tls::lenient()) else {
        return false;
    };
    let secure = Way {
        address: way.address,
        tls: Some((
            Arc::new(config),
            ServerName::IpAddress(way.address.ip().into()),
        )),
    };
    match tokio::time::timeout(limit, secure.connect(limit)).await {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => rustls_error(&error)
            .is_some_and(|fault| !matches!(fault, rustls::Error::InvalidMessage(_))),
        Err(_) => false,
    }
}

/// Sends a `GET /` of at least 160 bytes, which names no host and does nothing on any web server, and reads the answer: for an
/// address that a server chose.
pub async fn ask_harmlessly(way: &Way, limit: Duration) -> Fingerprint {
    let request = format!(
        "GET / HTTP/1.0\r\nUser-Agent: taos-setup\r\nX-Padding: {}\r\n\r\n",
        "0".repeat(LONG_ENOUGH)
    );
    fingerprint_of(exchange(way, request.as_bytes(), limit, limit).await.0)
}

/// taosAdapter's request without a login, in at least 160 bytes.
fn request(host: &str, prefix: &str) -> String {
    let mut request = format!(
        "POST {prefix}/rest/sql HTTP/1.1\r\nHost: {host}\r\nUser-Agent: taos-setup/{}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 8\r\nAccept: application/json\r\n",
        env!("CARGO_PKG_VERSION")
    );
    let missing = LONG_ENOUGH.saturating_sub(request.len());
    if missing > 0 {
        request.push_str(&format!("X-Padding: {}\r\n", "0".repeat(missing)));
    }
    request.push_str("\r\nselect 1");
    request
}

fn fingerprint_of(heard: Heard) -> Fingerprint {
    match heard {
        Heard::Bytes(bytes, closed) => finished(&bytes, closed),
        Heard::Alert(words) => Fingerprint::Refused(words),
        Heard::Silence | Heard::Unconnected => Fingerprint::Silent,
        Heard::Closed => Fingerprint::Closed,
    }
}

/// What `bytes` tell that are all that came: a part of taosAdapter's answer must not be taken for a stranger's.
fn finished(bytes: &[u8], closed: bool) -> Fingerprint {
    let seen = read(bytes);
    let cut = match &seen {
        // Half a page of HTML tells enough.
        Fingerprint::Http(answer) => {
            let body = answer.body.trim_start();
            let nothing_else = body.is_empty() || body.starts_with('{');
            answer.cut && answer.code.is_none() && nothing_else && bytes.len() < CAP
        }
        Fingerprint::Foreign(_) => {
            START.starts_with(bytes) || bytes.starts_with(START) && !bytes.contains(&b'\n')
        }
        _ => false,
    };
    if cut {
        Fingerprint::Unfinished { closed }
    } else {
        seen
    }
}

/// Who says `bytes` (at least one).
pub fn read(bytes: &[u8]) -> Fingerprint {
    if let Some(answer) = HttpAnswer::read(bytes) {
        return Fingerprint::Http(answer);
    }
    // Plain text makes a TLS server send one alert and close: type 21, version 3.x, two bytes (RFC 8446, 5.1 and 6).
    if matches!(bytes, [21, 3, 0..=4, 0, 2, 1..=2, _]) {
        return Fingerprint::Tls;
    }
    let first = &bytes[..bytes.len().min(EXCERPT)];
    Fingerprint::Foreign(String::from_utf8_lossy(first).into_owned())
}

/// The answer to a request.
enum Heard {
    /// The bytes that came, and whether the peer then closed.
    Bytes(Vec<u8>, bool),
    Closed,
    Silence,
    /// An alert of TLS.
    Alert(String),
    /// The connection was not accepted in time: nothing is known.
    Unconnected,
}

/// Sends `request` on a new connection and reads until the answer is whole, the peer closes, or `patience` is over. Connecting may
/// take all of `limit`, because a lost packet costs a second. The time that the answer took is returned, too.
async fn exchange(
    way: &Way,
    request: &[u8],
    limit: Duration,
    patience: Duration,
) -> (Heard, Duration) {
    // The inner limit is longer: what ends at the outer one was not accepted in time.
    let dialed = Instant::now();
    let connected = tokio::time::timeout(limit, way.connect(limit * 2)).await;
    let begun = Instant::now();
    let patience = patience.min(limit.saturating_sub(dialed.elapsed()));
    let mut stream = match connected {
        Ok(Ok(stream)) => stream,
        Ok(Err(_)) => return (Heard::Closed, Duration::ZERO),
        Err(_) => return (Heard::Unconnected, Duration::ZERO),
    };
    let mut heard = Vec::new();
    let talk = async {
        // A peer that closes at once may reset the connection while this is written: what counts is what can be read.
        let _ = stream.write_all(request).await;
        let _ = stream.flush().await;
        match listen(&mut stream, &mut heard).await {
            Some(alert) => Heard::Alert(alert),
            None => Heard::Closed,
        }
    };
    let ended = tokio::time::timeout(patience, talk).await;
    let heard = match (heard.is_empty(), ended) {
        (false, ended) => Heard::Bytes(heard, ended.is_ok()),
        (true, Ok(ended)) => ended,
        (true, Err(_)) => Heard::Silence,
    };
    (heard, begun.elapsed())
}

/// Reads into `heard` until the peer closes, the answer is known to be whole, or the cap is reached. The words of the alert
/// by which the peer ended TLS.
async fn listen(stream: &mut Wire, heard: &mut Vec<u8>) -> Option<String> {
    let mut chunk = [0; 4096];
    while heard.len() < CAP {
        match stream.read(&mut chunk).await {
            Ok(0) => return None,
            Err(error) => {
                return match rustls_error(&error) {
                    Some(alert @ rustls::Error::AlertReceived(_)) => Some(alert.to_string()),
                    _ => None,
                };
            }
            Ok(count) => heard.extend_from_slice(&chunk[..count]),
        }
        if whole(heard) {
            return None;
        }
    }
    None
}

/// Whether nothing more of interest can come: it is no HTTP, or the answer has ended.
fn whole(heard: &[u8]) -> bool {
    if heard.len() < START.len() {
        return !START.starts_with(heard);
    }
    !heard.starts_with(START) || HttpAnswer::read(heard).is_some_and(|answer| answer.whole)
}
