//! `--dry-run`: what an installation would do, as far as it can be known without doing it. Nothing is changed, and no package
//! is downloaded.

use super::choose::Chosen;
use super::existing::{client, damaged, is_for_here, not_ours};
use super::expectation::Expectation;
use super::rehearsal::{self, Rehearsed, Seen};
pub use super::rehearsal::{Checks, Found, host_glibc};
use super::{Matched, Request, choose, vendor_list};
use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result};
use crate::fetch;
use crate::store::{Client, Parts, Store, Verified};
use crate::system::events::EventSink;
use crate::system::interrupts::Interrupts;
use crate::tdengine::digest::Sha256;

/// What would become of the client's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is free: the client would be installed.
    Install,
    /// It is installed, and this is missing or changed: it would be installed again.
    Reinstall(String),
    /// Some parts of it are installed, these: the others would be added.
    Extend(Parts),
    /// The prefix holds another client, which would be replaced: version, edition and platform of it.
    Replace(String),
    /// It is installed: nothing would be fetched.
    Nothing,
}

/// What would vouch for the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// One of these digests, and where they come from.
    Digests(Verified, Vec<Sha256>),
    /// The vendor's own list.
    VendorList,
    /// Nothing; it would be taken once, and recorded.
    FirstUse,
    /// Nothing: it would be refused with its digest.
    Nothing,
}

/// What would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The client.
    pub client: Client,
    /// What would become of its place.
    pub action: Action,
    /// Its parts that would be there.
    pub parts: Parts,
    /// Where the package would be looked for, in order; the first that has it is taken. Empty where it is not needed.
    pub from: Vec<String>,
    /// The package's size in bytes, where it is at hand.
    pub size: Option<u64>,
    /// What would vouch for it.
    pub trust: Trust,
    /// The package's SHA-256, where nothing vouches for it and it is at hand.
    pub digest: Option<Sha256>,
    /// What is checked before the client is published.
    pub checks: Checks,
    /// `firstEp` of its taos.cfg, where that would be set.
    pub first_ep: Option<String>,
    /// The current client now.
    pub current: Option<Client>,
    /// Whether the client would be the current one.
    pub becomes_current: bool,
    /// The server that it is chosen for.
    pub matched: Option<Matched>,
    /// What would change for every user of the machine, where that is asked for.
    pub system: Option<super::Preview>,
}

/// What [`super::install`] would do for `request`, and the package where it was unpacked for that. Errors as it gives them, as far as they show without a download.
pub(super) async fn plan(
    request: &Request,
    store: &Store,
    matched: Option<Matched>,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<(Plan, Option<Rehearsed>)> {
    let catalog = Clients::builtin()?;
    let chosen = choose::choose(request, catalog)?;
    let client = client(store, request, chosen.identity);
    let action = action(request, &client)?;
    let mut plan = Plan {
        becomes_current: is_for_here(&client),
        parts: super::parts::of(request, &client),
        current: store.current()?,
        first_ep: None,
        from: Vec::new(),
        size: None,
        trust: Trust::Nothing,
        digest: None,
        checks: Checks::Done,
        client,
        action,
        matched,
        system: None,
    };
    if plan.action == Action::Nothing {
        let receipt = plan.client.receipt()?;
        plan.trust = Trust::Digests(receipt.verified, vec![receipt.sha256]);
        let asked = request.first_ep.as_ref().filter(|first_ep| first_ep.asked);
        plan.first_ep = asked.map(|first_ep| first_ep.endpoint.clone());
        return Ok((plan, None));
    }
    plan.first_ep = request
        .first_ep
        .as_ref()
        .map(|first_ep| first_ep.endpoint.clone());
    let looked_up = expectation(request, store, catalog, &chosen, events);
    let expectation = stop.unless(looked_up).await??;
    plan.checks = rehearsal::to_come(&plan.client, &chosen);
    let seen = rehearsal::look(request, &plan.client, &chosen, &expectation, stop, events).await?;
    let mut rehearsed = None;
    match seen {
        Some(Seen {
            place,
            size,
            digest,
            checks,
            unpacked,
        }) => {
            plan.from = vec![place];
            plan.size = Some(size);
            plan.digest = digest;
            plan.checks = checks;
            rehearsed = unpacked;
        }
        None => plan.from = fetch::addresses(&request.origin, &chosen.packages)?,
    }
    plan.trust = trust(expectation);
    Ok((plan, rehearsed))
}

fn action(request: &Request, client: &Client) -> Result<Action> {
    if super::already_there(request, client)?.is_some() {
        return Ok(Action::Nothing);
    }
    not_ours(client)?;
    let Ok(receipt) = client.receipt() else {
        return Ok(Action::Install);
    };
    if !receipt.is_of(client) {
        return Ok(Action::Replace(format!(
            "{} ({}, {})",
            receipt.version,
            receipt.edition,
            crate::safety::printable::printable(&receipt.platform)
        )));
    }
    Ok(match damaged(request, client) {
        Some(path) => Action::Reinstall(path),
        None => Action::Extend(receipt.parts),
    })
}

async fn expectation(
    request: &Request,
    store: &Store,
    catalog: &Clients,
    chosen: &Chosen,
    events: &EventSink,
) -> Result<Expectation> {
    let mut expectation = Expectation::new(request, catalog, &store.trust()?, chosen);
    if !expectation.is_known() && !request.require_digest {
        let listed =
            vendor_list::look_up(&request.origin, &request.fetch, chosen, catalog, events).await;
        expectation = expectation.or_listed(listed);
    }
    if request.require_digest && expectation == Expectation::Nothing {
        return Err(Error::new(
            ErrorId::DigestUnknown,
            format!("install {}", chosen.identity.version),
            "a digest is required and none vouches for the package",
            "add --sha256 HEX, the package's SHA-256 from a source that you trust",
        ));
    }
    Ok(expectation)
}

fn trust(expectation: Expectation) -> Trust {
    match expectation {
        Expectation::Known { accepted, verified } => Trust::Digests(verified, accepted),
        Expectation::Listed(_) => Trust::VendorList,
        Expectation::FirstUse => Trust::FirstUse,
        Expectation::Nothing => Trust::Nothing,
    }
}
