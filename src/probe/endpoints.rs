//! Resolves and connects to the endpoint that every dnode advertises. The server chooses them, so their form is checked, their
//! number is bounded, and nothing that it says is sent there.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;

use super::dns::{self, Dns};
use super::fingerprint::{self, Fingerprint};
use super::sql::Dnode;
use super::tcp::{self, Tcp};
use super::wire::Way;
use crate::message::message;
use crate::safety::printable::printable;

/// The most endpoints that are connected to.
pub const MOST: usize = 64;
/// The most addresses of one endpoint that are connected to.
const MOST_ADDRESSES: usize = 2;
/// The most characters of an endpoint that does not parse.
const EXCERPT: usize = 80;

/// One dnode's endpoint as seen from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The endpoint as the server advertises it, `host:port`.
    pub advertised: String,
    /// Its host; empty if the endpoint does not parse.
    pub host: String,
    /// Its port; 0 if the endpoint does not parse.
    pub port: u16,
    /// The resolver's answer.
    pub dns: Dns,
    /// Its own cluster reports it as offline.
    pub offline: bool,
    /// The answers of its addresses; `None` if there was none.
    pub tcp: Option<Tcp>,
    /// The program that answers a stranger there; `None` if it was not asked.
    pub answers: Option<Fingerprint>,
}

/// The time that an endpoint has to answer a stranger; taosd closes a stranger's request immediately.
const PATIENCE: Duration = Duration::from_millis(700);

/// Looks at the endpoint of each of `dnodes` once, all at the same time, [`MOST`] at most. The program at `known` is known
/// already.
pub async fn look(dnodes: &[Dnode], known: Option<SocketAddr>, limit: Duration) -> Vec<Endpoint> {
    let mut different: Vec<&Dnode> = Vec::new();
    for dnode in dnodes {
        let seen = |other: &&Dnode| other.endpoint == dnode.endpoint;
        if different.len() < MOST && !different.iter().any(seen) {
            different.push(dnode);
        }
    }
    let looks = different
        .into_iter()
        .map(|dnode| look_at(dnode, known, limit));
    join_all(looks).await
}

async fn look_at(dnode: &Dnode, known: Option<SocketAddr>, limit: Duration) -> Endpoint {
    let Some((host, port)) = parse_endpoint(&dnode.endpoint) else {
        let excerpt: String = dnode.endpoint.chars().take(EXCERPT).collect();
        return Endpoint {
            advertised: printable(&excerpt),
            host: String::new(),
            port: 0,
            dns: Dns::Unknown(message!("probe-endpoint-form")),
            offline: dnode.offline,
            tcp: None,
            answers: None,
        };
    };
    let dns = dns::resolve(host, limit).await;
    let addresses = dns.addresses();
    let tcp = if addresses.is_empty() {
        None
    } else {
        let addresses = &addresses[..addresses.len().min(MOST_ADDRESSES)];
        Some(tcp::dial(addresses, port, limit).await)
    };
    let answers = match tcp.as_ref().and_then(Tcp::open) {
        Some(open) if Some(open) != known => {
            Some(fingerprint::ask_harmlessly(&Way::plain(open), limit.min(PATIENCE)).await)
        }
        _ => None,
    };
    Endpoint {
        advertised: dnode.endpoint.clone(),
        host: host.to_owned(),
        port,
        offline: dnode.offline,
        dns,
        tcp,
        answers,
    }
}

/// Returns host and port of `host:port` or `[v6]:port`, if the host is an address or can be a name.
fn parse_endpoint(text: &str) -> Option<(&str, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0)?;
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    (bare.parse::<IpAddr>().is_ok() || is_host_name(bare)).then_some((bare, port))
}

/// Returns whether `name` can be a host's name (RFC 1123, 2.1, and the underscore that container names have).
fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        matches!(label.len(), 1..=63) && label.bytes().all(allowed) && !label.starts_with('-')
    };
    name.len() <= 253
        && name
            .strip_suffix('.')
            .unwrap_or(name)
            .split('.')
            .all(is_label)
}

#[cfg(test)]
mod tests;
