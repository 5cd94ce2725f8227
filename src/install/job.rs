//! One installation under way: fetched and unpacked in one pass, checked, completed, published.

use std::path::{Path, PathBuf};

use super::choose::Chosen;
use super::existing::is_for_here;
use super::expectation::Expectation;
use super::stream::{self, Streamed};
use super::{Installation, Outcome, Request, checks, complete, installer, libraries, parts};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Opened};
use crate::store::{Client, Lock, Parts, Receipt, Staging, TrustedPackage, Verified};
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::tdengine::platform::Os;
use crate::unpack::Unpacked;

/// The receipt of `client` before its files are known.
pub(super) fn draft(
    client: &Client,
    source: String,
    streamed: &Streamed,
    verified: Verified,
    parts: Parts,
) -> Receipt {
    Receipt {
        schema: 1,
        edition: client.edition,
        version: client.version,
        platform: client.platform.to_string(),
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
    }
}

/// One installation under way.
pub(super) struct Job<'a> {
    pub(super) request: &'a Request,
    pub(super) lock: &'a Lock,
    pub(super) client: &'a Client,
    pub(super) chosen: &'a Chosen,
    pub(super) expectation: &'a Expectation,
    pub(super) events: &'a EventSink,
}

impl Job<'_> {
    pub(super) async fn run(&self, stop: &mut Interrupts) -> Result<Outcome> {
        if let Some(installation) = self.reinstall(stop).await? {
            return Ok(Outcome::Stored(Box::new(installation)));
        }
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
            let through = stream::through(
                &mut opened,
                into,
                // An installer is no archive: it ends where its bytes end.
                known || self.client.platform.os == Os::Windows,
                self.expectation.needs_md5(),
                stop,
                self.events,
            )
            .await;
            let streamed = match through {
                Ok(Some(streamed)) => streamed,
                Ok(None) => continue,
                Err(error) => {
                    // What never ends is not gone on with.
                    if error.id == ErrorId::ArchiveCorrupt {
                        opened.discard();
                    }
                    return Err(error);
                }
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
                    self.events.emit(Event::note(note));
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
        self.say_left_out(unpacked);
        let unpacked = self.checked(&place, &staging, unpacked)?;
        let kept = self.keep_unpacked(&staging, &source, &unpacked, &streamed);
        let receipt = self.complete(&staging, source, unpacked, &streamed, verified)?;
        self.answers(&staging, stop).await?;
        let installation = self.publish(staging, receipt)?;
        if let Some(kept) = kept {
            // Where it cannot be kept the package is unpacked again.
            let _ = kept.keep();
        }
        Ok(Outcome::Stored(Box::new(installation)))
    }

    /// What was unpacked, where it fits this client; an executable-stack flag is cleared.
    pub(super) fn checked(
        &self,
        place: &str,
        staging: &Staging,
        unpacked: &Unpacked,
    ) -> Result<Unpacked> {
        let parts = parts::of(self.request, self.client);
        libraries::check(place, self.client, staging.path(), unpacked, parts)?;
        checks::libraries(self.client, staging.path(), unpacked, self.events)
    }

    /// The driver itself is asked for its version, in a process of its own.
    pub(super) async fn answers(&self, staging: &Staging, stop: &mut Interrupts) -> Result<()> {
        stop.unless(checks::version(
            self.client,
            &staging.path().join("lib"),
            &staging.path().join("etc"),
            self.events,
        ))
        .await??;
        stop.check()
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

    async fn open(&self, stop: &mut Interrupts) -> Result<Opened> {
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

    fn say_left_out(&self, unpacked: &Unpacked) {
        if !unpacked.left_out.is_empty() {
            let names = unpacked.left_out.join(", ");
            self.events
                .emit(Event::detail(format!("not installed: {names}")));
        }
    }

    pub(super) fn complete(
        &self,
        staging: &Staging,
        source: String,
        unpacked: Unpacked,
        streamed: &Streamed,
        verified: Verified,
    ) -> Result<Receipt> {
        let parts = parts::of(self.request, self.client);
        let unpacked = parts::keep(staging.path(), self.client, parts, unpacked)?;
        let draft = draft(self.client, source, streamed, verified, parts);
        complete::complete(
            staging.path(),
            self.client,
            &unpacked,
            draft,
            self.request.first_ep.as_ref(),
        )
    }

    pub(super) fn publish(&self, staging: Staging, receipt: Receipt) -> Result<Installation> {
        let trust = (receipt.verified != Verified::Catalog).then(|| TrustedPackage {
            file: self.chosen.trust_name.clone(),
            sha256: receipt.sha256,
            verified: receipt.verified,
        });
        let was_here = std::env::current_dir().is_ok();
        staging.publish(self.lock, self.client, trust)?;
        if was_here && std::env::current_dir().is_err() {
            // The new folder has the old one's place and name; whoever is in the old one sees it empty.
            let note = "the folder that this shell is in was replaced: cd \"$PWD\"";
            self.events.emit(Event::note(note));
        }
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
            placement: None,
        })
    }
}
