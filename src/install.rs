//! The use case of `install`: choose a package, fetch and unpack it in one pass, check it, complete it, publish it. Until the
//! last rename the store is as it was.

pub mod available;
mod beginning;
mod checks;
mod choose;
mod complete;
mod config;
pub mod dry_run;
mod existing;
mod expectation;
mod file_name;
pub mod installer;
mod job;
mod kept;
mod libraries;
mod lock;
mod matching;
mod parts;
mod rehearsal;
mod stream;
mod system;
mod vendor_list;

use std::path::PathBuf;

use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Origin};
use crate::store::{Client, Parts, Receipt, Store};
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::system::runtime;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition};
use crate::verify;

pub use config::FirstEp;
use existing::{already_there, client, not_ours};
use expectation::Expectation;
use job::Job;
pub use matching::Matched;
use rehearsal::Rehearsed;
pub use system::{
    Change, Placement, Preview, SystemDriver, SystemRemoval, What, recover as recover_system,
    uninstall as uninstall_system,
};

/// What to install, and what vouches for it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The version; may be left out where `origin` is a file whose name tells it.
    pub version: Option<version::Request>,
    /// Where the package comes from.
    pub origin: Origin,
    /// The arguments that named `origin`, for a command to run again.
    pub origin_arguments: Vec<String>,
    /// How it is fetched: cache, limits, no network.
    pub fetch: fetch::Options,
    /// Digests that the user vouches for.
    pub sha256: Vec<Sha256>,
    /// Take a package that nothing vouches for, and remember its digest.
    pub trust_on_first_use: bool,
    /// Take nothing but what a SHA-256 of the catalog or of the user vouches for.
    pub require_digest: bool,
    /// Tell what would be done, and do nothing.
    pub dry_run: bool,
    /// The server to match: a host, host and port, or a URL.
    pub server: Option<String>,
    /// The edition; without it the server's, else Community.
    pub edition: Option<Edition>,
    /// The platform; without it this machine's.
    pub platform: Option<Platform>,
    /// `firstEp` of the client's taos.cfg.
    pub first_ep: Option<FirstEp>,
    /// Look at the content of every file of a client that is there, not at its size alone.
    pub repair: bool,
    /// Which parts of the client; without it all, or what is there where that is only looked at.
    pub parts: Option<Parts>,
    /// The folder to install into, as [`Store::prefix`] gives it; without it the store.
    pub prefix: Option<PathBuf>,
    /// Run a Windows installer, where the package is one.
    pub run_installer: bool,
    /// Place it for every user of the machine, too.
    pub system: bool,
    /// Move away what is in the way of that.
    pub replace: bool,
}

/// What `install` ended in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The client, which is now the current one.
    pub client: Client,
    /// Its receipt.
    pub receipt: Receipt,
    /// False where it was there already.
    pub installed: bool,
    /// Whether it is the current client: one for another platform, or in a prefix of its own, is not.
    pub current: bool,
    /// The server that it was chosen for.
    pub matched: Option<Matched>,
    /// What was done for every user of the machine, where that was asked for.
    pub placement: Option<Placement>,
}

/// How `install` ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The client is in the store.
    Stored(Box<Installation>),
    /// What would be done; nothing was.
    Planned(Box<dry_run::Plan>),
    /// The machine has a driver that fits the server: nothing was to do.
    System(SystemDriver),
    /// The vendor's installer has run.
    Ran(installer::Ran),
}

/// Installs what `request` asks for into `store`, and makes it the current client. Ctrl-C and termination end it with error
/// `interrupted` and the store as it was. Every error of [`ErrorId`]'s exit codes 2 to 8 may come back.
pub fn install(request: &Request, store: &Store, events: &EventSink) -> Result<Outcome> {
    if request.run_installer {
        installer::check_asked(request.platform)?;
    }
    others_write_nothing();
    if request.system {
        return system::around(request, store, || begin(request, store, events));
    }
    begin(request, store, events)
}

fn begin(request: &Request, store: &Store, events: &EventSink) -> Result<Outcome> {
    runtime::run_with_workers(2, interrupted, async |stop| {
        matched(request, store, stop, events).await
    })
}

fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        "finish the installation",
        "it was interrupted; the store is as it was",
        "",
    )
}

/// From here on this process makes nothing that others may write, whatever umask it came with: whoever can write a
/// library's folder chooses what the user's programs load.
#[cfg(unix)]
fn others_write_nothing() {
    use rustix::fs::Mode;
    let strict = Mode::WGRP | Mode::WOTH;
    let given = rustix::process::umask(strict);
    rustix::process::umask(given | strict);
}

#[cfg(not(unix))]
fn others_write_nothing() {}

/// Asks the server first, where one is to be matched.
async fn matched(
    request: &Request,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Outcome> {
    let Some(target) = &request.server else {
        if request.dry_run {
            let plan = dry_run::plan(request, store, None, stop, events).await?;
            return previewed(request, plan, events);
        }
        let outcome = run(request, store, stop, events).await?;
        return placed(request, store, outcome, events);
    };
    let catalog = Clients::builtin()?;
    let platform = choose::platform(request.platform, catalog)?;
    let server = stop.unless(verify::ask(target, events)).await??;
    let one_file = matches!(request.origin, Origin::File(_) | Origin::Address(_));
    if !one_file
        && request.prefix.is_none()
        && !request.system
        && request.platform.is_none()
        && let Some(driver) = system::find(store, &server, platform)
    {
        return Ok(Outcome::System(driver));
    }
    let (request, matched) = matching::settle(request, server, catalog, platform)?;
    events.emit(Event::note(matched.why.clone()));
    let unfit = |error: Error| {
        if error.id == ErrorId::PackageNotFound && !request.fetch.offline {
            let edition = request.edition.unwrap_or_default();
            matching::unfit(
                &matched.server,
                catalog,
                edition,
                platform,
                error.observed.to_string(),
            )
        } else {
            error
        }
    };
    if request.dry_run {
        let plan = dry_run::plan(&request, store, Some(matched.clone()), stop, events).await;
        return previewed(&request, plan.map_err(unfit)?, events);
    }
    let ended = run(&request, store, stop, events).await;
    let mut outcome = ended.map_err(unfit)?;
    if let Outcome::Stored(installation) = &mut outcome {
        installation.matched = Some(matched);
    }
    placed(&request, store, outcome, events)
}

/// Places an installed client for every user, where that is asked for.
fn placed(
    request: &Request,
    store: &Store,
    mut outcome: Outcome,
    events: &EventSink,
) -> Result<Outcome> {
    if let Outcome::Stored(installation) = &mut outcome
        && request.system
    {
        let placement = system::place(installation, request, store, events)?;
        installation.placement = Some(placement);
    }
    Ok(outcome)
}

/// A plan, with what it means for every user where that is asked for.
fn previewed(
    request: &Request,
    (mut plan, rehearsed): (dry_run::Plan, Option<Rehearsed>),
    events: &EventSink,
) -> Result<Outcome> {
    if request.system {
        plan.system = Some(system::preview(request, &plan, rehearsed, events)?);
    }
    Ok(Outcome::Planned(Box::new(plan)))
}

async fn run(
    request: &Request,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Outcome> {
    let catalog = Clients::builtin()?;
    let chosen = choose::choose(request, catalog)?;
    let client = client(store, request, chosen.identity);
    // Without the lock first: an image with a read-only store may ask for what it has.
    if !request.repair
        && (!client.is_in_store() || store.current()?.as_ref() == Some(&client))
        && !request
            .first_ep
            .as_ref()
            .is_some_and(|first_ep| first_ep.asked)
        && let Some(there) = already_there(request, &client)?
    {
        return Ok(Outcome::Stored(Box::new(there)));
    }
    let lock = lock::take(store, stop, events).await?;
    if let Some(there) = already_there(request, &client)? {
        if let Some(first_ep) = request.first_ep.as_ref().filter(|first_ep| first_ep.asked) {
            complete::point(&client, first_ep)?;
        }
        lock.make_current(&client)?;
        if request.repair {
            events.emit(Event::note(format!(
                "every file of {} is as it was installed",
                client.version
            )));
        }
        return Ok(Outcome::Stored(Box::new(there)));
    }
    not_ours(&client)?;
    if let Some(note) = parts::what_becomes(request, &client) {
        events.emit(Event::note(note));
    }
    let mut expectation = Expectation::new(request, catalog, &store.trust()?, &chosen);
    if !expectation.is_known() && !request.require_digest {
        let look_up =
            vendor_list::look_up(&request.origin, &request.fetch, &chosen, catalog, events);
        expectation = expectation.or_listed(stop.unless(look_up).await?);
    }
    let job = Job {
        request,
        lock: &lock,
        client: &client,
        chosen: &chosen,
        expectation: &expectation,
        events,
    };
    job.run(stop).await
}
