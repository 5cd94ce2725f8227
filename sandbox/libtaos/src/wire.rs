//! The connection to the sandbox's native port: dialling with the real library's patience, then JSON messages.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::error::Error;
use crate::faults::duration;
use crate::hello::{MAX_MESSAGE, hello};
use crate::marker;

/// A connection on which both ends have said hello.
pub(crate) struct Wire {
    stream: TcpStream,
    server_version: String,
}

/// Why a message did not come.
enum Trouble {
    /// The other end closed, or the network broke.
    Closed,
    /// It sent nothing for the whole wait.
    Silent,
    /// It sent something else.
    Foreign,
}

impl Wire {
    /// Connects and says hello. A port that is closed, or closes, is tried for as long as the real library tries.
    pub(crate) fn dial(host: &str, port: u16) -> Result<Self, Error> {
        let before_3_3 = !marker::at_least([3, 3, 0]);
        // Recorded for a closed port and for a server of another minor version: 10.3 s by 3.2.2.2, 20.4 s by 3.3.7.5.
        let patience = duration(
            "TAOS_SANDBOX_DRIVER_DIAL_MS",
            if before_3_3 { 10_290 } else { 20_400 },
        );
        let give_up = Instant::now() + patience;
        let addresses = (host, port)
            .to_socket_addrs()
            .map_err(|_| Error::unreachable())?;
        let opened = addresses
            .filter_map(|address| {
                let left = give_up
                    .saturating_duration_since(Instant::now())
                    .max(Duration::from_millis(1));
                TcpStream::connect_timeout(&address, left).ok()
            })
            .next();
        let Some(stream) = opened else {
            thread::sleep(give_up.saturating_duration_since(Instant::now()));
            return Err(Error::unreachable());
        };
        let mut wire = Self {
            stream,
            server_version: String::new(),
        };
        match wire.greet() {
            Ok(reply) => {
                wire.server_version = reply
                    .get("version")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                Ok(wire)
            }
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Trouble(Trouble::Closed)) => {
                thread::sleep(give_up.saturating_duration_since(Instant::now()));
                Err(if before_3_3 {
                    Error::new(0x0018, "Conn is broken")
                } else {
                    Error::unreachable()
                })
            }
            Err(Failure::Trouble(Trouble::Silent)) => Err(Error::unreachable()),
            Err(Failure::Trouble(Trouble::Foreign)) => {
                // Recorded: dialling the REST port does not return within 280 s.
                thread::sleep(hang());
                Err(Error::unreachable())
            }
        }
    }

    /// The server's version, from its hello.
    pub(crate) fn server_version(&self) -> &str {
        &self.server_version
    }

    /// Sends a request and gives its answer; an error that the server answered is an error here.
    pub(crate) fn ask(&mut self, request: &Value) -> Result<Value, Error> {
        self.send(request)
            .and_then(|()| self.receive())
            .and_then(refused)
            .map_err(|failure| match failure {
                Failure::Refused(error) => error,
                Failure::Trouble(_) => Error::unreachable(),
            })
    }

    fn greet(&mut self) -> Result<Value, Failure> {
        self.stream.set_nodelay(true)?;
        self.stream.set_read_timeout(Some(hang()))?;
        self.stream.write_all(&hello(&marker::version()))?;
        self.receive().and_then(refused)
    }

    fn send(&mut self, message: &Value) -> Result<(), Failure> {
        let text = message.to_string().into_bytes();
        let length = u32::try_from(text.len()).map_err(io::Error::other)?;
        self.stream.write_all(&length.to_le_bytes())?;
        Ok(self.stream.write_all(&text)?)
    }

    fn receive(&mut self) -> Result<Value, Failure> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if length > MAX_MESSAGE {
            return Err(Failure::Trouble(Trouble::Foreign));
        }
        let mut text = Vec::new();
        let read = Read::by_ref(&mut self.stream)
            .take(length.into())
            .read_to_end(&mut text)?;
        if u32::try_from(read) != Ok(length) {
            return Err(Failure::Trouble(Trouble::Closed));
        }
        serde_json::from_slice(&text).map_err(|_| Failure::Trouble(Trouble::Foreign))
    }
}

/// Why a request has no answer.
enum Failure {
    /// The server said so.
    Refused(Error),
    /// It said nothing that can be understood.
    Trouble(Trouble),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Trouble(match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Trouble::Silent,
            _ => Trouble::Closed,
        })
    }
}

/// How long a peer that answers nothing, or nonsense, is waited for.
fn hang() -> Duration {
    duration("TAOS_SANDBOX_DRIVER_HANG_MS", 300_000).max(Duration::from_millis(1))
}

/// An answer that is an error, as one.
fn refused(answer: Value) -> Result<Value, Failure> {
    let Some(code) = answer.get("code").and_then(Value::as_u64) else {
        return Ok(answer);
    };
    let text = answer
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let code = u16::try_from(code & 0xffff).unwrap_or(u16::MAX);
    Err(Failure::Refused(Error::new(code, text)))
}
