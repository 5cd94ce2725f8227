//! What can be reached from this machine at all: its routes, and whether its own resolver answers. Only the resolver that is configured
//! is asked, for the servers of the root, which every resolver knows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::UdpSocket;

use super::tcp::millis;
use crate::safety::printable::printable;
use crate::system::files;
use crate::system::routes::{self, NetworkRoute};
use crate::system::test_machine::host_path;

/// A resolver of the local network answers this question from its memory.
const PATIENCE: Duration = Duration::from_secs(1);
/// The port of DNS.
const DNS_PORT: u16 = 53;
/// The C library asks no more than these.
const MOST_RESOLVERS: usize = 3;
/// The limit in bytes of `/etc/resolv.conf`.
const CONFIGURATION_LIMIT: u64 = 64 << 10;
/// A question for the name servers of the root: RFC 1035, 4.1. The first two bytes are its number.
const QUESTION: [u8; 17] = [
    0x74, 0x73, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1,
];

/// What can be reached from this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The default route of IPv4.
    pub ipv4: DefaultRoute,
    /// The default route of IPv6.
    pub ipv6: DefaultRoute,
    /// The resolver.
    pub resolver: ResolverAnswer,
}

/// Whether this machine has a default route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultRoute {
    /// It has one.
    Present {
        /// Its interface, if the system lists routes.
        interface: Option<String>,
        /// The address of its next machine, if there is one and the system lists routes.
        gateway: Option<String>,
    },
    /// It has none.
    Absent,
    /// The system does not say.
    Unknown,
}

/// Whether the resolver that this machine is configured for answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolverAnswer {
    /// This one answers.
    Answers {
        /// Its address.
        server: String,
        /// Milliseconds that the answer took.
        ms: u64,
    },
    /// None of these answers.
    Silent(Vec<String>),
    /// None is configured.
    Unconfigured,
    /// The configuration cannot be read on this system.
    Unknown,
    /// It was not asked: the target is on this machine.
    Unasked,
}

impl Control {
    /// Changes every address by `change`.
    pub fn map_texts(&mut self, change: &impl Fn(&str) -> String) {
        for route in [&mut self.ipv4, &mut self.ipv6] {
            if let DefaultRoute::Present { gateway, .. } = route {
                *gateway = gateway.as_deref().map(change);
            }
        }
        match &mut self.resolver {
            ResolverAnswer::Answers { server, .. } => *server = change(server),
            ResolverAnswer::Silent(servers) => {
                for server in servers {
                    *server = change(server);
                }
            }
            ResolverAnswer::Unconfigured | ResolverAnswer::Unknown | ResolverAnswer::Unasked => {}
        }
    }
}

/// Looks at the routes, and asks the resolver unless `is_here`.
pub async fn look(is_here: bool, limit: Duration) -> Control {
    let resolver = match (is_here, resolvers()) {
        (true, _) => ResolverAnswer::Unasked,
        (false, None) => ResolverAnswer::Unknown,
        (false, Some(servers)) => ask(&servers, limit.min(PATIENCE)).await,
    };
    Control {
        ipv4: default_route(routes::ipv4_routes(), Ipv4Addr::new(192, 0, 2, 1).into()),
        ipv6: default_route(
            routes::ipv6_routes(),
            Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
        ),
        resolver,
    }
}

/// The default route of `listed`. A system that lists none is asked for the way to `example`, an address that nobody has (RFC 5737,
/// RFC 3849); nothing is sent there.
fn default_route(listed: Option<Vec<NetworkRoute>>, example: IpAddr) -> DefaultRoute {
    match listed {
        Some(routes) => match routes::default_route(&routes) {
            Some(route) => DefaultRoute::Present {
                interface: Some(printable(&route.interface)),
                gateway: route.gateway.map(|gateway| gateway.to_string()),
            },
            None => DefaultRoute::Absent,
        },
        None if cfg!(target_os = "linux") => DefaultRoute::Unknown,
        None => match routes::source_address(example) {
            Ok(_) => DefaultRoute::Present {
                interface: None,
                gateway: None,
            },
            Err(_) => DefaultRoute::Absent,
        },
    }
}

/// The resolvers of `/etc/resolv.conf`; `None` if there is no such file.
fn resolvers() -> Option<Vec<SocketAddr>> {
    let text = files::read_named_text(&host_path("/etc/resolv.conf"), CONFIGURATION_LIMIT).ok()?;
    Some(parse_resolvers(&text))
}

fn parse_resolvers(text: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        let word = words.next().filter(|word| *word == "nameserver");
        let address = word.and_then(|_| words.next())?;
        // A link-local address names its interface, too.
        let address = address.split('%').next()?;
        Some(SocketAddr::new(address.parse().ok()?, DNS_PORT))
    };
    text.lines()
        .filter_map(address)
        .take(MOST_RESOLVERS)
        .collect()
}

/// Asks all of `servers` at once, and takes the first answer.
pub async fn ask(servers: &[SocketAddr], limit: Duration) -> ResolverAnswer {
    if servers.is_empty() {
        return ResolverAnswer::Unconfigured;
    }
    let begun = Instant::now();
    let mut asked: FuturesUnordered<_> = servers
        .iter()
        .map(|server| async move {
            let answered = tokio::time::timeout(limit, answers(*server)).await;
            (server.ip().to_string(), matches!(answered, Ok(Ok(()))))
        })
        .collect();
    while let Some((server, answered)) = asked.next().await {
        if answered {
            let ms = millis(begun);
            return ResolverAnswer::Answers { server, ms };
        }
    }
    ResolverAnswer::Silent(
        servers
            .iter()
            .map(|server| server.ip().to_string())
            .collect(),
    )
}

/// Waits for an answer to [`QUESTION`], whatever it says: a resolver that refuses it is there.
async fn answers(server: SocketAddr) -> std::io::Result<()> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(&QUESTION).await?;
    let mut answer = [0; 512];
    loop {
        let length = socket.recv(&mut answer).await?;
        let is_answer = length >= 12 && answer[..2] == QUESTION[..2] && answer[2] & 0x80 != 0;
        if is_answer {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
