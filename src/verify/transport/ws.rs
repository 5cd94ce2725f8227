//! WebSocket.

use super::{approach, cluster, data_path};
use crate::diagnose::Judgement;
use crate::diagnose::judge;
use crate::diagnose::judge::login;
use crate::dsn::Transport;
use crate::message::message;
use crate::probe::ws::{Session, Upgrade};
use crate::probe::{Check, Reply, sql};
use crate::verify::login_gate::Turn;
use crate::verify::port::timed;
use crate::verify::site::Site;
use crate::verify::transport_checks::TransportChecks;
use crate::verify::write;
use crate::verify::write::connection::Connection;
use crate::verify::write::undo::UndoConnection;

const ME: Transport = Transport::Ws;

/// The checks up to the Upgrade: a session without a login. `checks` has taosAdapter's version, if it gave one.
pub(in crate::verify) async fn open(site: &Site, checks: &mut TransportChecks) -> Option<Session> {
    let plan = &site.plan;
    approach(site, checks).await?;
    let shown = site.adapter.address();
    let who = plan.credentials();
    // With a token the Upgrade is the login.
    if who.token.is_some()
        && let Turn::Rejected(judgement) = site.login_gate.turn(ME).await
    {
        checks.add_untimed(Check::Auth, judgement)?;
        return None;
    }
    let hello = site.adapter.hello().await?;
    // Only a failed Upgrade makes it worth knowing who answers.
    let fingerprint = match hello.seen.0.upgrade {
        Upgrade::Switched { .. } => None,
        _ => site.adapter.fingerprint().await.map(|timed| &timed.seen),
    };
    let judgement = judge::adapter::ws(&shown, &hello.seen.0, fingerprint, who.token.is_some())
        .with("port", site.adapter.number);
    checks.server_version = hello
        .seen
        .0
        .version
        .as_ref()
        .and_then(|version| version.data().map(|version| checks.safe(version)));
    if who.token.is_some()
        && let Some(status) = judge::adapter::token_refused(&hello.seen.0)
    {
        let judgement = login::token_refused(message!("verify-upgrade-http", status = status));
        let judgement = judgement.with("address", &shown);
        site.login_gate
            .tell(ME, login::Verdict::Rejected, false, &judgement);
        checks.add(
            Check::Protocol,
            hello.ms,
            Judgement::ok(message!("verify-gateway-answers")),
        )?;
        checks.add_untimed(Check::Auth, judgement)?;
        return None;
    }
    checks.add(Check::Protocol, hello.ms, judgement)?;
    hello.seen.1.lock().await.take()
}

/// The login on an open `session`.
pub(in crate::verify) async fn log_in(
    site: &Site,
    checks: &mut TransportChecks,
    session: &mut Session,
) -> Option<()> {
    let plan = &site.plan;
    let limit = match site.login_gate.turn(ME).await {
        Turn::Rejected(judgement) => return checks.add_untimed(Check::Auth, judgement),
        Turn::LogIn(limit) => limit,
    };
    let who = plan.credentials();
    let database = plan.database.as_deref();
    let login = timed(session.login(&who, database, limit)).await;
    let judgement = login::after_wait(login::adapter(&who, database, &login.seen), login.ms)
        .with("address", site.adapter.address());
    site.login_gate.tell(
        ME,
        login::verdict(&who, &login.seen),
        login.seen == Reply::Unanswered,
        &judgement,
    );
    checks.add(Check::Auth, login.ms, judgement)
}

/// dns, tcp, tls, protocol, auth, version, query, endpoints.
pub(super) async fn run(site: &Site, checks: &mut TransportChecks) -> Option<()> {
    let plan = &site.plan;
    let mut session = open(site, checks).await?;
    log_in(site, checks, &mut session).await?;
    let shown = site.adapter.address();

    let version = timed(session.query(sql::VERSION, plan.limit)).await;
    let reply = version.seen.and_then(|rows| rows.single());
    if let Some(version) = reply.data() {
        checks.server_version = Some(checks.safe(version));
    }
    checks.add(
        Check::Version,
        version.ms,
        login::after_wait(judge::query::version(&reply), version.ms).with("address", &shown),
    )?;

    let cluster = cluster(&mut Connection::Ws(&mut session), &plan.user, plan.limit).await;
    data_path(site, checks, cluster).await?;
    let way = UndoConnection::Ws {
        wire: site.adapter.way().await?,
        host: shown,
        prefix: plan.prefix.clone(),
        who: plan.credentials(),
    };
    write::check(site, checks, &mut Connection::Ws(&mut session), way).await
}
