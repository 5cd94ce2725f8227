//! Every dnode's advertised endpoint, resolved and dialled from here.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;

use super::dns::{self, Dns};
use super::fingerprint::{self, Fingerprint};
use super::sql::Dnode;
use super::tcp::{self, Tcp};
use super::wire::Way;

/// The most endpoints that are dialled.
pub const MOST: usize = 64;

/// One dnode's endpoint as seen from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// What the server advertises, `host:port`.
    pub advertised: String,
    /// Its host; empty where the endpoint does not parse.
    pub host: String,
    /// Its port; 0 where the endpoint does not parse.
    pub port: u16,
    /// What the resolver said.
    pub dns: Dns,
    /// Its own cluster says that it is offline.
    pub offline: bool,
    /// What its addresses said; `None` where there was none.
    pub tcp: Option<Tcp>,
    /// Who answers a stranger there; `None` where nobody asked.
    pub answers: Option<Fingerprint>,
}

/// How long an endpoint may take to answer a stranger; taosd closes his request at once.
const PATIENCE: Duration = Duration::from_millis(700);

/// Looks at the endpoint of each of `dnodes` once, all at the same time, [`MOST`] at most. Whoever answers at `known` is known
/// already.
pub async fn look(dnodes: &[Dnode], known: Option<SocketAddr>, limit: Duration) -> Vec<Endpoint> {
    let mut different: Vec<&Dnode> = Vec::new();
    for dnode in dnodes {
        let seen = |other: &&Dnode| other.endpoint == dnode.endpoint;
        if different.len() < MOST && !different.iter().any(seen) {
            different.push(dnode);
        }
    }
    let looks = different.into_iter().map(|dnode| async move {
        let (text, offline) = (&dnode.endpoint, dnode.offline);
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().unwrap_or(0)),
            None => (text.as_str(), 0),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || port == 0 {
            return Endpoint {
                advertised: text.clone(),
                host: String::new(),
                port: 0,
                dns: Dns::Unknown("it is not HOST:PORT".into()),
                offline,
                tcp: None,
                answers: None,
            };
        }
        let dns = dns::resolve(host, limit).await;
        let addresses = dns.addresses();
        let tcp = if addresses.is_empty() {
            None
        } else {
            Some(tcp::dial(&addresses, port, limit).await)
        };
        let answers = match tcp.as_ref().and_then(Tcp::open) {
            Some(open) if Some(open) != known => {
                let way = Way::plain(open);
                Some(fingerprint::ask_once(&way, text, "", limit.min(PATIENCE)).await)
            }
            _ => None,
        };
        Endpoint {
            advertised: text.clone(),
            host: host.to_owned(),
            port,
            offline,
            dns,
            tcp,
            answers,
        }
    });
    join_all(looks).await
}

#[cfg(test)]
mod tests;
