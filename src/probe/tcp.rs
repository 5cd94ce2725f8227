//! A connection to a port: every address is dialled, all at once.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;

use crate::message::Message;

/// How long an address may take longer than another one that accepts (RFC 8305 has 250 ms between attempts).
const HEAD_START: Duration = Duration::from_millis(250);

/// How one dial ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dial {
    /// Connected.
    Open,
    /// Refused: nothing listens there.
    Refused,
    /// No answer within the limit.
    TimedOut,
    /// Nothing yet when another address had accepted, and a moment had passed.
    Outrun,
    /// Accepted and reset before a byte could be sent.
    Reset,
    /// No route to the address.
    Unreachable,
    /// Anything else, in the system's words.
    Other(Message),
}

impl Dial {
    /// The kind of error that this end of a dial is.
    pub fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Refused => io::ErrorKind::ConnectionRefused,
            Self::TimedOut | Self::Outrun => io::ErrorKind::TimedOut,
            Self::Reset => io::ErrorKind::ConnectionReset,
            Self::Unreachable => io::ErrorKind::HostUnreachable,
            Self::Open | Self::Other(_) => io::ErrorKind::Other,
        }
    }
}

/// One address and how dialling it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialAttempt {
    /// The address.
    pub address: IpAddr,
    /// How it ended.
    pub dial: Dial,
    /// Milliseconds that it took.
    pub ms: u64,
}

/// What every address of a host said to one port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcp {
    /// The port.
    pub port: u16,
    /// One entry an address, in the resolver's order.
    pub attempts: Vec<DialAttempt>,
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

/// Dials `port` on all of `addresses` at once. Once one of them accepts, the others are waited for a moment more: an address
/// that the resolver names first is preferred where it answers too, and one that never answers does not cost the whole limit.
/// The connections are closed again.
pub async fn dial(addresses: &[IpAddr], port: u16, limit: Duration) -> Tcp {
    let begun = Instant::now();
    let mut dials: FuturesUnordered<_> = addresses
        .iter()
        .enumerate()
        .map(|(at, address)| async move {
            let dial = match connect(SocketAddr::new(*address, port), limit).await {
                Ok(_) => Dial::Open,
                Err(dial) => dial,
            };
            (at, dial, millis(begun))
        })
        .collect();
    let mut attempts: Vec<DialAttempt> = addresses
        .iter()
        .map(|address| DialAttempt {
            address: *address,
            dial: Dial::Outrun,
            ms: 0,
        })
        .collect();
    let mut until = begun + limit + HEAD_START;
    while let Ok(Some((at, dial, ms))) = tokio::time::timeout_at(until.into(), dials.next()).await {
        if dial == Dial::Open {
            until = until.min(Instant::now() + HEAD_START);
        }
        if let Some(attempt) = attempts.get_mut(at) {
            attempt.dial = dial;
            attempt.ms = ms;
        }
    }
    for attempt in attempts
        .iter_mut()
        .filter(|attempt| attempt.dial == Dial::Outrun)
    {
        attempt.ms = millis(begun);
    }
    Tcp { port, attempts }
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
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Dial::Reset,
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => Dial::Unreachable,
            _ => Dial::Other(crate::error::describe_io_error(&error)),
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

#[cfg(test)]
mod tests;
