//! Servers that are not taosAdapter, one connection after the other: each answers as its test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A listener on a free port of 127.0.0.1, until the test's process ends.
pub struct Fake {
    pub address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Hands every connection, and what it first said within a second, to `answer`.
    pub fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    /// The same on a listener of the test's own.
    pub fn on(
        listener: TcpListener,
        answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (heard, answer) = (Arc::clone(&heads), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (heard, answer) = (Arc::clone(&heard), Arc::clone(&answer));
                let mut stream = stream.unwrap();
                std::thread::spawn(move || {
                    stream
                        .set_read_timeout(Some(Duration::from_secs(1)))
                        .unwrap();
                    let mut head = [0; 16 * 1024];
                    let count = stream.read(&mut head).unwrap_or(0);
                    let head = String::from_utf8_lossy(&head[..count]).into_owned();
                    heard.lock().unwrap().push(head.clone());
                    answer(&head, &mut stream);
                    // What is left unread would make closing take the answer back.
                    let _ = stream.shutdown(std::net::Shutdown::Write);
                    while stream.read(&mut [0; 4096]).unwrap_or(0) > 0 {}
                });
            }
        });
        Self { address, heads }
    }

    /// Answers every connection with `bytes`.
    pub fn says(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_, stream| drop(stream.write_all(&bytes)))
    }

    /// Answers every request with this HTTP status line and headers, and this body.
    pub fn http(status_and_headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::says(format!(
            "HTTP/1.1 {status_and_headers}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    /// What the connections first said, so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}
