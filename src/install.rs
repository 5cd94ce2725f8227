//! The use case of `install`: chooses a package, fetches and unpacks it in one pass, checks it, completes it, and publishes it.
//! Until the last rename the store is unchanged.

pub mod available;
mod cached_package;
mod chosen_package;
mod completion;
mod config;
mod driver_libraries;
pub mod examination;
mod expectation;
mod file_kind;
mod file_name;
mod installed_client;
mod installed_parts;
pub mod installer;
mod machine_checks;
mod matching;
mod mirror;
pub mod origin;
pub mod package_download;
mod pipeline;
pub mod plan;
mod run_path;
mod selection;
mod signed_list;
mod store_lock;
mod stream;
pub mod survey;
mod system;
mod vendor_list;

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Origin};
use crate::lock::LockedPackage;
use crate::message::{Message, message};
use crate::signature::TrustedKey;
use crate::store::{Client, Lock, Parts, Receipt, Store};
use crate::system::events::{Event, EventSink, Silent};
use crate::system::interrupts::Interrupts;
use crate::system::runtime;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition};
use crate::verify;

use chosen_package::ChosenPackage;
pub use config::FirstEp;
use examination::{ExaminedPackage, PackageChecks};
use expectation::Expectation;
pub use installed_client::ClientDamage;
use installed_client::{already_there, client, is_for_here};
pub use matching::ServerMatch;
use pipeline::{LastStep, Pipeline, PipelineEnd};
use plan::{InstallPlan, PlannedAction, PlannedTrust};
use selection::Selection;
pub use system::{
    Placement, SystemChange, SystemChangeKind, SystemDriver, SystemPreview, SystemRemoval,
    recover as recover_system, uninstall as uninstall_system,
};
pub use vendor_list::vendor_packages;

/// A client to install, and how its package is verified.
#[derive(Clone, Debug)]
pub struct InstallRequest {
    /// The version; may be omitted if `origin` is a file whose name contains it.
    pub version: Option<version::Request>,
    /// Where the package comes from.
    pub origin: Origin,
    /// The arguments that named `origin`, for a command to run again.
    pub origin_arguments: Vec<String>,
    /// How it is fetched: cache, limits, no network.
    pub fetch: fetch::FetchOptions,
    /// Digests that the user trusts.
    pub sha256: Vec<Sha256>,
    /// The packages of a `taos-setup.lock` of which it is one.
    pub locked: Vec<LockedPackage>,
    /// Keys whose signed list of digests is accepted.
    pub trust_keys: Vec<TrustedKey>,
    /// Accept a package that has no known digest, and remember its digest.
    pub trust_on_first_use: bool,
    /// Accept only packages with a SHA-256 from the catalog, a signed list, or the user.
    pub require_digest: bool,
    /// Report what would be done, and change nothing.
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

impl InstallRequest {
    /// A request for a package of `origin`, which `origin_arguments` name; nothing else is asked for.
    pub const fn new(
        origin: Origin,
        origin_arguments: Vec<String>,
        fetch: fetch::FetchOptions,
    ) -> Self {
        Self {
            version: None,
            origin,
            origin_arguments,
            fetch,
            sha256: Vec::new(),
            locked: Vec::new(),
            trust_keys: Vec::new(),
            trust_on_first_use: false,
            require_digest: false,
            dry_run: false,
            server: None,
            edition: None,
            platform: None,
            first_ep: None,
            repair: false,
            parts: None,
            prefix: None,
            run_installer: false,
            system: false,
            replace: false,
        }
    }
}

/// A client that is in its place.
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
    pub matched: Option<ServerMatch>,
    /// What was done for every user of the machine, where that was asked for.
    pub placement: Option<Placement>,
}

/// How `install` ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstallOutcome {
    /// The client is in the store.
    Stored(Box<Installation>),
    /// What would be done; nothing was.
    Planned(Box<InstallPlan>),
    /// The machine has a driver that fits the server: nothing was to do.
    System(SystemDriver),
    /// The vendor's installer has run.
    Ran(installer::InstallerRun),
}

/// Installs what `request` asks for into `store`, and makes it the current client. Ctrl-C and termination end it with error
/// `interrupted` and the store as it was. Every error of [`ErrorId`]'s exit codes 2 to 8 may come back.
pub fn install(
    request: &InstallRequest,
    store: &Store,
    events: &EventSink,
) -> Result<InstallOutcome> {
    if request.run_installer {
        installer::check_supported(request.platform)?;
    }
    others_write_nothing();
    if request.system {
        return system::around(request, store, || begin(request, store, events));
    }
    begin(request, store, events)
}

fn begin(request: &InstallRequest, store: &Store, events: &EventSink) -> Result<InstallOutcome> {
    runtime::run_with_workers(2, interrupted, async |stop| {
        matched(request, store, stop, events).await
    })
}

fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        message!("install-finish-tried"),
        message!("install-interrupted"),
        Message::default(),
    )
}

/// From here on this process creates nothing that others may write, whatever its umask was: a user who can write a
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

/// Decides on the version: asks the server first if one is to be matched, or if nothing was said.
async fn matched(
    request: &InstallRequest,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<InstallOutcome> {
    let catalog = Clients::builtin()?;
    let platform = match request.server.is_some() || selection::is_bare(request) {
        true => chosen_package::platform(request.platform, catalog)?,
        false => return run_version(request, store, catalog, stop, events).await,
    };
    let mut request = request.clone();
    let server = match &request.server {
        Some(target) => stop.unless(verify::ask(target, events)).await??,
        None => match selection::default_server(stop, events).await? {
            Some((target, server)) => {
                request.server = Some(target);
                server
            }
            None => {
                request.version = Some(version::Request::Latest);
                return run_version(&request, store, catalog, stop, events).await;
            }
        },
    };
    let one_file = matches!(request.origin, Origin::File(_) | Origin::Address(_));
    if !one_file
        && request.prefix.is_none()
        && !request.system
        && request.platform.is_none()
        && let Some(driver) = system::find(store, &server, platform)
    {
        return Ok(InstallOutcome::System(driver));
    }
    let selecting = matching::select(&request, server, catalog, platform, events);
    let selection = stop.unless(selecting).await??;
    if let Some(matched) = &selection.matched {
        events.emit(Event::note(matched.why.clone()));
    }
    let ended = run(&selection, store, stop, events).await;
    ended.map_err(|error| match &selection.matched {
        Some(matched) if error.id == ErrorId::PackageNotFound && !request.fetch.offline => {
            let edition = selection.request.edition.unwrap_or_default();
            matching::unfit(&matched.server, catalog, edition, platform, error.observed)
        }
        Some(_) | None => error,
    })
}

async fn run_version(
    request: &InstallRequest,
    store: &Store,
    catalog: &Clients,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<InstallOutcome> {
    let selecting = selection::for_version(request, catalog, events);
    let selection = stop.unless(selecting).await??;
    run(&selection, store, stop, events).await
}

/// Carries out a request whose version is decided, or reports what that would do.
async fn run(
    selection: &Selection,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<InstallOutcome> {
    let request = &selection.request;
    let chosen = chosen_package::choose(request, &selection.located, Clients::builtin()?)?;
    let one_file = matches!(request.origin, Origin::File(_) | Origin::Address(_));
    if !chosen.is_known && !one_file {
        let version = chosen.identity.version;
        events.emit(Event::note(message!("install-unlisted", version = version)));
    }
    if request.dry_run {
        let plan = report(selection, store, chosen, stop, events).await?;
        return Ok(InstallOutcome::Planned(Box::new(plan)));
    }
    let mut outcome = publish(request, store, &chosen, stop, events).await?;
    if let InstallOutcome::Stored(installation) = &mut outcome {
        installation.matched = selection.matched.clone();
        if request.system {
            let placement = system::place(installation, request, store, events)?;
            installation.placement = Some(placement);
        }
    }
    Ok(outcome)
}

async fn publish(
    request: &InstallRequest,
    store: &Store,
    chosen: &ChosenPackage,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<InstallOutcome> {
    let client = client(store, request, chosen.identity);
    let pointed = request.first_ep.as_ref().filter(|first_ep| first_ep.asked);
    // Without the lock first: an image with a read-only store may ask for what it has.
    if !request.repair
        && (!client.is_in_store() || store.current()?.as_ref() == Some(&client))
        && pointed.is_none()
        && !store.is_interrupted()
        && let Some(there) = already_there(request, &client)?
    {
        return Ok(InstallOutcome::Stored(Box::new(there)));
    }
    let lock = store_lock::take(store, stop, events).await?;
    let action = PlannedAction::decide(request, &client)?;
    if let PlannedAction::Keep(there) = action {
        if let Some(first_ep) = pointed {
            completion::set_first_ep(&client, first_ep)?;
        }
        lock.make_current(&client)?;
        if request.repair {
            let note = message!("install-intact", version = client.version);
            events.emit(Event::note(note));
        }
        return Ok(InstallOutcome::Stored(there));
    }
    if let Some(note) = action.note(request, &client) {
        events.emit(Event::note(note));
    }
    let lists = Some(&lock);
    let expectation = expect(request, store, chosen, lists, stop, events).await?;
    let pipeline = Pipeline {
        request,
        client: &client,
        chosen,
        expectation: &expectation,
        last: LastStep::Publish(&lock),
        events,
        notes: events,
    };
    match pipeline.run(stop).await? {
        PipelineEnd::Published(outcome) => Ok(outcome),
        PipelineEnd::Reported(_) | PipelineEnd::NotHere => Err(Error::new(
            ErrorId::Unexpected,
            message!("install-tried", version = client.version),
            message!("install-not-published"),
            Message::default(),
        )),
    }
}

/// The plan of an installation, with the errors that it would end in as far as they show without a download.
async fn report(
    selection: &Selection,
    store: &Store,
    chosen: ChosenPackage,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<InstallPlan> {
    let request = &selection.request;
    let client = client(store, request, chosen.identity);
    let action = PlannedAction::decide(request, &client)?;
    let mut plan = InstallPlan {
        becomes_current: is_for_here(&client),
        parts: installed_parts::of(request, &client),
        current: store.current()?,
        first_ep: request.first_ep.as_ref().map(|it| it.endpoint.clone()),
        from: Vec::new(),
        size: None,
        trust: PlannedTrust::Nothing,
        digest: None,
        checks: PackageChecks::Done,
        client,
        action,
        matched: selection.matched.clone(),
        system: None,
    };
    if let PlannedAction::Keep(there) = &plan.action {
        let receipt = &there.receipt;
        plan.trust = PlannedTrust::Digests(receipt.verified, vec![receipt.sha256]);
        let asked = request.first_ep.as_ref().filter(|first_ep| first_ep.asked);
        plan.first_ep = match asked {
            Some(first_ep) => completion::pointed_config(&plan.client, first_ep)?
                .map(|_| first_ep.endpoint.clone()),
            None => None,
        };
        if request.system {
            let root = &plan.client.prefix;
            plan.system = Some(system::preview(request, &plan.client, root, receipt)?);
        }
        return Ok(plan);
    }
    let expectation = expect(request, store, &chosen, None, stop, events).await?;
    let silent: EventSink = Arc::new(Silent);
    let pipeline = Pipeline {
        request,
        client: &plan.client,
        chosen: &chosen,
        expectation: &expectation,
        last: LastStep::Report,
        events,
        notes: &silent,
    };
    let examined = match pipeline.run(stop).await? {
        PipelineEnd::Reported(examined) => Some(*examined),
        PipelineEnd::NotHere => None,
        PipelineEnd::Published(outcome) => {
            return Err(Error::new(
                ErrorId::Unexpected,
                message!("install-tried", version = chosen.identity.version),
                Message::quoted(format!("{outcome:?}")),
                Message::default(),
            ));
        }
    };
    let completed = match examined {
        Some(ExaminedPackage {
            place,
            size,
            digest,
            checks,
            completed,
        }) => {
            plan.from = vec![place];
            plan.size = Some(size);
            plan.digest = digest;
            plan.checks = checks;
            completed
        }
        None if request.require_digest && expectation == Expectation::Nothing => {
            return Err(Error::new(
                ErrorId::DigestUnknown,
                message!("install-tried", version = chosen.identity.version),
                message!("install-digest-required"),
                message!("install-digest-required-next"),
            ));
        }
        None => {
            plan.checks = examination::pending(&plan.client, &chosen);
            plan.from = fetch::addresses(&request.origin, &chosen.packages)?;
            None
        }
    };
    plan.trust = expectation.into();
    if request.system {
        plan.system = Some(match &completed {
            Some((workspace, receipt)) => {
                system::preview(request, &plan.client, workspace.path(), receipt)?
            }
            None => SystemPreview { changes: None },
        });
    }
    Ok(plan)
}

/// What is known of the right bytes before they come. A signed list is verified if its keys are trusted, and recorded as accepted
/// under `lock`; the vendor's list is looked up if nothing else is known.
async fn expect(
    request: &InstallRequest,
    store: &Store,
    chosen: &ChosenPackage,
    lock: Option<&Lock>,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Expectation> {
    let catalog = Clients::builtin()?;
    let accepted = store.accepted_lists()?;
    let look_up = signed_list::look_up(request, chosen, &accepted, events);
    let signed = stop.unless(look_up).await??;
    if let (Some(signed), Some(lock)) = (&signed, lock) {
        lock.accept_list(&signed.list)?;
    }
    let signed = signed.map(|signed| signed.digests).unwrap_or_default();
    let expectation = Expectation::new(request, catalog, &store.trust()?, chosen, &signed);
    if expectation.is_known() || request.require_digest {
        return Ok(expectation);
    }
    let look_up = vendor_list::look_up(&request.origin, &request.fetch, chosen, catalog, events);
    Ok(expectation.or_listed(stop.unless(look_up).await?))
}
