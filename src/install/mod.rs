//! The use case of `install`: choose a package, fetch and unpack it in one pass, check it, complete it, publish it. Until the
//! last rename the store is as it was.

mod choose;
mod complete;
mod config;
mod expectation;
mod libraries;
mod lock;
mod stop;
mod stream;

use crate::catalog::{Clients, Identity};
use crate::digest::Sha256;
use crate::error::{Error, ErrorId, Result};
use crate::events::{Event, EventSink};
use crate::fetch::{self, Origin};
use crate::shell::quoted;
use crate::store::{Client, Lock, Receipt, Staging, Store, TrustedPackage, Verified};
use crate::unpack::Unpacked;
use crate::version;

use choose::Chosen;
use expectation::Expectation;
use stop::Stop;
use stream::Streamed;

/// What to install, and what vouches for it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The version; may be left out where `origin` is a file whose name tells it.
    pub version: Option<version::Request>,
    /// Where the package comes from.
    pub origin: Origin,
    /// The arguments that named `origin`, for a command to run again.
    pub origin_arguments: Vec<String>,
    /// Digests that the user vouches for.
    pub sha256: Vec<Sha256>,
    /// Take a package that nothing vouches for, and remember its digest.
    pub trust_on_first_use: bool,
    /// Look at the content of every file of a client that is there, not at its size alone.
    pub repair: bool,
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
}

/// Installs what `request` asks for into `store`, and makes it the current client. Ctrl-C and termination end it with error
/// `interrupted` and the store as it was. Every error of [`ErrorId`]'s exit codes 2 to 8 may come back.
pub fn install(request: &Request, store: &Store, events: &EventSink) -> Result<Installation> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorId::Unexpected, "start", error.to_string(), ""))?;
    let ended = runtime.block_on(run(request, store, events));
    // A read that hangs, from a pipe that nobody writes to, must not hold up the end.
    runtime.shutdown_background();
    ended
}

async fn run(request: &Request, store: &Store, events: &EventSink) -> Result<Installation> {
    let mut stop = Stop::listen()?;
    let catalog = Clients::builtin()?;
    let chosen = choose::choose(request, catalog)?;
    let client = client(store, chosen.identity);
    // Without the lock first: an image with a read-only store may ask for what it has.
    if !request.repair
        && store.current()?.as_ref() == Some(&client)
        && let Some(there) = already_there(request, &client)?
    {
        return Ok(there);
    }
    let lock = lock::take(store, &mut stop, events).await?;
    if let Some(there) = already_there(request, &client)? {
        lock.make_current(&client)?;
        if request.repair {
            events.emit(Event::Note(format!(
                "every file of {} is as it was installed",
                client.version
            )));
        }
        return Ok(there);
    }
    not_ours(&client)?;
    if let Some(path) = damaged(request, &client) {
        events.emit(Event::Note(format!(
            "{} is installed but {path} is not as it was; it is installed again",
            client.version
        )));
    }
    let expectation = Expectation::new(request, catalog, &store.trust()?, &chosen);
    let job = Job {
        request,
        lock: &lock,
        client: &client,
        chosen: &chosen,
        expectation: &expectation,
        events,
    };
    job.run(&mut stop).await
}

fn client(store: &Store, identity: Identity) -> Client {
    Client::new(store, identity.edition, identity.version, identity.platform)
}

/// Error `would-overwrite` where something that no installation made is in the client's place.
fn not_ours(client: &Client) -> Result<()> {
    if client.is_free_or_ours() {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::WouldOverwrite,
        format!("install {}", client.version),
        format!(
            "{} is there already and taos-setup did not make it",
            client.prefix.display()
        ),
        format!("mv {0} {0}.old", quoted(&client.prefix.to_string_lossy())),
    ))
}

/// What is missing from an installed client or changed in it.
fn damaged(request: &Request, client: &Client) -> Option<String> {
    let receipt = client.receipt().ok()?;
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
    Ok(Some(Installation {
        client: client.clone(),
        receipt,
        installed: false,
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
    async fn run(&self, stop: &mut Stop) -> Result<Installation> {
        let hint = self.chosen.hint();
        let opened = stop
            .unless(fetch::open(
                &self.request.origin,
                &self.chosen.packages,
                &hint,
                self.events,
            ))
            .await??;
        // A package that nothing vouches for is only read, for its digest.
        let staging = match self.expectation {
            Expectation::Nothing => None,
            _ => Some(Staging::new(self.lock)?),
        };
        let place = opened.place.clone();
        let source = self.chosen.source_name(&opened.file);
        let into = staging.as_ref().map(|staging| staging.path().to_path_buf());
        let streamed =
            stream::through(opened, into, self.expectation.is_known(), stop, self.events).await?;
        let verified = self
            .expectation
            .judge(self.request, self.chosen, &place, &streamed)?;
        let (Some(staging), Some(unpacked)) = (staging, &streamed.unpacked) else {
            return Err(Error::new(
                ErrorId::Unexpected,
                "install",
                "a package was not unpacked",
                "",
            ));
        };
        let receipt = self.complete(&staging, &place, source, unpacked, &streamed, verified)?;
        stop.check()?;
        self.publish(staging, receipt)
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
        libraries::check(place, self.client, staging.path(), unpacked)?;
        let draft = Receipt {
            schema: 1,
            edition: self.client.edition,
            version: self.client.version,
            platform: self.client.platform.to_string(),
            source,
            size: streamed.size,
            sha256: streamed.sha256,
            verified,
            installed_at: jiff::Timestamp::now()
                .strftime("%Y-%m-%dT%H:%M:%SZ")
                .to_string(),
            files: Vec::new(),
            links: Vec::new(),
        };
        complete::complete(staging.path(), self.client, unpacked, draft)
    }

    fn publish(&self, staging: Staging, receipt: Receipt) -> Result<Installation> {
        let trust = (receipt.verified != Verified::Catalog).then(|| TrustedPackage {
            file: self.chosen.trust_name.clone(),
            sha256: receipt.sha256,
            verified: receipt.verified,
        });
        staging.publish(self.lock, self.client, trust)?;
        // For shells that take their variables from `env`; where this fails, `run` says so.
        let _ = std::fs::create_dir_all(self.client.log_dir());
        Ok(Installation {
            client: self.client.clone(),
            receipt,
            installed: true,
        })
    }
}
