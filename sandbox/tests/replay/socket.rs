//! A WebSocket client whose handshake and frames are in the open.

use std::collections::VecDeque;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::http;

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

pub(crate) struct Socket {
    socket: WebSocket<TcpStream>,
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
        let socket = WebSocket::from_raw_socket(stream, Role::Client, None);
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
            "close" => Message::Close(None),
            other => panic!("a {other} frame was sent"),
        };
        self.socket.send(message).unwrap();
    }

    /// The next frame: the next pong if a pong is wanted, else the next text or binary frame.
    pub(crate) fn receive(&mut self, wanted: &str) -> (&'static str, Bytes) {
        let pong = wanted == "pong";
        let fits = |message: &Message| message.is_pong() == pong;
        let message = match self.waiting.iter().position(fits) {
            Some(at) => self.waiting.remove(at).unwrap(),
            None => loop {
                let message = self.socket.read().unwrap();
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
            other => panic!("{other:?} came instead of a {wanted}"),
        }
    }
}
