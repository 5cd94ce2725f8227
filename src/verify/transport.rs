//! The checks of each transport, in their order.

mod library;
mod native;
pub(super) mod rest;
pub(super) mod ws;

use std::net::SocketAddr;

use tokio::sync::Semaphore;

use super::plan::WantedTransport;
use super::port::{Port, Timed};
use super::site::Site;
use super::transport_checks::TransportChecks;
use crate::diagnose::{Judgement, judge};
use crate::dsn::Transport;
use crate::probe::sql::Cluster;
use crate::probe::tls::Handshake;
use crate::probe::{Check, Reply};

/// Climbs `wanted` until a check fails or all are done. Native waits until one of the `drivers` may start.
pub async fn check(site: &Site, wanted: WantedTransport, drivers: &Semaphore) -> TransportChecks {
    // It is never closed: waiting cannot fail.
    let _driver = match wanted.transport {
        Transport::Native => drivers.acquire().await.ok(),
        _ => None,
    };
    let mut checks = TransportChecks::new(wanted.transport, site.plan.secrets());
    if site.plan.token.is_some() && wanted.transport == Transport::Native {
        let judgement = Judgement::skipped("TDengine Cloud has no native transport");
        let _ended = checks.add(Check::Library, 0, judgement);
        site.login_gate.leave(wanted.transport);
        return checks;
    }
    // What ends the checks early is their last result; nothing else is to be known.
    let _ended = match wanted.transport {
        Transport::Ws => ws::run(site, &mut checks).await,
        Transport::Rest => rest::run(site, &mut checks).await,
        Transport::Native => native::run(site, wanted.named, &mut checks).await,
    };
    site.login_gate.leave(wanted.transport);
    checks.mark_the_slow(site.plan.limit);
    checks
}

/// Name and port: the address that accepts connections.
async fn ground(port: &Port, checks: &mut TransportChecks) -> Option<SocketAddr> {
    let dns = port.dns().await;
    // Where nothing is reached from here, a program that speaks REST may still get through a proxy that it is told of.
    let proxy = match checks.transport {
        Transport::Rest => rest::proxy(port),
        Transport::Ws | Transport::Native => None,
    };
    let proxy = proxy.unwrap_or_default();
    let judgement = judge::ground::dns(&port.host, &dns.seen).with("variable", proxy);
    checks.add(Check::Dns, dns.ms, judgement)?;
    let tcp = port.tcp().await;
    let judgement = judge::ground::tcp(&port.host, &tcp.seen).with("variable", proxy);
    checks.add(Check::Tcp, tcp.ms, judgement)?;
    tcp.seen.open()
}

/// Name, port, and TLS where it is asked for: what ws and rest stand on. `None` where one of them fails.
async fn approach(site: &Site, checks: &mut TransportChecks) -> Option<()> {
    ground(&site.adapter, checks).await?;
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
    checks.add(Check::Tls, handshake.ms, judgement)
}

/// The last rungs of ws and rest: what only taosd knows, and where it sends native clients.
async fn data_path(
    site: &Site,
    checks: &mut TransportChecks,
    cluster: Timed<Reply<Cluster>>,
) -> Option<()> {
    let judgement = judge::query::cluster(&cluster.seen).with("address", site.adapter.address());
    checks.add(Check::Query, cluster.ms, judgement)?;
    let Some(Cluster::Dnodes(dnodes)) = cluster.seen.data() else {
        return Some(());
    };
    let seen = site.endpoints(dnodes).await;
    for judgement in judge::endpoints::endpoints(&seen.seen, site.view().await) {
        checks.add(Check::Endpoints, seen.ms, judgement.into_warning())?;
    }
    Some(())
}
