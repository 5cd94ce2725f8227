//! A release: its signed list of digests, and the archive for this program's target.

use std::path::PathBuf;

use semver::Version;
use url::Url;

use super::receipt::OwnReceipt;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, FetchOptions, Location, Origin};
use crate::message::message;
use crate::safety::printable::printable;
use crate::signature::{
    self, Checksums, LARGEST_LIST, LARGEST_SIGNATURE, SignatureFault, TrustedKey,
};
use crate::system::events::EventSink;
use crate::tdengine::digest::Sha256;
use crate::unpack::{self, ArchiveRefusal, LARGEST_PROGRAM, ProgramArchiveForm};

/// The target triple that this program was built for.
const TARGET: &str = env!("TAOS_SETUP_TARGET");
/// The list of digests, and its signature.
const LIST: &str = "SHA256SUMS";
const SIGNATURE: &str = "SHA256SUMS.minisig";
/// The name of the program in the archive.
const PROGRAM: &str = match cfg!(windows) {
    true => "taos-setup.exe",
    false => "taos-setup",
};

/// A place that has releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReleaseSource {
    /// The project's releases: `latest/download/FILE`, `download/vVERSION/FILE`.
    Releases(Url),
    /// An address below which the files of one release are.
    Address(Url),
    /// A directory with the files of one release.
    Directory(PathBuf),
}

impl ReleaseSource {
    /// The place that was given, else the one that the receipt names.
    pub(super) fn choose(given: Option<Location>, receipt: &OwnReceipt) -> Option<Self> {
        Some(match given {
            Some(Location::Address(url)) => Self::Address(url),
            Some(Location::Path(path)) => Self::Directory(path),
            None => match receipt.mirror() {
                Some(url) => Self::Address(url),
                None => Self::Releases(receipt.releases()?),
            },
        })
    }

    /// The place of a file of the release `version`, or of the newest one.
    pub(super) fn file(&self, version: Option<&Version>, name: &str) -> Origin {
        match self {
            Self::Directory(directory) => Origin::File(directory.join(name)),
            Self::Address(url) => Origin::Address(below(url, &[name])),
            Self::Releases(url) => Origin::Address(match version {
                Some(version) => below(url, &["download", &format!("v{version}"), name]),
                None => below(url, &["latest", "download", name]),
            }),
        }
    }
}

fn below(url: &Url, path: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// A release whose list is signed.
#[derive(Clone, Debug)]
pub(super) struct Release {
    source: ReleaseSource,
    /// Its version.
    pub(super) version: Version,
    /// The place of its list, safe to show.
    pub(super) place: String,
    /// The name of the archive for this program's target.
    pub(super) archive: String,
    /// The digest of that archive; `None` if the release has none.
    pub(super) digest: Option<Sha256>,
}

impl Release {
    /// Fetches and verifies the list of the release `wanted`, or of the newest one.
    ///
    /// # Errors
    /// `signature-invalid`; those of a download.
    pub(super) async fn read(
        source: ReleaseSource,
        wanted: Option<&Version>,
        key: &TrustedKey,
        options: &FetchOptions,
        events: &EventSink,
    ) -> Result<Self> {
        let origin = source.file(wanted, LIST);
        let place = fetch::addresses(&origin, &[])?.concat();
        let invalid = |fault: SignatureFault| {
            Error::new(
                ErrorId::SignatureInvalid,
                message!("signature-verify", place = place),
                fault.describe(),
                message!("self-signature-next"),
            )
        };
        let list = fetch::read_small(&origin, options, LARGEST_LIST, events)
            .await?
            .ok_or_else(|| invalid(SignatureFault::ListMissing))?;
        let origin = source.file(wanted, SIGNATURE);
        let signature = fetch::read_small(&origin, options, LARGEST_SIGNATURE, events)
            .await?
            .ok_or_else(|| invalid(SignatureFault::SignatureMissing))?;
        let keys = std::slice::from_ref(key);
        let signed = signature::verify_release(&list, &signature, LIST, keys).map_err(invalid)?;
        let sums = Checksums::parse(&list).map_err(invalid)?;
        let ending = match form() {
            ProgramArchiveForm::TarGz => "tar.gz",
            ProgramArchiveForm::Zip => "zip",
        };
        let archive = format!("taos-setup-{}-{TARGET}.{ending}", signed.version);
        let digest = sums.of(&archive).next();
        Ok(Self {
            source,
            version: signed.version,
            digest,
            archive,
            place,
        })
    }

    /// Fetches the archive, verifies its digest, and returns the program in it.
    ///
    /// # Errors
    /// `nothing-published` if the release has no archive for this target; `digest-mismatch`, `archive-corrupt`, `archive-unsafe`;
    /// those of a download.
    pub(super) async fn program(
        &self,
        options: &FetchOptions,
        events: &EventSink,
    ) -> Result<Vec<u8>> {
        let tried = message!("self-update");
        let expected = self.expected()?;
        let origin = self.source.file(Some(&self.version), &self.archive);
        let most = usize::try_from(LARGEST_PROGRAM).unwrap_or(usize::MAX);
        let archive = fetch::read_small(&origin, options, most, events)
            .await?
            .ok_or_else(|| {
                Error::new(
                    ErrorId::PackageNotFound,
                    tried.clone(),
                    message!("self-archive-missing", archive = self.archive),
                    message!("self-archive-missing-next"),
                )
            })?;
        let found = Sha256::of(archive.as_slice()).unwrap_or(Sha256([0; 32]));
        if found != expected {
            return Err(Error::new(
                ErrorId::DigestMismatch,
                tried,
                message!(
                    "self-digest",
                    archive = self.archive,
                    found = found,
                    expected = expected
                ),
                message!("self-archive-next"),
            ));
        }
        let top = format!("taos-setup-{}-{TARGET}", self.version);
        unpack::read_program(&archive, form(), &top, PROGRAM)
            .map_err(|refusal| self.refused(&refusal))
    }

    /// The digest of the archive.
    ///
    /// # Errors
    /// `nothing-published` if the release has no archive for this target.
    pub(super) fn expected(&self) -> Result<Sha256> {
        self.digest.ok_or_else(|| {
            Error::new(
                ErrorId::NothingPublished,
                message!("self-update"),
                message!(
                    "self-target",
                    version = self.version,
                    target = TARGET,
                    place = self.place
                ),
                message!("self-target-next"),
            )
        })
    }

    fn refused(&self, refusal: &ArchiveRefusal) -> Error {
        let (id, reason) = match refusal {
            ArchiveRefusal::Corrupt(reason) => (
                ErrorId::ArchiveCorrupt,
                reason.clone().map_texts(&printable),
            ),
            ArchiveRefusal::Unsafe { entry, reason } => (
                ErrorId::ArchiveUnsafe,
                message!(
                    "install-archive-entry",
                    entry = printable(entry),
                    reason = reason.clone().map_texts(&printable)
                ),
            ),
            // Nothing is written, and nothing of an installer is read.
            ArchiveRefusal::WindowsInstaller | ArchiveRefusal::Unwritable { .. } => {
                (ErrorId::ArchiveCorrupt, message!("unpack-program-damaged"))
            }
        };
        Error::new(
            id,
            message!("self-update"),
            message!("self-archive", archive = self.archive, reason = reason),
            message!("self-archive-next"),
        )
    }
}

/// The form of the archive for this program's target.
const fn form() -> ProgramArchiveForm {
    match cfg!(windows) {
        true => ProgramArchiveForm::Zip,
        false => ProgramArchiveForm::TarGz,
    }
}
