//! The use case of `install`: choose a package, fetch and unpack it in one pass, check it, complete it, publish it. Until the
//! last rename the store is as it was.

pub mod available;
mod checks;
mod choose;
mod complete;
mod config;
pub mod dry_run;
mod expectation;
pub mod installer;
mod libraries;
mod lock;
mod matching;
mod parts;
mod rehearsal;
mod stop;
mod stream;
mod system;
mod vendor_list;

use std::path::{Path, PathBuf};

use crate::catalog::{Clients, Identity};
use crate::digest::Sha256;
use crate::error::{Error, ErrorId, Result};
use crate::events::{Event, EventSink};
use crate::fetch::{self, Opened, Origin};
use crate::platform::{Os, Platform};
use crate::server;
use crate::shell::quoted;
use crate::store::{
    Client, Lock, Parts, Receipt, Staging, Store, TrustedPackage, Verified, prefix_refused,
};
use crate::unpack::Unpacked;
use crate::version::{self, Edition};

use choose::Chosen;
pub use config::FirstEp;
use expectation::Expectation;
pub use matching::Matched;
use stop::Stop;
use stream::Streamed;
pub use system::SystemDriver;

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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorId::Unexpected, "start", error.to_string(), ""))?;
    let ended = runtime.block_on(matched(request, store, events));
    // A read that hangs, from a pipe that nobody writes to, must not hold up the end.
    runtime.shutdown_background();
    ended
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
async fn matched(request: &Request, store: &Store, events: &EventSink) -> Result<Outcome> {
    let mut stop = Stop::listen()?;
    let Some(target) = &request.server else {
        if request.dry_run {
            let plan = dry_run::plan(request, store, None, &mut stop, events).await?;
            return Ok(Outcome::Planned(Box::new(plan)));
        }
        return run(request, store, &mut stop, events).await;
    };
    let catalog = Clients::builtin()?;
    let platform = choose::platform(request.platform, catalog)?;
    let server = stop.unless(server::ask(target, events)).await??;
    let one_file = matches!(request.origin, Origin::File(_) | Origin::Address(_));
    if !one_file
        && request.prefix.is_none()
        && request.platform.is_none()
        && let Some(driver) = system::find(store, &server, platform)
    {
        return Ok(Outcome::System(driver));
    }
    let (request, matched) = matching::settle(request, server, catalog, platform)?;
    events.emit(Event::Note(matched.why.clone()));
    let unfit = |error: Error| {
        if error.id == ErrorId::PackageNotFound && !request.fetch.offline {
            let edition = request.edition.unwrap_or_default();
            matching::unfit(&matched.server, catalog, edition, platform, error.observed)
        } else {
            error
        }
    };
    if request.dry_run {
        let plan = dry_run::plan(&request, store, Some(matched.clone()), &mut stop, events).await;
        let plan = plan.map_err(unfit)?;
        return Ok(Outcome::Planned(Box::new(plan)));
    }
    let ended = run(&request, store, &mut stop, events).await;
    let mut outcome = ended.map_err(unfit)?;
    if let Outcome::Stored(installation) = &mut outcome {
        installation.matched = Some(matched);
    }
    Ok(outcome)
}

async fn run(
    request: &Request,
    store: &Store,
    stop: &mut Stop,
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
            events.emit(Event::Note(format!(
                "every file of {} is as it was installed",
                client.version
            )));
        }
        return Ok(Outcome::Stored(Box::new(there)));
    }
    not_ours(&client)?;
    if let Some(note) = parts::what_becomes(request, &client) {
        events.emit(Event::Note(note));
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

fn client(store: &Store, request: &Request, identity: Identity) -> Client {
    let Identity {
        edition,
        version,
        platform,
    } = identity;
    match &request.prefix {
        Some(prefix) => Client::at(store, prefix.clone(), edition, version, platform),
        None => Client::new(store, edition, version, platform),
    }
}

/// Whether the client is one of the store for this machine: then it is the current one.
fn is_for_here(client: &Client) -> bool {
    client.is_in_store() && Platform::host() == Some(client.platform)
}

/// Error `would-overwrite` where something that no installation made is in the client's place.
fn not_ours(client: &Client) -> Result<()> {
    let Some(why) = client.foreign()? else {
        return Ok(());
    };
    let tried = format!("install {}", client.version);
    if !client.is_in_store() {
        return Err(prefix_refused(&tried, &client.prefix, why));
    }
    Err(Error::new(
        ErrorId::WouldOverwrite,
        format!("{tried} into {}", client.prefix.display()),
        why,
        format!("mv {0} {0}.old", quoted(&client.prefix.to_string_lossy())),
    ))
}

/// What is missing from an installed client or changed in it.
fn damaged(request: &Request, client: &Client) -> Option<String> {
    let receipt = client.receipt().ok()?;
    if !receipt.is_of(client) {
        return None;
    }
    if request.repair {
        // What cannot be read is damaged, too.
        client
            .first_damage()
            .unwrap_or_else(|error| Some(error.observed))
    } else {
        receipt.first_difference(&client.prefix)
    }
}

/// The client, where it is installed and nothing is missing from it.
fn already_there(request: &Request, client: &Client) -> Result<Option<Installation>> {
    let Ok(receipt) = client.receipt() else {
        return Ok(None);
    };
    if !receipt.is_of(client) {
        return Ok(None);
    }
    if damaged(request, client).is_some() {
        return Ok(None);
    }
    if !request.sha256.is_empty() && !request.sha256.contains(&receipt.sha256) {
        return Err(Error::new(
            ErrorId::DigestMismatch,
            format!("install {}", client.version),
            format!(
                "it is installed already, from a package whose SHA-256 is {}",
                receipt.sha256
            ),
            format!(
                "remove {} to install another package",
                client.prefix.display()
            ),
        ));
    }
    if request.require_digest
        && request.sha256.is_empty()
        && !expectation::is_digest(receipt.verified)
    {
        return Err(Error::new(
            ErrorId::DigestUnknown,
            format!("install {}", client.version),
            format!(
                "it is installed already, verified by {}, and a digest is required",
                receipt.verified
            ),
            format!(
                "taos-setup install {} --sha256 HEX    # the package's SHA-256 from a source that you trust; the installed one is {}",
                client.version, receipt.sha256
            ),
        ));
    }
    if receipt.parts < parts::wanted(request, Some(&receipt)) {
        return Ok(None);
    }
    Ok(Some(Installation {
        client: client.clone(),
        receipt,
        installed: false,
        current: is_for_here(client),
        matched: None,
    }))
}

/// One installation under way.
struct Job<'a> {
    request: &'a Request,
    lock: &'a Lock,
    client: &'a Client,
    chosen: &'a Chosen,
    expectation: &'a Expectation,
    events: &'a EventSink,
}

impl Job<'_> {
    async fn run(&self, stop: &mut Stop) -> Result<Outcome> {
        let mut opened = self.open(stop).await?;
        let mut second_hand = true;
        let (staging, place, source, streamed, verified, kept) = loop {
            // A package that nothing vouches for is only read, for its digest.
            let staging = match self.expectation {
                Expectation::Nothing => None,
                _ => Some(Staging::new(self.lock, self.client)?),
            };
            let into = staging.as_ref().map(|staging| staging.path().to_path_buf());
            let known = self.expectation.is_known();
            let Some(streamed) = stream::through(
                &mut opened,
                into,
                // An installer is no archive: it ends where its bytes end.
                known || self.client.platform.os == Os::Windows,
                self.expectation.needs_md5(),
                stop,
                self.events,
            )
            .await?
            else {
                continue;
            };
            let place = opened.place.clone();
            let source = self.chosen.source_name(&opened.file);
            let judged = self
                .expectation
                .judge(self.request, self.chosen, &place, &streamed);
            match judged {
                Ok(verified) => {
                    let kept = opened.keep(&streamed.sha256);
                    break (staging, place, source, streamed, verified, kept);
                }
                // The command that the error names then finds it in the cache.
                Err(error) if error.id == ErrorId::DigestUnknown => {
                    let _ = opened.keep(&streamed.sha256);
                    return Err(error);
                }
                // The bytes are right; what is wrong is here.
                Err(error) if error.id == ErrorId::FileUnwritable => {
                    if known {
                        let _ = opened.keep(&streamed.sha256);
                    }
                    return Err(error);
                }
                Err(error)
                    if second_hand
                        && opened.is_second_hand()
                        && matches!(
                            error.id,
                            ErrorId::DigestMismatch | ErrorId::ArchiveCorrupt
                        ) =>
                {
                    let note = format!("{}; it is downloaded again", error.observed);
                    self.events.emit(Event::Note(note));
                    second_hand = false;
                    opened.discard();
                    opened = self.open(stop).await?;
                }
                Err(error) => {
                    opened.discard();
                    return Err(error);
                }
            }
        };
        if streamed.is_installer() {
            let path = kept.unwrap_or_else(|| PathBuf::from(&place));
            return self.installer(&streamed, verified, &path).await;
        }
        let (Some(staging), Some(unpacked)) = (staging, &streamed.unpacked) else {
            return Err(Error::new(
                ErrorId::Unexpected,
                "install",
                "a package was not unpacked",
                "",
            ));
        };
        let receipt = self.complete(&staging, &place, source, unpacked, &streamed, verified)?;
        stop.unless(checks::version(
            self.client,
            &staging.path().join("lib"),
            &staging.path().join("etc"),
            self.events,
        ))
        .await??;
        stop.check()?;
        let installation = self.publish(staging, receipt)?;
        Ok(Outcome::Stored(Box::new(installation)))
    }

    /// A Windows installer is verified as every package is; what was trusted is remembered.
    async fn installer(
        &self,
        streamed: &Streamed,
        verified: Verified,
        path: &Path,
    ) -> Result<Outcome> {
        if verified != Verified::Catalog && self.client.platform.os == Os::Windows {
            self.lock.record_trust(TrustedPackage {
                file: self.chosen.trust_name.clone(),
                sha256: streamed.sha256,
                verified,
            })?;
        }
        let run = self.request.run_installer;
        let ran = installer::finish(self.client, path, run, self.events).await?;
        Ok(Outcome::Ran(ran))
    }

    async fn open(&self, stop: &mut Stop) -> Result<Opened> {
        let hint = self.chosen.hint();
        stop.unless(fetch::open(
            &self.request.origin,
            &self.chosen.packages,
            self.expectation.accepted(),
            &self.request.fetch,
            &hint,
            self.events,
        ))
        .await?
    }

    fn complete(
        &self,
        staging: &Staging,
        place: &str,
        source: String,
        unpacked: &Unpacked,
        streamed: &Streamed,
        verified: Verified,
    ) -> Result<Receipt> {
        if !unpacked.left_out.is_empty() {
            let names = unpacked.left_out.join(", ");
            self.events
                .emit(Event::Detail(format!("not installed: {names}")));
        }
        let parts = parts::of(self.request, self.client);
        libraries::check(place, self.client, staging.path(), unpacked, parts)?;
        let unpacked = checks::libraries(self.client, staging.path(), unpacked, self.events)?;
        let unpacked = parts::keep(staging.path(), self.client, parts, unpacked)?;
        let draft = Receipt {
            schema: 1,
            edition: self.client.edition,
            version: self.client.version,
            platform: self.client.platform.to_string(),
            source,
            size: streamed.size,
            sha256: streamed.sha256,
            verified,
            parts,
            installed_at: jiff::Timestamp::now()
                .strftime("%Y-%m-%dT%H:%M:%SZ")
                .to_string(),
            files: Vec::new(),
            links: Vec::new(),
        };
        complete::complete(
            staging.path(),
            self.client,
            &unpacked,
            draft,
            self.request.first_ep.as_ref(),
        )
    }

    fn publish(&self, staging: Staging, receipt: Receipt) -> Result<Installation> {
        let trust = (receipt.verified != Verified::Catalog).then(|| TrustedPackage {
            file: self.chosen.trust_name.clone(),
            sha256: receipt.sha256,
            verified: receipt.verified,
        });
        staging.publish(self.lock, self.client, trust)?;
        // For shells that take their variables from `env`; where this fails, `run` says so.
        if self.client.is_in_store() {
            let _ = std::fs::create_dir_all(self.client.log_dir());
        }
        Ok(Installation {
            client: self.client.clone(),
            receipt,
            installed: true,
            current: is_for_here(self.client),
            matched: None,
        })
    }
}
