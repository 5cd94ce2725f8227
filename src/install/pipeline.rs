//! One pipeline for an installation and for its dry run: open, unpack, verify, check, complete. Only the last step differs:
//! the client is published, or it is reported.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::chosen_package::ChosenPackage;
use super::examination::{self, ExaminedLibraries, ExaminedPackage, PackageChecks};
use super::expectation::Expectation;
use super::installed_client::is_for_here;
use super::machine_checks;
use super::mirror::{self, Mirror};
use super::stream::{self, Streamed};
use super::{
    InstallOutcome, InstallRequest, Installation, completion, driver_libraries, installed_parts,
    installer,
};
use crate::catalog::{Clients, Package};
use crate::driver::needs::Glibc;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{self, OpenedPackage, Origin};
use crate::message::{Message, message};
use crate::store::{Client, Lock, Parts, Receipt, Staging, TrustedPackage, Verified};
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::tdengine::platform::{Os, Platform};
use crate::unpack::Unpacked;

/// The end of the pipeline.
pub(super) enum LastStep<'a> {
    /// Moves the client into its place in the store, under this lock.
    Publish(&'a Lock),
    /// Reports what was found. Nothing is downloaded, kept, or run, and the unpacked files are temporary.
    Report,
}

/// One package on its way to a client.
pub(super) struct Pipeline<'a> {
    pub(super) request: &'a InstallRequest,
    pub(super) client: &'a Client,
    pub(super) chosen: &'a ChosenPackage,
    pub(super) expectation: &'a Expectation,
    pub(super) last: LastStep<'a>,
    /// Receives progress.
    pub(super) events: &'a EventSink,
    /// Receives notes about changes: silent if nothing is changed.
    pub(super) notes: &'a EventSink,
}

/// The result of a pipeline.
pub(super) enum PipelineEnd {
    /// The package was installed, or its installer was run.
    Published(InstallOutcome),
    /// The package was examined.
    Reported(Box<ExaminedPackage>),
    /// The package is not on this machine, and this pipeline only reports.
    NotHere,
}

/// The directory that a package is unpacked into.
pub(super) enum Workspace {
    /// A directory of the store, which becomes the client.
    Staging(Staging),
    /// A directory that is deleted with this value.
    Temporary(TempDir),
}

impl Workspace {
    /// The directory.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Staging(staging) => staging.path(),
            Self::Temporary(folder) => folder.path(),
        }
    }
}

/// A package whose bytes were read.
enum ReceivedPackage {
    /// They are the right ones.
    Verified(VerifiedPackage),
    /// No digest is known, or they could not be unpacked. Only a report accepts this.
    Unverified { place: String, streamed: Streamed },
}

/// A package whose bytes were read and verified.
pub(super) struct VerifiedPackage {
    pub(super) workspace: Workspace,
    /// Where it comes from, safe to show.
    pub(super) place: String,
    /// Its name for the receipt.
    pub(super) source: String,
    pub(super) streamed: Streamed,
    pub(super) verified: Verified,
    /// The file on this machine that has its bytes.
    pub(super) kept: Option<PathBuf>,
}

/// An unpacked package whose libraries passed every check that needs no running driver.
pub(super) struct CheckedPackage {
    pub(super) unpacked: Unpacked,
    libraries: Vec<String>,
    glibc: Option<(Glibc, String)>,
    executable_stack: Vec<String>,
}

impl Pipeline<'_> {
    /// Runs every step. In a report, a package that could be downloaded is [`PipelineEnd::NotHere`] if it is not in the
    /// cache, or if what the cache has is damaged.
    pub(super) async fn run(&self, stop: &mut Interrupts) -> Result<PipelineEnd> {
        match self.run_steps(stop).await {
            Err(error) if self.is_downloaded_instead(&error) => Ok(PipelineEnd::NotHere),
            ended => ended,
        }
    }

    fn is_downloaded_instead(&self, error: &Error) -> bool {
        match self.last {
            LastStep::Publish(_) => false,
            LastStep::Report => {
                !self.is_local() && !self.request.fetch.offline && error.id != ErrorId::Interrupted
            }
        }
    }

    /// Whether the package is a file of the user's.
    fn is_local(&self) -> bool {
        match self.request.origin {
            Origin::File(_) | Origin::Folder(_) => true,
            Origin::Vendor | Origin::Mirror(_) | Origin::Address(_) => false,
        }
    }

    async fn run_steps(&self, stop: &mut Interrupts) -> Result<PipelineEnd> {
        if let Some(ended) = self.reinstall(stop).await? {
            return Ok(ended);
        }
        let mut package = match self.receive(stop).await? {
            ReceivedPackage::Verified(package) => package,
            ReceivedPackage::Unverified { place, streamed } => {
                return Ok(self.report_unverified(place, &streamed));
            }
        };
        if package.streamed.is_installer() {
            return self.finish_installer(package).await;
        }
        let Some(unpacked) = package.streamed.unpacked.take() else {
            return Err(Error::new(
                ErrorId::Unexpected,
                message!("install-tried", version = self.client.version),
                message!("install-not-unpacked"),
                Message::default(),
            ));
        };
        self.note_left_out(&unpacked);
        let checked = self.check(&package, &unpacked)?;
        let kept = self.keep_unpacked(&package, &checked.unpacked);
        let ended = self.finish(package, checked, stop).await?;
        if let Some(kept) = kept {
            // If it cannot be kept, the package is unpacked again next time.
            let _ = kept.keep();
        }
        Ok(ended)
    }

    /// Reads, unpacks, and verifies the package. Bytes of an earlier run that prove wrong are downloaded again, once.
    async fn receive(&self, stop: &mut Interrupts) -> Result<ReceivedPackage> {
        let mut opened = self.open(stop).await?;
        let mut may_start_over = true;
        loop {
            // A package without a known digest is only read, to compute its digest.
            let workspace = match self.expectation {
                Expectation::Nothing => None,
                Expectation::Known { .. } | Expectation::Listed(_) | Expectation::FirstUse => {
                    Some(self.workspace()?)
                }
            };
            let into = workspace.as_ref().map(|it| it.path().to_path_buf());
            let known = self.expectation.is_known();
            let through = stream::through(
                &mut opened,
                into,
                // An installer is not an archive: it ends where its bytes end.
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
                    // An endless file is not resumed.
                    if error.id == ErrorId::ArchiveCorrupt {
                        self.discard(opened);
                    }
                    return Err(error);
                }
            };
            let place = opened.place.clone();
            let source = self.chosen.source_name(&opened.file);
            let judged = self
                .expectation
                .judge(self.request, self.chosen, &place, &streamed);
            let error = match (judged, workspace) {
                (Ok(verified), Some(workspace)) => {
                    return Ok(ReceivedPackage::Verified(VerifiedPackage {
                        workspace,
                        kept: self.keep(opened, &streamed),
                        place,
                        source,
                        streamed,
                        verified,
                    }));
                }
                // Without a known digest, the verdict is always an error.
                (Ok(_), None) => {
                    return Ok(ReceivedPackage::Unverified { place, streamed });
                }
                (Err(error), _) => error,
            };
            if self.is_reported_anyway(&error) {
                return Ok(ReceivedPackage::Unverified { place, streamed });
            }
            let is_wrong = matches!(error.id, ErrorId::DigestMismatch | ErrorId::ArchiveCorrupt);
            if is_wrong && may_start_over && opened.is_second_hand() && self.publishes() {
                let note = message!("install-download-again", why = error.observed);
                self.events.emit(Event::note(note));
                may_start_over = false;
                opened.discard();
                opened = self.open(stop).await?;
                continue;
            }
            // The command that the error names finds the package in the cache; with a full disk, the bytes are right.
            if error.id == ErrorId::DigestUnknown || (error.id == ErrorId::FileUnwritable && known)
            {
                self.keep(opened, &streamed);
            } else if error.id != ErrorId::FileUnwritable {
                self.discard(opened);
            }
            return Err(error);
        }
    }

    pub(super) fn publishes(&self) -> bool {
        match self.last {
            LastStep::Publish(_) => true,
            LastStep::Report => false,
        }
    }

    /// Whether a report names the package in spite of `error`: its digest is to be shown, or it does not fit
    /// in the directory for temporary files.
    fn is_reported_anyway(&self, error: &Error) -> bool {
        let shows_digest = error.id == ErrorId::DigestUnknown && !self.request.require_digest;
        !self.publishes() && (shows_digest || error.id == ErrorId::FileUnwritable)
    }

    /// Keeps the package in the cache, and gives the file on this machine that has its bytes. A report keeps nothing.
    fn keep(&self, opened: OpenedPackage, streamed: &Streamed) -> Option<PathBuf> {
        if self.publishes() {
            opened.keep(&streamed.sha256)
        } else {
            None
        }
    }

    fn discard(&self, opened: OpenedPackage) {
        if self.publishes() {
            opened.discard();
        }
    }

    /// An empty directory to unpack into.
    pub(super) fn workspace(&self) -> Result<Workspace> {
        match self.last {
            LastStep::Publish(lock) => Staging::new(lock, self.client).map(Workspace::Staging),
            LastStep::Report => tempfile::tempdir()
                .map(Workspace::Temporary)
                .map_err(|error| {
                    Error::new(
                        ErrorId::FileUnwritable,
                        message!("install-examine-tried"),
                        describe_io_error(&error),
                        message!("install-examine-next"),
                    )
                }),
        }
    }

    /// Checks that the package has what this client needs, for this platform. A flag for an executable stack is cleared.
    pub(super) fn check(
        &self,
        package: &VerifiedPackage,
        unpacked: &Unpacked,
    ) -> Result<CheckedPackage> {
        let parts = installed_parts::of(self.request, self.client);
        let root = package.workspace.path();
        let libraries =
            driver_libraries::check(&package.place, self.client, root, unpacked, parts)?;
        let (unpacked, needs) =
            machine_checks::check_libraries(self.client, root, unpacked, self.notes)?;
        Ok(CheckedPackage {
            unpacked,
            libraries,
            glibc: needs.glibc,
            executable_stack: needs.stacks.into_iter().map(|stack| stack.file).collect(),
        })
    }

    /// Completes the client, and publishes or reports it.
    pub(super) async fn finish(
        &self,
        package: VerifiedPackage,
        checked: CheckedPackage,
        stop: &mut Interrupts,
    ) -> Result<PipelineEnd> {
        let receipt = self.complete(&package, checked.unpacked)?;
        match (&self.last, package.workspace) {
            (LastStep::Publish(lock), Workspace::Staging(staging)) => {
                self.ask_driver(&staging, stop).await?;
                let installation = Box::new(self.publish(lock, staging, receipt)?);
                Ok(PipelineEnd::Published(InstallOutcome::Stored(installation)))
            }
            (LastStep::Publish(_) | LastStep::Report, workspace) => {
                Ok(PipelineEnd::Reported(Box::new(ExaminedPackage {
                    place: package.place,
                    size: package.streamed.size,
                    digest: None,
                    checks: PackageChecks::Examined(ExaminedLibraries {
                        libraries: checked.libraries,
                        glibc: checked.glibc,
                        host_glibc: examination::host_glibc(self.client),
                        executable_stack: checked.executable_stack,
                        could_be_asked: Platform::host() == Some(self.client.platform),
                    }),
                    completed: Some((workspace, receipt)),
                })))
            }
        }
    }

    fn report_unverified(&self, place: String, streamed: &Streamed) -> PipelineEnd {
        let no_digest = *self.expectation == Expectation::Nothing;
        PipelineEnd::Reported(Box::new(ExaminedPackage {
            place,
            size: streamed.size,
            digest: no_digest.then_some(streamed.sha256),
            checks: examination::pending(self.client, self.chosen),
            completed: None,
        }))
    }

    /// Asks the driver for its version, in a child process.
    async fn ask_driver(&self, staging: &Staging, stop: &mut Interrupts) -> Result<()> {
        stop.unless(machine_checks::check_version(
            self.client,
            &staging.path().join("lib"),
            &staging.path().join("etc"),
            self.events,
        ))
        .await??;
        stop.check()
    }

    /// Records a verified Windows installer, and runs it if that was asked for.
    async fn finish_installer(&self, package: VerifiedPackage) -> Result<PipelineEnd> {
        let VerifiedPackage {
            place,
            streamed,
            verified,
            kept,
            ..
        } = package;
        let LastStep::Publish(lock) = self.last else {
            return Ok(PipelineEnd::Reported(Box::new(ExaminedPackage {
                place,
                size: streamed.size,
                digest: None,
                checks: PackageChecks::Installer,
                completed: None,
            })));
        };
        if verified != Verified::Catalog && self.client.platform.os == Os::Windows {
            lock.record_trust(TrustedPackage {
                file: self.chosen.trust_name.clone(),
                sha256: streamed.sha256,
                verified,
            })?;
        }
        let path = kept.unwrap_or_else(|| PathBuf::from(&place));
        let run = self.request.run_installer;
        let ran = installer::finish(self.client, &path, run, self.events).await?;
        Ok(PipelineEnd::Published(InstallOutcome::Ran(ran)))
    }

    async fn open(&self, stop: &mut Interrupts) -> Result<OpenedPackage> {
        let opened = self.open_at(&self.chosen.packages, stop).await;
        match opened {
            Err(error) if error.id == ErrorId::PackageNotFound && self.publishes() => {
                self.open_elsewhere(error, stop).await
            }
            opened => opened,
        }
    }

    /// Looks for the package where its mirror's index has it, then in every place of the vendor's layouts. `missing` is the
    /// error if it is not there either.
    async fn open_elsewhere(&self, missing: Error, stop: &mut Interrupts) -> Result<OpenedPackage> {
        let (request, identity) = (self.request, self.chosen.identity);
        let catalog = Clients::builtin()?;
        let mirror = Mirror::at(&request.origin, &request.fetch, catalog, self.events);
        let (Some(mirror), Origin::Mirror(_)) = (mirror, &request.origin) else {
            return Err(missing);
        };
        let mut places = stop.unless(mirror.places(identity)).await?;
        places.extend(mirror::elsewhere(identity, catalog));
        match self.open_at(&places, stop).await {
            Err(error) if error.id == ErrorId::PackageNotFound => Err(missing),
            opened => opened,
        }
    }

    async fn open_at(&self, packages: &[Package], stop: &mut Interrupts) -> Result<OpenedPackage> {
        let hint = self.chosen.hint();
        let options = fetch::FetchOptions {
            offline: self.request.fetch.offline || !self.publishes(),
            ..self.request.fetch.clone()
        };
        stop.unless(fetch::open(
            &self.request.origin,
            packages,
            self.expectation.accepted(),
            &options,
            &hint,
            self.events,
        ))
        .await?
    }

    fn note_left_out(&self, unpacked: &Unpacked) {
        if !unpacked.left_out.is_empty() {
            let names = unpacked.left_out.join(", ");
            let detail = message!("install-left-out", names = names);
            self.notes.emit(Event::detail(detail));
        }
    }

    fn complete(&self, package: &VerifiedPackage, unpacked: Unpacked) -> Result<Receipt> {
        let parts = installed_parts::of(self.request, self.client);
        let root = package.workspace.path();
        let unpacked = installed_parts::keep(root, self.client, parts, unpacked)?;
        let draft = draft_receipt(self.client, package, parts);
        let first_ep = self.request.first_ep.as_ref();
        completion::complete(root, self.client, &unpacked, draft, first_ep)
    }

    fn publish(&self, lock: &Lock, staging: Staging, receipt: Receipt) -> Result<Installation> {
        let trust = (receipt.verified != Verified::Catalog).then(|| TrustedPackage {
            file: self.chosen.trust_name.clone(),
            sha256: receipt.sha256,
            verified: receipt.verified,
        });
        let was_here = std::env::current_dir().is_ok();
        staging.publish(lock, self.client, trust)?;
        if was_here && std::env::current_dir().is_err() {
            // The new directory has the old one's place and name; a shell in the old one sees it empty.
            self.events
                .emit(Event::note(message!("install-shell-directory")));
        }
        // For shells that take their variables from `env`; if this fails, `run` reports it.
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

/// The receipt of `client` before its files are known.
fn draft_receipt(client: &Client, package: &VerifiedPackage, parts: Parts) -> Receipt {
    Receipt {
        schema: 1,
        edition: client.edition,
        version: client.version,
        platform: client.platform.to_string(),
        source: package.source.clone(),
        size: package.streamed.size,
        sha256: package.streamed.sha256,
        verified: package.verified,
        parts,
        installed_at: crate::system::clock::now_text(),
        files: Vec::new(),
        links: Vec::new(),
    }
}
