//! A taosAdapter that answers every WebSocket action as its test says, and REST with nothing.
#![cfg(target_os = "linux")]

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

/// A listener on a free port of 127.0.0.1, until the test's process ends.
pub struct HostileWebSocket {
    pub address: SocketAddr,
}

/// A connection after the Upgrade.
pub type Socket = WebSocket<TcpStream>;

impl HostileWebSocket {
    /// Hands every action of every connection to `answer`, with its name and its SQL.
    pub fn start(answer: impl Fn(&str, &str, &mut Socket) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let answer = Arc::clone(&answer);
                let stream = stream.unwrap();
                std::thread::spawn(move || {
                    let Ok(mut socket) = accept(stream) else {
                        return;
                    };
                    while let Ok(message) = socket.read() {
                        let Message::Text(text) = message else {
                            continue;
                        };
                        let action: serde_json::Value = serde_json::from_str(&text).unwrap();
                        let sql = action["args"]["sql"].as_str().unwrap_or_default();
                        let name = action["action"].as_str().unwrap_or_default();
                        answer(name, sql, &mut socket);
                    }
                });
            }
        });
        Self { address }
    }

    /// Serves a login, the version, and for other statements results whose blocks are all `block`: one, or without end.
    pub fn with_block(block: &[u8], endless: bool) -> Self {
        let message = |block: &[u8]| Message::binary([&[0; 16], block].concat());
        let version = message(&varchar_block(&["3.3.7.5"]));
        let block = message(block);
        // The statement, and whether a block of its result has been fetched.
        let state = Mutex::new((String::new(), false));
        Self::start(move |action, sql, socket| {
            let mut state = state.lock().unwrap();
            let answer = match action {
                "version" => Message::text(r#"{"code":0,"message":"","version":"3.3.7.5"}"#),
                "query" => {
                    *state = (sql.to_owned(), false);
                    let names = r#""id":1,"is_update":false,"fields_names":["endpoint"]"#;
                    Message::text(format!(r#"{{"code":0,"message":"",{names}}}"#))
                }
                "fetch" => {
                    let completed = state.1 && !(endless && state.0.contains("ins_"));
                    Message::text(format!(
                        r#"{{"code":0,"message":"","completed":{completed}}}"#
                    ))
                }
                "fetch_block" => {
                    state.1 = true;
                    match state.0.contains("server_version") {
                        true => version.clone(),
                        false => block.clone(),
                    }
                }
                _ => Message::text(r#"{"code":0,"message":""}"#),
            };
            // The program may have gone away.
            let _ = socket.send(answer);
        })
    }
}

/// A block of one varchar column with these texts.
pub fn varchar_block(texts: &[&str]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut offsets = Vec::new();
    for text in texts {
        offsets.push(data.len() as u32);
        data.extend((text.len() as u16).to_le_bytes());
        data.extend(text.bytes());
    }
    block_of(&offsets, &data)
}

/// A block of `rows` rows of one varchar column, whose cells all have the same `length` bytes.
pub fn shared_block(rows: usize, length: u16) -> Vec<u8> {
    let mut data = length.to_le_bytes().to_vec();
    data.resize(2 + usize::from(length), b'x');
    block_of(&vec![0; rows], &data)
}

fn block_of(offsets: &[u32], data: &[u8]) -> Vec<u8> {
    let mut block = Vec::new();
    for number in [1, 0, offsets.len() as u32, 1] {
        block.extend(number.to_le_bytes());
    }
    block.extend([0; 12]);
    block.push(8);
    block.extend(0_u32.to_le_bytes());
    block.extend((data.len() as u32).to_le_bytes());
    block.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
    block.extend(data);
    block
}
