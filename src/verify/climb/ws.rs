//! WebSocket.

use super::{approach, data_path};
use crate::diagnose::Judgement;
use crate::diagnose::judge;
use crate::diagnose::judge::login;
use crate::dsn::Transport;
use crate::probe::ws::Upgrade;
use crate::probe::{Reply, Rung, sql};
use crate::verify::canary::Turn;
use crate::verify::ladder::Ladder;
use crate::verify::port::timed;
use crate::verify::site::Site;
use crate::verify::write;
use crate::verify::write::line::Line;
use crate::verify::write::undo::Way;

const ME: Transport = Transport::Ws;

/// dns, tcp, tls, protocol, auth, version, query, endpoints.
pub(super) async fn climb(site: &Site, ladder: &mut Ladder) -> Option<()> {
    let plan = &site.plan;
    approach(site, ladder).await?;
    let shown = site.adapter.address();
    let who = plan.credentials();
    // With a token the Upgrade is the login.
    if who.token.is_some()
        && let Turn::Rejected(judgement) = site.canary.turn(ME).await
    {
        return ladder.step(Rung::Auth, 0, judgement);
    }
    let hello = site.adapter.hello().await?;
    // Only a failed Upgrade makes it worth knowing who is there.
    let fingerprint = match hello.seen.0.upgrade {
        Upgrade::Switched { .. } => None,
        _ => site.adapter.fingerprint().await.map(|timed| &timed.seen),
    };
    let judgement = judge::adapter::ws(&shown, &hello.seen.0, fingerprint, who.token.is_some())
        .with("port", site.adapter.number);
    ladder.server_version = hello
        .seen
        .0
        .version
        .as_ref()
        .and_then(|version| version.data().map(|version| ladder.safe(version)));
    if who.token.is_some()
        && let Some(status) = judge::adapter::token_refused(&hello.seen.0)
    {
        let judgement = login::token_refused(format!("HTTP {status} to the Upgrade"));
        let judgement = judgement.with("address", &shown);
        site.canary
            .tell(ME, login::Verdict::Rejected, false, &judgement);
        ladder.step(Rung::Protocol, hello.ms, Judgement::ok("a gateway answers"))?;
        return ladder.step(Rung::Auth, 0, judgement);
    }
    ladder.step(Rung::Protocol, hello.ms, judgement)?;
    let mut session = hello.seen.1.lock().await.take()?;

    let limit = match site.canary.turn(ME).await {
        Turn::Rejected(judgement) => return ladder.step(Rung::Auth, 0, judgement),
        Turn::Login(limit) => limit,
    };
    let database = plan.database.as_deref();
    let login = timed(session.login(&who, database, limit)).await;
    let judgement = login::adapter(&who, database, &login.seen).with("address", &shown);
    site.canary.tell(
        ME,
        login::verdict(&who, &login.seen),
        login.seen == Reply::Unanswered,
        &judgement,
    );
    ladder.step(Rung::Auth, login.ms, judgement)?;

    let version = timed(session.query(sql::VERSION, plan.limit)).await;
    let reply = version.seen.and_then(|rows| rows.single());
    if let Some(version) = reply.data() {
        ladder.server_version = Some(ladder.safe(version));
    }
    ladder.step(
        Rung::Version,
        version.ms,
        judge::query::version(&reply).with("address", &shown),
    )?;

    let cluster = timed(async {
        let dnodes = session.query(sql::DNODES, plan.limit).await;
        if sql::lacks_sysinfo(&dnodes) {
            let databases = session.query(sql::DATABASES, plan.limit).await;
            databases.and_then(|rows| sql::databases(&rows))
        } else {
            dnodes.and_then(|rows| sql::dnodes(&rows))
        }
    })
    .await;
    data_path(site, ladder, cluster).await?;
    let way = Way::Ws {
        wire: site.adapter.way().await?,
        host: shown,
        prefix: plan.prefix.clone(),
        who,
    };
    write::climb(site, ladder, &mut Line::Ws(&mut session), way).await
}
