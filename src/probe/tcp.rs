//! A connection to a port: every address is dialled, all at once.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde::Serialize;
use tokio::net::TcpStream;

/// How one dial ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dial {
    /// Connected.
    Open,
    /// Refused: nothing listens there.
    Refused,
    /// No answer within the limit.
    TimedOut,
    /// No route to the address.
    Unreachable,
    /// Anything else, in the system's words.
    Other(String),
}

/// One address and how dialling it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// The address.
    pub address: IpAddr,
    /// How it ended.
    pub dial: Dial,
    /// Milliseconds that it took.
    pub ms: u64,
}

/// What every address of a host said to one port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tcp {
    /// The port.
    pub port: u16,
    /// One entry an address, in the resolver's order.
    pub attempts: Vec<Attempt>,
}

impl Tcp {
    /// The first address that connected.
    pub fn open(&self) -> Option<SocketAddr> {
        self.attempts
            .iter()
            .find(|attempt| attempt.dial == Dial::Open)
            .map(|attempt| SocketAddr::new(attempt.address, self.port))
    }
}

/// Dials `port` on all of `addresses` at once. The connections are closed again.
pub async fn dial(addresses: &[IpAddr], port: u16, limit: Duration) -> Tcp {
    let attempts = addresses.iter().map(|address| async move {
        let begun = Instant::now();
        let dial = match connect(SocketAddr::new(*address, port), limit).await {
            Ok(_) => Dial::Open,
            Err(dial) => dial,
        };
        Attempt {
            address: *address,
            dial,
            ms: millis(begun),
        }
    });
    Tcp {
        port,
        attempts: join_all(attempts).await,
    }
}

/// One connection.
pub async fn connect(address: SocketAddr, limit: Duration) -> Result<TcpStream, Dial> {
    match tokio::time::timeout(limit, TcpStream::connect(address)).await {
        Err(_) => Err(Dial::TimedOut),
        Ok(Ok(stream)) => {
            let _ = stream.set_nodelay(true);
            Ok(stream)
        }
        Ok(Err(error)) => Err(match error.kind() {
            io::ErrorKind::ConnectionRefused => Dial::Refused,
            io::ErrorKind::TimedOut => Dial::TimedOut,
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => Dial::Unreachable,
            _ => Dial::Other(crate::error::io_words(&error)),
        }),
    }
}

/// Whether `address` is one of this machine's own: a socket can be bound to it. Nothing is sent.
pub fn is_of_this_machine(address: IpAddr) -> bool {
    address.is_loopback() || std::net::UdpSocket::bind((address, 0)).is_ok()
}

/// Whole milliseconds since `begun`.
pub fn millis(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
