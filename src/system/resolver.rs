//! Asks the system's resolver (hosts file included) on a thread of its own: the runtime panics if it cannot start one.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The most addresses of a name that are used. Whoever answers for the name chooses how many there are.
const MOST_ADDRESSES: usize = 16;

/// Returns the addresses of `host` in the resolver's order, each once.
///
/// # Errors
/// The resolver's own error, or the reason why no thread can be started.
pub async fn resolve(host: &str) -> io::Result<Vec<IpAddr>> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let host = host.to_owned();
    std::thread::Builder::new()
        .name("resolver".into())
        .spawn(move || {
            // The caller may have given up waiting.
            let _ = sender.send((host.as_str(), 0).to_socket_addrs());
        })?;
    let found = receiver
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::Interrupted))??;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found.map(|found| found.ip()) {
        if addresses.len() < MOST_ADDRESSES && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

/// The same for the HTTP client, which resolves the names of proxies and mirrors itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses = resolve(name.as_str()).await?;
            let addresses: Addrs = Box::new(
                addresses
                    .into_iter()
                    .map(|address| SocketAddr::new(address, 0)),
            );
            Ok(addresses)
        })
    }
}
