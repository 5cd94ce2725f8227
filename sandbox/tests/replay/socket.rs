//! A WebSocket client whose handshake and frames are in the open.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use taos_sandbox::deflate::{AGREED, Direction};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::http;

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// A stream whose messages are compressed if the server agreed to it.
struct Filtered {
    stream: TcpStream,
    directions: Option<(Direction, Direction)>,
    unpacked: Vec<u8>,
}

impl Read for Filtered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((incoming, _)) = &mut self.directions else {
            return self.stream.read(buffer);
        };
        while self.unpacked.is_empty() {
            let mut bytes = [0; 4096];
            let count = self.stream.read(&mut bytes)?;
            if count == 0 {
                return Ok(0);
            }
            self.unpacked = incoming.unpack(&bytes[..count])?;
        }
        let count = self.unpacked.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.unpacked[..count]);
        self.unpacked.drain(..count);
        Ok(count)
    }
}

impl Write for Filtered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.directions {
            Some((_, outgoing)) => self.stream.write_all(&outgoing.pack(bytes)?)?,
            None => self.stream.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

pub(crate) struct Socket {
    socket: WebSocket<Filtered>,
    /// Frames that came while another kind was waited for. A pong may overtake a reply, and the other way round.
    waiting: VecDeque<Message>,
}

impl Socket {
    /// Opens a connection, and gives the headers of the handshake with the accepted key proven and taken out.
    pub(crate) fn open(address: SocketAddr, path: &str) -> (Self, Vec<(String, String)>) {
        let head = [
            &format!("GET {path} HTTP/1.1"),
            "Host: sandbox",
            "Upgrade: websocket",
            "Connection: Upgrade",
            &format!("Sec-WebSocket-Key: {KEY}"),
            "Sec-WebSocket-Version: 13",
        ];
        let (socket, status, mut headers) = Self::with_head(address, &head.map(str::to_owned));
        assert_eq!(status, "HTTP/1.1 101 Switching Protocols", "{path}");
        let accept = (
            "sec-websocket-accept".to_owned(),
            derive_accept_key(KEY.as_bytes()),
        );
        assert!(headers.contains(&accept), "{headers:?}");
        headers.retain(|header| *header != accept);
        (socket, headers)
    }

    /// Opens a connection with exactly this head, and gives status and headers.
    pub(crate) fn with_head(
        address: SocketAddr,
        head: &[String],
    ) -> (Self, String, Vec<(String, String)>) {
        let mut stream = http::connect(address);
        stream
            .write_all(format!("{}\r\n\r\n", head.join("\r\n")).as_bytes())
            .unwrap();
        let (status, headers) = http::parse_head(&http::head(&mut stream));
        let agreed = |(name, value): &(String, String)| {
            name == "sec-websocket-extensions" && value == AGREED
        };
        let filtered = Filtered {
            stream,
            directions: headers.iter().any(agreed).then(Default::default),
            unpacked: Vec::new(),
        };
        let socket = WebSocket::from_raw_socket(filtered, Role::Client, None);
        (
            Self {
                socket,
                waiting: VecDeque::new(),
            },
            status,
            headers,
        )
    }

    pub(crate) fn send(&mut self, kind: &str, payload: Vec<u8>) {
        let message = match kind {
            "text" => Message::text(String::from_utf8(payload).unwrap()),
            "binary" => Message::binary(payload),
            "ping" => Message::Ping(payload.into()),
            "pong" => Message::Pong(payload.into()),
            "close" => Message::Close(None),
            other => panic!("a {other} frame was sent"),
        };
        self.socket.send(message).unwrap();
    }

    /// The next frame: the next pong if a pong is wanted, else the next text or binary frame.
    pub(crate) fn receive(&mut self, wanted: &str) -> (&'static str, Bytes) {
        self.receive_first(|message| message.is_pong() == (wanted == "pong"))
    }

    /// The frame that answers the same request as a recorded one: answers may overtake each other.
    pub(crate) fn receive_answer(
        &mut self,
        wanted: &str,
        recorded: &[u8],
    ) -> (&'static str, Bytes) {
        let request = request_id(recorded, false);
        self.receive_first(|message| {
            message.is_pong() == (wanted == "pong")
                && (message.is_close() == (wanted == "close"))
                && match (request, request_id(&message.clone().into_data(), false)) {
                    (Some(request), Some(answered)) => request == answered,
                    _ => true,
                }
        })
    }

    fn receive_first(&mut self, fits: impl Fn(&Message) -> bool) -> (&'static str, Bytes) {
        let message = match self.waiting.iter().position(&fits) {
            Some(at) => self.waiting.remove(at).unwrap(),
            None => loop {
                let message = self.socket.read();
                let message = message.unwrap_or_else(|error| {
                    panic!("{error}, and these were not asked for: {:?}", self.waiting)
                });
                if fits(&message) {
                    break message;
                }
                self.waiting.push_back(message);
            },
        };
        match message {
            Message::Text(text) => ("text", text.into()),
            Message::Binary(bytes) => ("binary", bytes),
            Message::Pong(bytes) => ("pong", bytes),
            Message::Close(_) => ("close", Bytes::new()),
            other => panic!("{other:?} came"),
        }
    }
}

/// The number of the request that a frame is, or answers, if it has one.
pub(crate) fn request_id(frame: &[u8], sent: bool) -> Option<u64> {
    let number = |at: usize| {
        Some(u64::from_le_bytes(
            frame.get(at..at + 8)?.try_into().unwrap(),
        ))
    };
    match serde_json::from_slice::<serde_json::Value>(frame) {
        Ok(frame) if sent => frame.get("args")?.get("req_id")?.as_u64(),
        Ok(frame) => frame.get("req_id")?.as_u64(),
        Err(_) if sent => number(0),
        Err(_) if frame.starts_with(&[0xff; 8]) => number(26),
        Err(_) => None,
    }
}
