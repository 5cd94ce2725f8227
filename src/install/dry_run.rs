//! `--dry-run`: what an installation would do, as far as it can be known without doing it. Nothing is written, and no package
//! is downloaded.

use super::choose::Chosen;
use super::expectation::Expectation;
use super::{Matched, Request, choose, client, damaged, not_ours, vendor_list};
use crate::catalog::Clients;
use crate::digest::Sha256;
use crate::error::{Error, ErrorId, Result};
use crate::events::EventSink;
use crate::fetch::{self, Origin};
use crate::platform::Platform;
use crate::store::{Client, Store, Verified};

/// What would become of the client's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is free: the client would be installed.
    Install,
    /// It is installed, and this is missing or changed: it would be installed again.
    Reinstall(String),
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
    /// Where the package would be looked for, in order; the first that has it is taken. Empty where it is not needed.
    pub from: Vec<String>,
    /// The package's size in bytes, where it is at hand.
    pub size: Option<u64>,
    /// What would vouch for it.
    pub trust: Trust,
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

/// What [`super::install`] would do for `request`. Errors as it gives them, as far as they show without a download.
pub(super) async fn plan(
    request: &Request,
    store: &Store,
    matched: Option<Matched>,
    events: &EventSink,
) -> Result<Plan> {
    let catalog = Clients::builtin()?;
    let chosen = choose::choose(request, catalog)?;
    let client = client(store, chosen.identity);
    let action = action(request, &client)?;
    let mut plan = Plan {
        becomes_current: Platform::host() == Some(client.platform),
        current: store.current()?,
        first_ep: None,
        from: Vec::new(),
        size: None,
        trust: Trust::Nothing,
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
        return Ok(plan);
    }
    plan.first_ep = request
        .first_ep
        .as_ref()
        .map(|first_ep| first_ep.endpoint.clone());
    plan.trust = trust(request, store, catalog, &chosen, events).await?;
    match &request.origin {
        // What is at hand is looked at; a file that is not there is the error that an installation would end in.
        Origin::File(_) | Origin::Folder(_) => {
            let opened = fetch::open(
                &request.origin,
                &chosen.packages,
                &[],
                &request.fetch,
                &chosen.hint(),
                events,
            )
            .await?;
            plan.size = opened.size;
            plan.from = vec![opened.place];
        }
        origin => plan.from = fetch::addresses(origin, &chosen.packages)?,
    }
    Ok(plan)
}

fn action(request: &Request, client: &Client) -> Result<Action> {
    if super::already_there(request, client)?.is_some() {
        return Ok(Action::Nothing);
    }
    not_ours(client)?;
    Ok(match damaged(request, client) {
        Some(path) => Action::Reinstall(path),
        None => Action::Install,
    })
}

async fn trust(
    request: &Request,
    store: &Store,
    catalog: &Clients,
    chosen: &Chosen,
    events: &EventSink,
) -> Result<Trust> {
    let mut expectation = Expectation::new(request, catalog, &store.trust()?, chosen);
    if !expectation.is_known() && !request.require_digest {
        let listed =
            vendor_list::look_up(&request.origin, &request.fetch, chosen, catalog, events).await;
        expectation = expectation.or_listed(listed);
    }
    Ok(match expectation {
        Expectation::Known { accepted, verified } => Trust::Digests(verified, accepted),
        Expectation::Listed(_) => Trust::VendorList,
        Expectation::FirstUse => Trust::FirstUse,
        Expectation::Nothing if request.require_digest => {
            return Err(Error::new(
                ErrorId::DigestUnknown,
                format!("install {}", chosen.identity.version),
                "a digest is required and none vouches for the package",
                "add --sha256 HEX, the package's SHA-256 from a source that you trust",
            ));
        }
        Expectation::Nothing => Trust::Nothing,
    })
}
