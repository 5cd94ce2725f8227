//! Asks a server for its version, its edition, and the endpoints of its dnodes, for commands that need no more than that:
//! over REST, then WebSocket, with the first checks of `verify`; one login at most.

use std::sync::Arc;
use std::time::Duration;

use super::logins::Logins;
use super::plan;
use super::site::Site;
use super::transport::{rest, ws};
use super::{TransportChecks, diagnose_checks, subject};
use crate::diagnose::{Id, Judgement};
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::{Locale, LocalizedText};
use crate::message::{Message, message};
use crate::probe::rest::Rest;
use crate::probe::sql::{self, Cluster, Rows};
use crate::probe::ws::Session;
use crate::probe::{Check, Reply};
use crate::safety::printable::printable;
use crate::system::events::{Event, EventSink};
use crate::system::runtime;
use crate::tdengine::ports::NATIVE_PORT;
use crate::tdengine::version::{Edition, Version};

/// The time limit of one check, as `verify` has it by default.
const LIMIT: Duration = Duration::from_secs(3);

/// A server that gave its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The target as it is shown, without credentials.
    pub target: String,
    /// Its version.
    pub version: Version,
    /// Its edition; `None` if the user may not see it, or only taosAdapter answers.
    pub edition: Option<Edition>,
    /// The host that was named, as in URLs.
    pub host: String,
    /// The native port.
    pub native_port: u16,
    /// Where taosAdapter is, on that host.
    pub adapter: Box<AdapterAddress>,
    /// The endpoints that its dnodes advertise; empty if the user may not see them.
    pub dnodes: Vec<String>,
    /// The user who asked.
    pub user: String,
}

impl Server {
    /// A server of which only the version is known, and perhaps the edition.
    pub fn of_version(version: Version, edition: Option<Edition>) -> Self {
        Self {
            target: version.to_string(),
            version,
            edition,
            host: "localhost".into(),
            native_port: NATIVE_PORT,
            adapter: Box::default(),
            dnodes: Vec::new(),
            user: String::new(),
        }
    }
}

/// Where taosAdapter is on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdapterAddress {
    /// Its port.
    pub port: u16,
    /// Whether it is spoken to over TLS.
    pub tls: bool,
    /// What stands before its own paths, `/tdengine` or empty.
    pub prefix: String,
}

/// Asks the server that `target` names.
///
/// # Errors
/// `usage`, or a finding's id with its exit code (10 to 14), as `verify` has it.
pub async fn ask(target: &str, events: &EventSink) -> Result<Server> {
    let request = plan::VerifyRequest {
        targets: vec![target.to_owned().into()],
        limit: LIMIT,
        ..plan::VerifyRequest::default()
    };
    let plan = plan::plans(&request, events)?.pop().ok_or_else(|| {
        Error::new(
            ErrorId::Unexpected,
            message!("verify-ask"),
            message!("verify-no-target"),
            Message::default(),
        )
    })?;
    let site = Site::new(plan, Arc::new(Logins::default())).await;
    if let Some(note) = site.note() {
        events.emit(Event::note(note));
    }
    let mut transports = Vec::new();
    if site.asks(Transport::Rest) || !site.asks(Transport::Ws) {
        let mut checks = TransportChecks::new(Transport::Rest, site.plan.secrets());
        let facts = over_rest(&site, &mut checks).await;
        site.login_gate.leave(Transport::Rest);
        if let Some(facts) = facts {
            return Ok(server(&site, facts));
        }
        transports.push(checks);
    }
    // A rejected login ends it: to ask over another transport would hide it.
    if !site.login_gate.is_rejected() {
        let tried = transports.iter().any(|checks| checks.reached(Check::Auth));
        let mut checks = TransportChecks::new(Transport::Ws, site.plan.secrets());
        if let Some(facts) = over_ws(&site, &mut checks, tried).await {
            return Ok(server(&site, facts));
        }
        transports.push(checks);
    }
    Err(refused(&site, &transports).await)
}

/// [`ask`], for callers that wait.
///
/// # Errors
/// As [`ask`], and `interrupted` after Ctrl-C or a request to terminate.
pub fn ask_and_wait(target: &str, events: &EventSink) -> Result<Server> {
    let interrupted = || {
        Error::new(
            ErrorId::Interrupted,
            message!("verify-ask"),
            message!("verify-interrupted"),
            Message::default(),
        )
    };
    runtime::run(interrupted, async |interrupts| {
        interrupts.unless(ask(target, events)).await?
    })
}

/// What a server said about itself.
#[derive(Clone, Debug)]
struct ServerFacts {
    version: Version,
    edition: Option<Edition>,
    dnodes: Vec<String>,
}

fn server(site: &Site, facts: ServerFacts) -> Server {
    let plan = &site.plan;
    Server {
        target: plan.target.clone(),
        version: facts.version,
        edition: facts.edition,
        host: site.native.bracketed_host(),
        native_port: site.native.number,
        adapter: Box::new(AdapterAddress {
            port: site.adapter.number,
            tls: plan.tls.is_some(),
            prefix: plan.prefix.clone(),
        }),
        dnodes: facts.dnodes,
        user: printable(&plan.user),
    }
}

async fn over_rest(site: &Site, checks: &mut TransportChecks) -> Option<ServerFacts> {
    let (rest, answer) = rest::log_in(site, checks).await?;
    let version = version(checks, answer.data()?)?;
    let (edition, dnodes) = edition_and_dnodes(&mut Asked::Rest(&rest), site.plan.limit).await;
    Some(ServerFacts {
        version,
        edition,
        dnodes,
    })
}

/// Over WebSocket taosAdapter gives its version before the login, which is not repeated if it was `tried` before.
async fn over_ws(site: &Site, checks: &mut TransportChecks, tried: bool) -> Option<ServerFacts> {
    let mut session = ws::open(site, checks).await?;
    let answer = checks.server_version.clone()?;
    let (mut edition, mut dnodes) = (None, Vec::new());
    if !tried {
        let logged_in = ws::log_in(site, checks, &mut session).await;
        if site.login_gate.is_rejected() {
            return None;
        }
        if logged_in.is_some() {
            let mut asked = Asked::Ws(&mut session);
            (edition, dnodes) = edition_and_dnodes(&mut asked, site.plan.limit).await;
        }
    }
    Some(ServerFacts {
        version: version(checks, &answer)?,
        edition,
        dnodes,
    })
}

/// A connection with a login.
enum Asked<'a> {
    Rest(&'a Rest),
    Ws(&'a mut Session),
}

impl Asked<'_> {
    async fn query(&mut self, sql: &str, limit: Duration) -> Reply<Rows> {
        match self {
            Self::Rest(rest) => rest.query(sql, limit).await,
            Self::Ws(session) => session.query(sql, limit).await,
        }
    }
}

/// The edition and the dnodes, as far as the user may see them.
async fn edition_and_dnodes(
    asked: &mut Asked<'_>,
    limit: Duration,
) -> (Option<Edition>, Vec<String>) {
    let cluster = asked.query(sql::CLUSTER, limit).await;
    let edition = match cluster.data().and_then(sql::edition) {
        Some(edition) => Some(edition),
        None if sql::lacks_sysinfo(&cluster) => None,
        None => {
            let grants = asked.query(sql::GRANTS, limit).await;
            grants.data().and_then(sql::edition)
        }
    };
    let dnodes = match edition {
        Some(_) => dnodes(asked.query(sql::DNODES, limit).await),
        None => Vec::new(),
    };
    (edition, dnodes)
}

/// The version in `text`; a check that fails if there is none.
fn version(checks: &mut TransportChecks, text: &str) -> Option<Version> {
    match Version::find(text) {
        Some(version) => Some(version),
        None => {
            let observed = message!("verify-not-a-version", text = text);
            checks.add(
                Check::Version,
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

/// Why the server gave no version, with the id and the exit code of `verify`.
async fn refused(site: &Site, transports: &[TransportChecks]) -> Error {
    let target = &site.plan.target;
    let tried = message!("verify-ask-version", target = target);
    let next = message!("verify-next", target = target);
    let subject = subject(site, transports).await;
    let diagnosed = [Locale::En, Locale::Zh].map(|locale| {
        diagnose_checks(&subject, transports, locale)
            .map(|diagnosis| (diagnosis.exit, diagnosis.findings.into_iter().next()))
    });
    match diagnosed {
        [Ok((exit, Some(en))), Ok((_, Some(zh)))] => Error::new(
            ErrorId::Finding(en.id.as_str(), exit),
            tried,
            message!(
                "verify-summary-and-observed",
                summary = localized(en.summary, zh.summary),
                observed = localized(en.observed, zh.observed)
            ),
            next,
        ),
        [Ok(_), Ok(_)] => Error::new(
            ErrorId::Finding(Id::NoAnswer.as_str(), 10),
            tried,
            message!("verify-gave-no-version"),
            next,
        ),
        [Err(error), _] | [_, Err(error)] => error,
    }
}

fn localized(en: String, zh: String) -> Message {
    LocalizedText { en, zh }.into()
}
