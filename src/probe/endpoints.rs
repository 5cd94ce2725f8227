//! Every dnode's advertised endpoint, resolved and dialled from here.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;

use super::dns::{self, Dns};
use super::tcp::{self, Tcp};

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
    /// What its addresses said; `None` where there was none.
    pub tcp: Option<Tcp>,
}

/// Looks at each of `advertised` once, all at the same time, [`MOST`] at most.
pub async fn look(advertised: &[String], limit: Duration) -> Vec<Endpoint> {
    let mut different: Vec<&String> = Vec::new();
    for text in advertised {
        if different.len() < MOST && !different.contains(&text) {
            different.push(text);
        }
    }
    let looks = different.into_iter().map(|text| async move {
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
                tcp: None,
            };
        }
        let dns = dns::resolve(host, limit).await;
        let addresses = dns.addresses();
        let tcp = if addresses.is_empty() {
            None
        } else {
            Some(tcp::dial(&addresses, port, limit).await)
        };
        Endpoint {
            advertised: text.clone(),
            host: host.to_owned(),
            port,
            dns,
            tcp,
        }
    });
    join_all(looks).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_once_and_not_without_end() {
        let odd = ["", "h", "::", "h:x", "h:0", "[]:1"].map(str::to_owned);
        let seen = look(&[odd.clone(), odd].concat(), Duration::from_secs(5)).await;
        assert_eq!(seen.len(), 6);
        assert!(
            seen.iter()
                .all(|endpoint| endpoint.port == 0 && endpoint.tcp.is_none())
        );
        let many: Vec<String> = (0..1000).map(|count| format!("name-{count}:x")).collect();
        assert_eq!(look(&many, Duration::from_secs(5)).await.len(), MOST);
    }
}
