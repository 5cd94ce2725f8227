//! REST.

use super::{approach, cluster, data_path};
use crate::diagnose::judge::login;
use crate::diagnose::{Judgement, Status, judge};
use crate::dsn::Transport;
use crate::message::message;
use crate::probe::rest::Rest;
use crate::probe::{Check, Reply, sql};
use crate::system::proxy;
use crate::verify::login_gate::Turn;
use crate::verify::port::{Port, timed};
use crate::verify::site::Site;
use crate::verify::transport_checks::TransportChecks;
use crate::verify::write;
use crate::verify::write::connection::Connection;
use crate::verify::write::undo::UndoConnection;

const ME: Transport = Transport::Rest;

/// The variable that sends REST's requests for `port` to a proxy.
pub(super) fn proxy(port: &Port) -> Option<&'static str> {
    proxy::variable_for(&port.url())
}

/// The checks up to the login, and the login: the client, and the answer, which is the server's version.
pub(in crate::verify) async fn log_in(
    site: &Site,
    checks: &mut TransportChecks,
) -> Option<(Rest, Reply<String>)> {
    let plan = &site.plan;
    approach(site, checks).await?;
    let shown = site.adapter.address();
    let fingerprint = site.adapter.fingerprint().await?;
    let judgement = judge::adapter::rest(&shown, &fingerprint.seen, plan.token.is_some())
        .with("port", site.adapter.number);
    checks.add(Check::Protocol, fingerprint.ms, judgement)?;

    let turn = site.login_gate.turn(ME).await;
    let limit = match turn {
        Turn::Rejected(judgement) => {
            checks.add_untimed(Check::Auth, judgement)?;
            return None;
        }
        Turn::LogIn(limit) => limit,
    };
    let who = plan.credentials();
    let rest = site.adapter.rest().await?;
    let answer = timed(async {
        match &rest {
            Ok(rest) => rest
                .query(sql::VERSION, limit)
                .await
                .and_then(|rows| rows.single()),
            Err(why) => Reply::Broken(why.clone()),
        }
    })
    .await;
    let proxy = rest.as_ref().ok().and_then(Rest::proxy);
    let judgement = login::adapter(&who, plan.database.as_deref(), &answer.seen);
    let judgement = login::through(proxy, &answer.seen, judgement).with("address", &shown);
    let judgement = match proxy {
        None => login::after_wait(judgement, answer.ms),
        Some(_) => judgement,
    };
    let verdict = login::verdict(&who, &answer.seen);
    // An answer that a proxy does not pass on does not concern taosAdapter, which the others reach without it.
    let unanswered = answer.seen == Reply::Unanswered && proxy.is_none();
    site.login_gate.tell(ME, verdict, unanswered, &judgement);
    let judgement = match proxy {
        Some(variable) if judgement.status == Status::Ok => Judgement {
            observed: message!(
                "verify-through-proxy-ok",
                variable = variable,
                observed = judgement.observed
            ),
            ..judgement
        },
        _ => judgement,
    };
    checks.add(Check::Auth, answer.ms, judgement)?;
    Some((rest.ok()?, answer.seen))
}

/// dns, tcp, tls, protocol, auth, version, query, endpoints.
pub(super) async fn run(site: &Site, checks: &mut TransportChecks) -> Option<()> {
    let plan = &site.plan;
    let (rest, answer) = log_in(site, checks).await?;
    let way = UndoConnection::Rest(rest.clone());

    // The answer to the login is the version.
    checks.server_version = answer.data().map(|version| checks.safe(version));
    checks.add_untimed(Check::Version, judge::query::version(&answer))?;

    let cluster = cluster(&mut Connection::Rest(&rest), &plan.user, plan.limit).await;
    data_path(site, checks, cluster).await?;
    if let Some(database) = plan.database.as_deref() {
        // REST logs in to no database, and passes over one that is not there until a statement needs it.
        let named = timed(rest.query(sql::DATABASES, plan.limit)).await;
        if let Some(judgement) = judge::query::database(&named.seen, database) {
            checks.add(Check::Query, named.ms, judgement)?;
        }
    }
    write::check(site, checks, &mut Connection::Rest(&rest), way).await
}
