//! How each transport climbs.

mod library;
mod native;
mod rest;
mod ws;

use std::net::SocketAddr;

use tokio::sync::Semaphore;

use super::ladder::Ladder;
use super::plan::Wanted;
use super::port::{Port, Timed};
use super::site::Site;
use crate::diagnose::{Judgement, judge};
use crate::dsn::Transport;
use crate::probe::sql::Cluster;
use crate::probe::tls::Handshake;
use crate::probe::{Reply, Rung};

/// Climbs `wanted` until a rung fails or all are done. Native waits until one of the `drivers` may start.
pub async fn climb(site: &Site, wanted: Wanted, drivers: &Semaphore) -> Ladder {
    // It is never closed: waiting cannot fail.
    let _driver = match wanted.transport {
        Transport::Native => drivers.acquire().await.ok(),
        _ => None,
    };
    let mut ladder = Ladder::new(wanted.transport, site.plan.secrets());
    if site.plan.token.is_some() && wanted.transport == Transport::Native {
        let judgement = Judgement::skipped("TDengine Cloud has no native transport");
        let _ended = ladder.step(Rung::Library, 0, judgement);
        site.canary.leave(wanted.transport);
        return ladder;
    }
    // What ends a ladder early is its last step; nothing else is to be known.
    let _ended = match wanted.transport {
        Transport::Ws => ws::climb(site, &mut ladder).await,
        Transport::Rest => rest::climb(site, &mut ladder).await,
        Transport::Native => native::climb(site, wanted.named, &mut ladder).await,
    };
    site.canary.leave(wanted.transport);
    ladder.mark_the_slow(site.plan.limit);
    ladder
}

/// Name and port: the address that accepts connections.
async fn ground(port: &Port, ladder: &mut Ladder) -> Option<SocketAddr> {
    let dns = port.dns().await;
    // Where nothing is reached from here, a program that speaks REST may still get through a proxy that it is told of.
    let proxy = match ladder.transport {
        Transport::Rest => rest::proxy(port),
        Transport::Ws | Transport::Native => None,
    };
    let proxy = proxy.unwrap_or_default();
    let judgement = judge::ground::dns(&port.host, &dns.seen).with("variable", proxy);
    ladder.step(Rung::Dns, dns.ms, judgement)?;
    let tcp = port.tcp().await;
    let judgement = judge::ground::tcp(&port.host, &tcp.seen).with("variable", proxy);
    ladder.step(Rung::Tcp, tcp.ms, judgement)?;
    tcp.seen.open()
}

/// Name, port, and TLS where it is asked for: what ws and rest stand on. `None` where one of them fails.
pub async fn approach(site: &Site, ladder: &mut Ladder) -> Option<()> {
    ground(&site.adapter, ladder).await?;
    let port = &site.adapter;
    if !port.secure() {
        return Some(());
    }
    let handshake = port.handshake().await?;
    // Only a failed handshake makes it worth knowing who answers plain text.
    let plain = match handshake.seen {
        Handshake::NotTls | Handshake::Closed => port.in_plain().await,
        _ => None,
    };
    let judgement =
        judge::tls::handshake(&port.address(), &port.host, &handshake.seen, plain.as_ref())
            .with("port", port.number);
    ladder.step(Rung::Tls, handshake.ms, judgement)
}

/// The last rungs of ws and rest: what only taosd knows, and where it sends native clients.
async fn data_path(site: &Site, ladder: &mut Ladder, cluster: Timed<Reply<Cluster>>) -> Option<()> {
    let judgement = judge::query::cluster(&cluster.seen).with("address", site.adapter.address());
    ladder.step(Rung::Query, cluster.ms, judgement)?;
    let Some(Cluster::Dnodes(dnodes)) = cluster.seen.data() else {
        return Some(());
    };
    let seen = site.endpoints(dnodes).await;
    for judgement in judge::endpoints::endpoints(&seen.seen, site.view().await) {
        ladder.step(Rung::Endpoints, seen.ms, judgement.into_warning())?;
    }
    Some(())
}
