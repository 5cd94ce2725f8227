//! Downloads a package and verifies its bytes as an installation does, without unpacking it.

use std::path::PathBuf;

use super::chosen_package::{self, ChosenPackage};
use super::expectation::Expectation;
use super::selection;
use super::{InstallRequest, expect, stream};
use crate::catalog::{Clients, Identity};
use crate::error::{Error, ErrorId, Result};
use crate::fetch;
use crate::message::{Message, message};
use crate::store::{Store, TrustedPackage, Verified};
use crate::system::events::EventSink;
use crate::system::interrupts::Interrupts;
use crate::tdengine::digest::Sha256;

/// A package to download, and what is known about it.
#[derive(Debug)]
pub struct PlannedDownload {
    /// Which client it is.
    pub identity: Identity,
    /// Its name and its path below the vendor's hosts.
    pub path: String,
    request: InstallRequest,
    chosen: ChosenPackage,
}

/// A package whose bytes are verified.
#[derive(Clone, Debug)]
pub struct DownloadedPackage {
    /// The file on this machine that has its bytes.
    pub file: PathBuf,
    /// Its SHA-256.
    pub sha256: Sha256,
}

/// Chooses the package that `request` asks for: a version, an edition, and a platform.
///
/// # Errors
/// `usage`, `nothing-published`, `platform-unsupported`, and those of asking a mirror for what it has.
pub async fn plan(
    request: &InstallRequest,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<PlannedDownload> {
    let catalog = Clients::builtin()?;
    let selecting = selection::for_version(request, catalog, events);
    let selection = stop.unless(selecting).await??;
    let chosen = chosen_package::choose(&selection.request, &selection.located, catalog)?;
    let path = catalog
        .packages(chosen.identity)
        .into_iter()
        .next()
        .map(|package| package.path);
    Ok(PlannedDownload {
        identity: chosen.identity,
        path: path.unwrap_or_else(|| chosen.trust_name.clone()),
        request: selection.request,
        chosen,
    })
}

impl PlannedDownload {
    /// Whether the package comes from the vendor's hosts.
    pub fn is_from_vendor(&self) -> bool {
        self.request.origin == fetch::Origin::Vendor
    }

    /// The size in bytes, as the package's place states it; `None` if it does not.
    ///
    /// # Errors
    /// Those of a download.
    pub async fn size(&self, stop: &mut Interrupts, events: &EventSink) -> Result<Option<u64>> {
        let digests = Clients::builtin()?.digests(self.identity);
        let opening = self.open(&digests, events);
        let opened = stop.unless(opening).await??;
        Ok(opened.size)
    }

    async fn open(&self, digests: &[Sha256], events: &EventSink) -> Result<fetch::OpenedPackage> {
        let hint = self.chosen.hint();
        let packages = &self.chosen.packages;
        let request = &self.request;
        fetch::open(
            &request.origin,
            packages,
            digests,
            &request.fetch,
            &hint,
            events,
        )
        .await
    }

    /// Downloads the package into the cache, or takes it from there, and verifies it.
    ///
    /// # Errors
    /// `digest-mismatch`, `digest-unknown`, and those of a download.
    pub async fn download(
        &self,
        store: &Store,
        stop: &mut Interrupts,
        events: &EventSink,
    ) -> Result<DownloadedPackage> {
        let (request, chosen) = (&self.request, &self.chosen);
        let expectation = expect(request, store, chosen, None, stop, events).await?;
        let mut may_start_over = true;
        loop {
            let opening = self.open(expectation.accepted(), events);
            let mut opened = stop.unless(opening).await??;
            let md5 = expectation.needs_md5();
            let streamed = loop {
                let read = stream::through(&mut opened, None, true, md5, stop, events).await?;
                if let Some(streamed) = read {
                    break streamed;
                }
            };
            let place = opened.place.clone();
            match expectation.judge(request, chosen, &place, &streamed) {
                Ok(_) => {
                    self.remember(store, &expectation, streamed.sha256, events)?;
                    let file = opened.keep(&streamed.sha256).ok_or_else(not_kept)?;
                    return Ok(DownloadedPackage {
                        file,
                        sha256: streamed.sha256,
                    });
                }
                Err(error)
                    if error.id == ErrorId::DigestMismatch
                        && may_start_over
                        && opened.is_second_hand() =>
                {
                    may_start_over = false;
                    opened.discard();
                }
                Err(error) => {
                    if error.id == ErrorId::DigestUnknown {
                        opened.keep(&streamed.sha256);
                    } else {
                        opened.discard();
                    }
                    return Err(match error.id {
                        ErrorId::DigestUnknown => Error {
                            next: message!(
                                "install-digest-unknown-mirror",
                                sha256 = streamed.sha256
                            ),
                            ..error
                        },
                        _ => error,
                    });
                }
            }
        }
    }

    /// Records a digest that is trusted on first use.
    fn remember(
        &self,
        store: &Store,
        expectation: &Expectation,
        sha256: Sha256,
        events: &EventSink,
    ) -> Result<()> {
        match expectation {
            Expectation::FirstUse => {
                let lock = store.lock("mirror", events)?;
                lock.record_trust(TrustedPackage {
                    file: self.chosen.trust_name.clone(),
                    sha256,
                    verified: Verified::FirstUse,
                })
            }
            Expectation::Known { .. } | Expectation::Listed(_) | Expectation::Nothing => Ok(()),
        }
    }
}

fn not_kept() -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("install-keep-package"),
        message!("install-package-not-kept"),
        Message::quoted("taos-setup gc"),
    )
}
