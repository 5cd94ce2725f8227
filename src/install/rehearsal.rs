//! `--dry-run` with a package that is on this machine already: it is read, judged and unpacked as an installation would do it,
//! into a temporary folder that goes at once. Its code is not run.

use super::checks::{self, Looked};
use super::choose::Chosen;
use super::expectation::Expectation;
use super::stream::{self, Streamed};
use super::{Request, libraries, parts};
use tempfile::TempDir;

use crate::driver::needs::{self, Glibc};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{self, Opened, Origin};
use crate::store::Client;
use crate::system::events::EventSink;
use crate::system::interrupts::Interrupts;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::{Os, Platform};

/// What is checked before a client is published, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checks {
    /// Nothing would be fetched: the client was checked when it was installed.
    Done,
    /// The package is not here yet, or nothing vouches for it: these libraries would be looked for.
    ToCome(Vec<String>),
    /// The package is a Windows installer, which would be verified and kept.
    Installer,
    /// The package was looked at.
    Found(Found),
}

/// What a package that was looked at holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The driver's libraries, which are all there and made for the client's platform.
    pub libraries: Vec<String>,
    /// The newest glibc that one of them needs, and which.
    pub glibc: Option<(Glibc, String)>,
    /// Libraries that ask for an executable stack: the flag would be cleared in our copy.
    pub executable_stack: Vec<String>,
    /// Whether this machine could ask the driver for its version.
    pub could_be_asked: bool,
}

/// What came of looking.
pub(super) struct Seen {
    /// Where the package is, and its size in bytes.
    pub(super) place: String,
    pub(super) size: u64,
    /// Its SHA-256, where nothing vouches for it.
    pub(super) digest: Option<Sha256>,
    pub(super) checks: Checks,
    /// What was unpacked, where that was done and it fits the client.
    pub(super) unpacked: Option<Rehearsed>,
}

/// A package that was unpacked into a temporary folder, which goes with this value.
pub(super) struct Rehearsed {
    pub(super) folder: TempDir,
    pub(super) streamed: Streamed,
}

/// What would be checked of a package that is not here.
pub(super) fn to_come(client: &Client, chosen: &Chosen) -> Checks {
    let installer = |name: &str| name.to_ascii_lowercase().ends_with(".exe");
    if client.platform.os == Os::Windows && installer(&chosen.trust_name) {
        return Checks::Installer;
    }
    Checks::ToCome(libraries::wanted(client))
}

/// The machine's glibc, where the client is for it.
pub fn host_glibc(client: &Client) -> Option<Glibc> {
    let here = client.platform.os == Os::Linux && client.is_for_this_machine();
    here.then(needs::host_glibc)?.map(|(version, _)| version)
}

/// Looks at the package where it is on this machine: a file, a mirror that is a folder, the cache. `None` where it is not.
/// Errors as an installation would give them.
pub(super) async fn look(
    request: &Request,
    client: &Client,
    chosen: &Chosen,
    expectation: &Expectation,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Option<Seen>> {
    let local = matches!(request.origin, Origin::File(_) | Origin::Folder(_));
    if local {
        let opened = open(request, chosen, expectation, stop, events).await?;
        return read(request, client, chosen, expectation, opened, stop, events)
            .await
            .map(Some);
    }
    // What the cache has is only kept bytes: where they are wrong, an installation downloads them again.
    let cached = match open(request, chosen, expectation, stop, events).await {
        Ok(opened) => read(request, client, chosen, expectation, opened, stop, events).await,
        Err(error) => Err(error),
    };
    match cached {
        Err(error) if error.id == ErrorId::Interrupted => Err(error),
        // Where no network may be asked, that is how an installation ends.
        Err(error) if request.fetch.offline => Err(error),
        other => Ok(other.ok()),
    }
}

async fn open(
    request: &Request,
    chosen: &Chosen,
    expectation: &Expectation,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Opened> {
    let options = fetch::Options {
        offline: true,
        ..request.fetch.clone()
    };
    stop.unless(fetch::open(
        &request.origin,
        &chosen.packages,
        expectation.accepted(),
        &options,
        &chosen.hint(),
        events,
    ))
    .await?
}

async fn read(
    request: &Request,
    client: &Client,
    chosen: &Chosen,
    expectation: &Expectation,
    mut opened: Opened,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Seen> {
    let unwritable = |error: std::io::Error| {
        Error::new(
            ErrorId::FileUnwritable,
            "look at the package",
            describe_io_error(&error),
            "set TMPDIR to a folder that this user may write",
        )
    };
    // What nothing vouches for is only read, as an installation does.
    let folder = match expectation {
        Expectation::Nothing => None,
        _ => Some(tempfile::tempdir().map_err(unwritable)?),
    };
    let into = folder.as_ref().map(|folder| folder.path().to_path_buf());
    let md5 = expectation.needs_md5();
    let streamed = loop {
        let into = into.clone();
        if let Some(streamed) = stream::through(&mut opened, into, true, md5, stop, events).await? {
            break streamed;
        }
    };
    let mut seen = Seen {
        place: opened.place.clone(),
        size: streamed.size,
        digest: None,
        checks: to_come(client, chosen),
        unpacked: None,
    };
    if *expectation == Expectation::Nothing {
        if let Some(refusal) = streamed.refusal(&seen.place) {
            return Err(refusal);
        }
        seen.digest = Some(streamed.sha256);
        return Ok(seen);
    }
    match expectation.judge(request, chosen, &seen.place, &streamed) {
        // Room for an installation may be elsewhere.
        Err(error) if error.id == ErrorId::FileUnwritable => return Ok(seen),
        Err(error) => return Err(error),
        Ok(_) if streamed.is_installer() => seen.checks = Checks::Installer,
        Ok(_) => {}
    }
    if let (Some(folder), Some(unpacked)) = (folder, &streamed.unpacked) {
        let parts = parts::of(request, client);
        let libraries = libraries::check(&seen.place, client, folder.path(), unpacked, parts)?;
        let Looked { glibc, stacks } = checks::look(client, folder.path(), unpacked)?;
        checks::judge_glibc(client, glibc.as_ref())?;
        seen.checks = Checks::Found(Found {
            libraries,
            glibc,
            executable_stack: stacks.into_iter().map(|stack| stack.file).collect(),
            could_be_asked: Platform::host() == Some(client.platform),
        });
        seen.unpacked = Some(Rehearsed { folder, streamed });
    }
    Ok(seen)
}
