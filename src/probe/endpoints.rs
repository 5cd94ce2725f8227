//! Every dnode's advertised endpoint, resolved and dialled from here.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;

use super::dns::{self, Dns};
use super::tcp::{self, Tcp};

/// The most endpoints that are dialled.
const MOST: usize = 64;

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

/// Looks at each of `advertised`, all at once.
pub async fn look(advertised: &[String], limit: Duration) -> Vec<Endpoint> {
    let looks = advertised.iter().take(MOST).map(|text| async move {
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
