//! The use case that others begin with: asks a server for its version, its edition, and the endpoints of its dnodes. Over
//! REST, then WebSocket; one login at most.

use std::sync::Arc;
use std::time::Duration;

use crate::diagnose::judge::{self, login};
use crate::diagnose::{Id, Judgement};
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::probe::sql::{self, Cluster, Rows};
use crate::probe::ws::{Session, Upgrade};
use crate::probe::{Reply, Rung};
use crate::safety::printable::printable;
use crate::system::events::{Event, EventSink};
use crate::system::locale::Locale;
use crate::tdengine::version::{Edition, Version};
use crate::verify::logins::Logins;
use crate::verify::site::Site;
use crate::verify::{self, Ladder, climb, plan};

/// How long one step may take, as `verify` has it by default.
const LIMIT: Duration = Duration::from_secs(3);
/// A server that has told its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The target as it is shown, without credentials.
    pub target: String,
    /// Its version.
    pub version: Version,
    /// Its edition; `None` where the user may not see it, or only taosAdapter answers.
    pub edition: Option<Edition>,
    /// The host that was named, as in URLs.
    pub host: String,
    /// The native port.
    pub native_port: u16,
    /// The endpoints that its dnodes advertise; empty where the user may not see them.
    pub dnodes: Vec<String>,
    /// Who asked.
    pub user: String,
}

/// Asks the server that `target` names. Errors: `usage`, or a finding's id with its exit code (10 to 14), as `verify` has it.
pub async fn ask(target: &str, events: &EventSink) -> Result<Server> {
    let request = plan::Request {
        targets: vec![target.to_owned()],
        limit: LIMIT,
        ..plan::Request::default()
    };
    let plan = plan::plans(&request, events)?
        .pop()
        .ok_or_else(|| Error::new(ErrorId::Unexpected, "ask the server", "no target", ""))?;
    let site = Site::new(plan, Arc::new(Logins::default())).await;
    if let Some(note) = site.note() {
        events.emit(Event::note(note));
    }
    let mut asking = Asking {
        site: &site,
        logged_in: false,
        verdict: None,
    };
    let named = |transport| {
        site.plan
            .transports
            .iter()
            .any(|wanted| wanted.transport == transport)
    };
    let only_ws = !named(Transport::Rest) && named(Transport::Ws);
    let mut ladders = Vec::new();
    if !only_ws {
        let mut ladder = Ladder::new(Transport::Rest, site.plan.secrets());
        if let Some(told) = asking.rest(&mut ladder).await {
            return Ok(asking.server(told));
        }
        ladders.push(ladder);
    }
    // A rejected login ends it: to ask over another transport would hide it.
    if asking.verdict != Some(login::Verdict::Rejected) {
        let mut ladder = Ladder::new(Transport::Ws, site.plan.secrets());
        if let Some(told) = asking.ws(&mut ladder).await {
            return Ok(asking.server(told));
        }
        ladders.push(ladder);
    }
    Err(refused(&site, &ladders).await)
}

/// [`ask`], for callers that wait. Ctrl-C and a request to terminate give `interrupted`.
pub fn ask_and_wait(target: &str, events: &EventSink) -> Result<Server> {
    let runtime =
        crate::system::runtime::start(&mut tokio::runtime::Builder::new_current_thread())?;
    let told = runtime.block_on(async {
        tokio::select! {
            // First: interrupts are listened for before anything is asked.
            biased;
            () = verify::interrupted() => Err(Error::new(
                ErrorId::Interrupted,
                "ask the server",
                "it was interrupted",
                "",
            )),
            told = ask(target, events) => told,
        }
    });
    // A resolver that hangs must not keep the process.
    runtime.shutdown_background();
    told
}

/// What was told.
#[derive(Clone, Debug)]
struct Told {
    version: Version,
    edition: Option<Edition>,
    dnodes: Vec<String>,
}

struct Asking<'a> {
    site: &'a Site,
    /// A login was tried, whatever came of it.
    logged_in: bool,
    verdict: Option<login::Verdict>,
}

impl Asking<'_> {
    fn server(&self, told: Told) -> Server {
        let plan = &self.site.plan;
        Server {
            target: plan.target.clone(),
            version: told.version,
            edition: told.edition,
            host: self.site.native.bracketed_host(),
            native_port: self.site.native.number,
            dnodes: told.dnodes,
            user: printable(&plan.user),
        }
    }

    async fn rest(&mut self, ladder: &mut Ladder) -> Option<Told> {
        let (site, plan) = (self.site, &self.site.plan);
        climb::approach(site, ladder).await?;
        let shown = site.adapter.address();
        let fingerprint = site.adapter.fingerprint().await?;
        let judgement = judge::adapter::rest(&shown, &fingerprint.seen, plan.token.is_some())
            .with("port", site.adapter.number);
        ladder.step(Rung::Protocol, fingerprint.ms, judgement)?;
        let who = plan.credentials();
        let rest = site.adapter.rest().await?;
        let answer = match &rest {
            Ok(rest) => {
                self.logged_in = true;
                let rows = rest.query(sql::VERSION, plan.limit).await;
                rows.and_then(|rows| rows.single())
            }
            Err(why) => Reply::Broken(why.clone()),
        };
        self.verdict = Some(login::verdict(&who, &answer));
        let judgement =
            login::adapter(&who, plan.database.as_deref(), &answer).with("address", &shown);
        ladder.step(Rung::Auth, 0, judgement)?;
        let version = version(ladder, answer.data()?)?;
        let rest = rest.ok()?;
        let cluster = rest.query(sql::CLUSTER, plan.limit).await;
        let edition = match cluster.data().and_then(sql::edition) {
            Some(edition) => Some(edition),
            None if sql::lacks_sysinfo(&cluster) => None,
            None => rest
                .query(sql::GRANTS, plan.limit)
                .await
                .data()
                .and_then(sql::edition),
        };
        let dnodes = match edition {
            Some(_) => dnodes(rest.query(sql::DNODES, plan.limit).await),
            None => Vec::new(),
        };
        Some(Told {
            version,
            edition,
            dnodes,
        })
    }

    async fn ws(&mut self, ladder: &mut Ladder) -> Option<Told> {
        let (site, plan) = (self.site, &self.site.plan);
        climb::approach(site, ladder).await?;
        let shown = site.adapter.address();
        let who = plan.credentials();
        let hello = site.adapter.hello().await?;
        let fingerprint = match hello.seen.0.upgrade {
            Upgrade::Switched { .. } => None,
            _ => site.adapter.fingerprint().await.map(|timed| &timed.seen),
        };
        let judgement =
            judge::adapter::ws(&shown, &hello.seen.0, fingerprint, plan.token.is_some())
                .with("port", site.adapter.number);
        ladder.step(Rung::Protocol, hello.ms, judgement)?;
        let said = hello.seen.0.version.as_ref().and_then(Reply::data);
        let mut session = hello.seen.1.lock().await.take()?;
        let (mut edition, mut endpoints) = (None, Vec::new());
        if !self.logged_in {
            self.logged_in = true;
            let database = plan.database.as_deref();
            let reply = session.login(&who, database, plan.limit).await;
            let verdict = login::verdict(&who, &reply);
            self.verdict = Some(verdict);
            if verdict == login::Verdict::Rejected {
                let judgement = login::adapter(&who, database, &reply).with("address", &shown);
                ladder.step(Rung::Auth, 0, judgement)?;
            }
            if reply.data().is_some() {
                (edition, endpoints) = over(&mut session, plan.limit).await;
            }
        }
        Some(Told {
            version: version(ladder, said?)?,
            edition,
            dnodes: endpoints,
        })
    }
}

/// Edition and dnodes, over an open WebSocket.
async fn over(session: &mut Session, limit: Duration) -> (Option<Edition>, Vec<String>) {
    let cluster = session.query(sql::CLUSTER, limit).await;
    let edition = match cluster.data().and_then(sql::edition) {
        Some(edition) => edition,
        None if sql::lacks_sysinfo(&cluster) => return (None, Vec::new()),
        None => match session
            .query(sql::GRANTS, limit)
            .await
            .data()
            .and_then(sql::edition)
        {
            Some(edition) => edition,
            None => return (None, Vec::new()),
        },
    };
    (
        Some(edition),
        dnodes(session.query(sql::DNODES, limit).await),
    )
}

/// The version in what the server said; a rung that fails where there is none.
fn version(ladder: &mut Ladder, said: &str) -> Option<Version> {
    match Version::find(said) {
        Some(version) => Some(version),
        None => {
            let observed = format!("its version is not one of TDengine's: {said}");
            ladder.step(
                Rung::Version,
                0,
                Judgement::failed(Id::NotTdengine, observed),
            )?;
            None
        }
    }
}

fn dnodes(rows: Reply<Rows>) -> Vec<String> {
    match rows.and_then(|rows| sql::dnodes(&rows)) {
        Reply::Data(Cluster::Dnodes(dnodes)) => {
            dnodes.into_iter().map(|dnode| dnode.endpoint).collect()
        }
        _ => Vec::new(),
    }
}

/// Why the server did not tell, with the id and the exit code that `verify` gives it.
async fn refused(site: &Site, ladders: &[Ladder]) -> Error {
    let target = &site.plan.target;
    let tried = format!("ask {target} for its version");
    let next = format!("taos-setup verify {}", crate::system::shell::quoted(target));
    let subject = verify::subject(site, ladders).await;
    match verify::diagnose_ladders(&subject, ladders, Locale::En) {
        Ok(diagnosis) => match diagnosis.findings.into_iter().next() {
            Some(finding) => {
                let id = Id::ALL.iter().find(|id| id.as_str() == finding.id);
                let id = match id {
                    Some(id) => ErrorId::Finding(id.as_str(), diagnosis.exit),
                    None => ErrorId::Unexpected,
                };
                Error::new(
                    id,
                    tried,
                    format!("{}: {}", finding.summary, finding.observed),
                    next,
                )
            }
            None => Error::new(
                ErrorId::Finding(Id::NoAnswer.as_str(), 10),
                tried,
                "it did not tell its version",
                next,
            ),
        },
        Err(error) => error,
    }
}
