//! `self update`: replaces this program by that of a signed release.

use std::path::PathBuf;

use semver::Version;

use super::decision::{UpdateDecision, UpdateRefusal, decide};
use super::release::{Release, ReleaseSource};
use super::{OwnInstallation, OwnPurpose, interrupted};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{FetchOptions, Location};
use crate::message::{Message, message};
use crate::signature::TrustedKey;
use crate::system::events::EventSink;
use crate::system::runtime;
use crate::tdengine::digest::Sha256;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct OwnUpdateRequest {
    /// The version; `None` for the newest one.
    pub version: Option<Version>,
    /// The place of a release; `None` for the one that the receipt names.
    pub from: Option<Location>,
    /// The key that signs it; `None` for the one that the receipt names.
    pub trust_key: Option<TrustedKey>,
    /// How far to go.
    pub extent: UpdateExtent,
    /// How files are fetched.
    pub fetch: FetchOptions,
}

/// How far an update goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateExtent {
    /// Only the list is read, to see whether another version is there.
    Check,
    /// The same; what would be done is shown.
    DryRun,
    /// The program is replaced.
    Replace,
}

/// What an update found or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnUpdate {
    /// What was done.
    pub outcome: OwnUpdateOutcome,
    /// The program's file.
    pub program: PathBuf,
    /// The version of the running program.
    pub before: Version,
    /// The version of the release.
    pub version: Version,
    /// The place of its list, safe to show.
    pub place: String,
    /// The name of its archive for this program's target.
    pub archive: String,
    /// The archive's digest, if the release has one.
    pub sha256: Option<Sha256>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnUpdateOutcome {
    /// Nothing: the program is of that version.
    Current,
    /// Nothing: another version is there.
    Available,
    /// Nothing: this is what would be done.
    Planned,
    /// The program was replaced.
    Replaced,
}

/// Updates this program.
///
/// # Errors
/// `installed-otherwise` if its own script did not install it; `usage` if no place or key is known; `signature-invalid`,
/// `release-older`, `nothing-published`, `digest-mismatch`, `archive-corrupt`, `archive-unsafe`, `package-mismatch`; `store-busy`,
/// `would-overwrite`, `file-unreadable`, `file-unwritable`; those of a download.
pub fn update(request: OwnUpdateRequest, events: &EventSink) -> Result<OwnUpdate> {
    let tried = message!("self-update");
    let own = OwnInstallation::find(OwnPurpose::Update)?;
    let usage = |observed: Message, next: Message| {
        Error::new(ErrorId::Usage, tried.clone(), observed, next)
    };
    if request.extent == UpdateExtent::Replace {
        own.settle()?;
    }
    let source = ReleaseSource::choose(request.from, &own.receipt)
        .ok_or_else(|| usage(message!("self-no-place"), message!("self-no-place-next")))?;
    let key = request
        .trust_key
        .or_else(|| own.receipt.key())
        .ok_or_else(|| usage(message!("self-no-key"), message!("self-no-key-next")))?;
    let wanted = request.version.as_ref();
    let before = running_version().ok_or_else(|| {
        Error::new(
            ErrorId::Unexpected,
            tried.clone(),
            message!("self-version", version = env!("CARGO_PKG_VERSION")),
            Message::default(),
        )
    })?;
    let (release, content) = runtime::run(interrupted, async |stop| {
        let reading = Release::read(source, wanted, &key, &request.fetch, events);
        let release = stop.unless(reading).await??;
        let decision = decide(&before, &release.version, wanted)
            .map_err(|refusal| refused(refusal, &before, &release, wanted))?;
        if decision == UpdateDecision::Current || request.extent == UpdateExtent::Check {
            return Ok((release, None));
        }
        release.expected()?;
        if request.extent == UpdateExtent::DryRun {
            return Ok((release, None));
        }
        let reading = release.program(&request.fetch, events);
        let content = stop.unless(reading).await??;
        Ok((release, Some(content)))
    })?;
    if let Some(content) = &content {
        own.replace(&release.version, content)?;
    }
    let is_other = release.version.cmp_precedence(&before).is_ne();
    Ok(OwnUpdate {
        outcome: match (request.extent, is_other) {
            (_, false) => OwnUpdateOutcome::Current,
            (UpdateExtent::Check, true) => OwnUpdateOutcome::Available,
            (UpdateExtent::DryRun, true) => OwnUpdateOutcome::Planned,
            (UpdateExtent::Replace, true) => OwnUpdateOutcome::Replaced,
        },
        program: own.program,
        before,
        version: release.version,
        place: release.place,
        archive: release.archive,
        sha256: release.digest,
    })
}

fn running_version() -> Option<Version> {
    Version::parse(env!("CARGO_PKG_VERSION")).ok()
}

fn refused(
    refusal: UpdateRefusal,
    before: &Version,
    release: &Release,
    wanted: Option<&Version>,
) -> Error {
    let found = &release.version;
    let place = &release.place;
    match refusal {
        UpdateRefusal::Older => Error::new(
            ErrorId::ReleaseOlder,
            message!("self-update"),
            message!("self-older", found = found, before = before, place = place),
            message!("self-older-next", found = found),
        ),
        UpdateRefusal::OtherVersion => Error::new(
            ErrorId::NothingPublished,
            message!("self-update"),
            message!(
                "self-other-version",
                found = found,
                wanted = wanted.map(Version::to_string).unwrap_or_default(),
                place = place
            ),
            message!("self-other-version-next"),
        ),
    }
}
