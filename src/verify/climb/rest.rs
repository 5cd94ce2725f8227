//! REST.

use super::{approach, data_path};
use crate::diagnose::judge::login;
use crate::diagnose::{Judgement, Status, judge};
use crate::dsn::Transport;
use crate::probe::rest::Rest;
use crate::probe::{Reply, Rung, sql};
use crate::system::proxy;
use crate::verify::canary::Turn;
use crate::verify::ladder::Ladder;
use crate::verify::port::{Port, timed};
use crate::verify::site::Site;
use crate::verify::write;
use crate::verify::write::line::Line;
use crate::verify::write::undo::Way;

const ME: Transport = Transport::Rest;

/// The variable that sends REST's requests for `port` to a proxy.
pub(super) fn proxy(port: &Port) -> Option<&'static str> {
    proxy::variable_for(&port.url())
}

/// dns, tcp, tls, protocol, auth, version, query, endpoints.
pub(super) async fn climb(site: &Site, ladder: &mut Ladder) -> Option<()> {
    let plan = &site.plan;
    approach(site, ladder).await?;
    let shown = site.adapter.address();
    let fingerprint = site.adapter.fingerprint().await?;
    let judgement = judge::adapter::rest(&shown, &fingerprint.seen, plan.token.is_some())
        .with("port", site.adapter.number);
    ladder.step(Rung::Protocol, fingerprint.ms, judgement)?;

    let turn = site.canary.turn(ME).await;
    let limit = match turn {
        Turn::Rejected(judgement) => return ladder.step(Rung::Auth, 0, judgement),
        Turn::Login(limit) => limit,
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
    let verdict = login::verdict(&who, &answer.seen);
    // What a proxy does not pass on says nothing about taosAdapter, which the others reach without it.
    let unanswered = answer.seen == Reply::Unanswered && proxy.is_none();
    site.canary.tell(ME, verdict, unanswered, &judgement);
    let judgement = match proxy {
        Some(variable) if judgement.status == Status::Ok => Judgement {
            observed: format!("{}, through the proxy of {variable}", judgement.observed),
            ..judgement
        },
        _ => judgement,
    };
    ladder.step(Rung::Auth, answer.ms, judgement)?;
    let rest = rest.ok()?;
    let way = Way::Rest(rest.clone());

    // The login's own answer tells the version.
    ladder.server_version = answer.seen.data().map(|version| ladder.safe(version));
    ladder.step(Rung::Version, 0, judge::query::version(&answer.seen))?;

    let cluster = timed(async {
        let dnodes = rest.query(sql::DNODES, plan.limit).await;
        if sql::lacks_sysinfo(&dnodes) {
            let databases = rest.query(sql::DATABASES, plan.limit).await;
            databases.and_then(|rows| sql::databases(&rows))
        } else {
            dnodes.and_then(|rows| sql::dnodes(&rows))
        }
    })
    .await;
    data_path(site, ladder, cluster).await?;
    if let Some(database) = plan.database.as_deref() {
        // REST logs in to no database, and passes over one that is not there until a statement needs it.
        let named = timed(rest.query(sql::DATABASES, plan.limit)).await;
        if let Some(judgement) = judge::query::database(&named.seen, database) {
            ladder.step(Rung::Query, named.ms, judgement)?;
        }
    }
    write::climb(site, ladder, &mut Line::Rest(&rest), way).await
}
