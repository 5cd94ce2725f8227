//! How each transport climbs.

mod library;
mod native;
mod rest;
mod ws;

use std::net::SocketAddr;

use super::ladder::Ladder;
use super::plan::Wanted;
use super::port::{Port, Timed};
use super::site::Site;
use crate::diagnose::judge;
use crate::dsn::Transport;
use crate::probe::sql::Cluster;
use crate::probe::{Reply, Rung};

/// Climbs `wanted` until a rung fails or all are done.
pub async fn climb(site: &Site, wanted: Wanted) -> Ladder {
    let mut ladder = Ladder::new(wanted.transport, site.plan.secrets());
    // What ends a ladder early is its last step; nothing else is to be known.
    let _ended = match wanted.transport {
        Transport::Ws => ws::climb(site, &mut ladder).await,
        Transport::Rest => rest::climb(site, &mut ladder).await,
        Transport::Native => native::climb(site, wanted.named, &mut ladder).await,
    };
    site.canary.leave(wanted.transport);
    ladder
}

/// Name and port: the address that accepts connections.
async fn ground(port: &Port, ladder: &mut Ladder) -> Option<SocketAddr> {
    let dns = port.dns().await;
    ladder.step(Rung::Dns, dns.ms, judge::ground::dns(&port.host, &dns.seen))?;
    let tcp = port.tcp().await;
    ladder.step(Rung::Tcp, tcp.ms, judge::ground::tcp(&port.host, &tcp.seen))?;
    tcp.seen.open()
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
        ladder.step(Rung::Endpoints, seen.ms, judgement.as_warning())?;
    }
    Some(())
}
