//! The checks of each transport, in their order.

pub(super) mod library;
pub(super) mod native;
mod reach;
pub(super) mod rest;
pub(super) mod ws;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::plan::WantedTransport;
use super::port::{Port, Timed, timed};
use super::site::Site;
use super::transport_checks::TransportChecks;
use super::write::connection::Connection;
use crate::diagnose::{Judgement, codes, judge};
use crate::dsn::Transport;
use crate::message::message;
use crate::probe::sql::Cluster;
use crate::probe::tls::Handshake;
use crate::probe::{Check, Reply, sql};
use crate::safety::printable::printable;

/// Climbs `wanted` until a check fails or all are done. Native waits until one of the `drivers` may start.
pub async fn check(site: &Site, wanted: WantedTransport, drivers: &Semaphore) -> TransportChecks {
    // It is never closed: waiting cannot fail.
    let _driver = match wanted.transport {
        Transport::Native if !site.plan.reach_only => drivers.acquire().await.ok(),
        _ => None,
    };
    let mut checks = TransportChecks::new(wanted.transport, site.plan.secrets());
    if !site.plan.credentials().has_token() {
        checks.user = printable(&site.plan.user);
    }
    if site.plan.token.is_some() && wanted.transport == Transport::Native {
        let judgement = Judgement::skipped(message!("verify-cloud-no-native"));
        let _ended = checks.add_untimed(Check::Library, judgement);
        site.login_gate.leave(wanted.transport);
        return checks;
    }
    if site.plan.reach_only {
        let _ended = reach::run(site, &mut checks).await;
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
    // If this machine cannot connect, a program that uses REST may still get through a configured proxy.
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

/// What taosd says about its cluster through taosAdapter.
struct ClusterAnswer {
    reply: Reply<Cluster>,
    /// `user` may see no table because an administrator disabled it, which Community 3.3 tells nowhere else.
    disabled: bool,
    /// The answer of several packets; `None` if it was not asked for.
    large: Option<Reply<sql::Rows>>,
}

/// Asks for the dnodes, or for what a user who may not see them may ask instead.
async fn cluster(
    connection: &mut Connection<'_>,
    user: &str,
    limit: Duration,
) -> Timed<ClusterAnswer> {
    timed(async {
        let dnodes = connection.run(sql::DNODES, limit).await;
        if !sql::lacks_sysinfo(&dnodes) {
            let reply = dnodes.and_then(|rows| sql::dnodes(&rows));
            return ClusterAnswer {
                large: large_answer(connection, reply.data(), limit).await,
                reply,
                disabled: false,
            };
        }
        let databases = connection.run(sql::DATABASES, limit).await;
        let refused = matches!(
            databases,
            Reply::Refused {
                code: codes::NO_OBJECT,
                ..
            }
        );
        let disabled = refused && is_disabled(connection, user, limit).await;
        let reply = databases.and_then(|rows| sql::databases(&rows));
        ClusterAnswer {
            large: large_answer(connection, reply.data(), limit).await,
            reply,
            disabled,
        }
    })
    .await
}

/// Asks for an answer of several packets once `cluster` has answered shortly. With an offline dnode its absence would prove nothing.
async fn large_answer(
    connection: &mut Connection<'_>,
    cluster: Option<&Cluster>,
    limit: Duration,
) -> Option<Reply<sql::Rows>> {
    if cluster?.has_offline_dnode() {
        return None;
    }
    Some(connection.run(sql::SYSTEM_TABLES, limit).await)
}

/// Whether `show users` lists `user` as disabled.
async fn is_disabled(connection: &mut Connection<'_>, user: &str, limit: Duration) -> bool {
    let users = connection.run("show users", limit).await;
    let Some(rows) = users.data() else {
        return false;
    };
    let (Some(names), Some(enabled)) = (rows.column("name"), rows.column("enable")) else {
        return false;
    };
    names
        .iter()
        .zip(enabled)
        .any(|(name, enabled)| name.as_deref() == Some(user) && enabled.as_deref() == Some("0"))
}

/// The part of the limit that a short answer has once a longer one did not come.
const OF_A_SHORT_ANSWER: u32 = 4;

/// Whether taosd answers shortly where a longer answer of it was not seen: a cluster of many dnodes lists them in several
/// packets.
async fn short_answer_arrives(site: &Site) -> bool {
    let Some(Ok(rest)) = site.adapter.rest().await else {
        return false;
    };
    let limit = site.plan.limit / OF_A_SHORT_ANSWER;
    let count = rest.query(sql::DNODE_COUNT, limit).await;
    matches!(count, Reply::Data(_))
}

/// The last checks of ws and rest: what only taosd knows, and where it sends native clients.
async fn data_path(
    site: &Site,
    checks: &mut TransportChecks,
    cluster: Timed<ClusterAnswer>,
) -> Option<()> {
    let large = cluster.seen.large.as_ref();
    let judgement = if cluster.seen.disabled {
        judge::query::disabled(&printable(&site.plan.user))
    } else if let Some(lost) = large.and_then(judge::query::large_answer) {
        lost
    } else if cluster.seen.reply == Reply::Unanswered && short_answer_arrives(site).await {
        judge::query::large_answer(&Reply::<()>::Unanswered)
            .unwrap_or_else(|| judge::query::cluster(&cluster.seen.reply))
    } else {
        judge::query::cluster(&cluster.seen.reply)
    };
    let judgement =
        judge::login::after_wait(judgement, cluster.ms).with("address", site.adapter.address());
    checks.add(Check::Query, cluster.ms, judgement)?;
    let Some(Cluster::Dnodes(dnodes)) = cluster.seen.reply.data() else {
        return Some(());
    };
    checks.dnodes = Some(dnodes.len());
    let seen = site.endpoints(dnodes).await;
    for judgement in judge::endpoints::endpoints(&seen.seen, site.view().await) {
        checks.add(Check::Endpoints, seen.ms, judgement.into_warning())?;
    }
    Some(())
}
