//! Finds the exact packages of a client for a lock: their names and digests, and how each digest is known. A package is read only if
//! nothing on this machine knows its digest.

use super::chosen_package::{self, ChosenPackage};
use super::expectation::Expectation;
use super::stream;
use super::{InstallRequest, expect, interrupted, matching, selection};
use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Origin};
use crate::lock::LockedPackage;
use crate::message::message;
use crate::store::{Client, Store, Verified};
use crate::system::events::EventSink;
use crate::system::interrupts::Interrupts;
use crate::system::runtime;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;
use crate::verify::Server;

/// The client that is wanted.
#[derive(Clone, Debug)]
pub enum WantedClient {
    /// This version, or the newest that the request admits.
    Version(Request),
    /// The one that matches this server.
    Server(Server),
}

/// Finds the packages of the client `wanted` for each of `platforms`. `request` says where from, and what is trusted; its version and
/// platform are ignored. `known` are packages whose digests are taken as they are.
///
/// # Errors
/// Those of choosing and downloading packages; `digest-unknown` if no digest is known, with the computed one.
pub fn survey(
    request: &InstallRequest,
    wanted: &WantedClient,
    platforms: &[Platform],
    known: &[LockedPackage],
    store: &Store,
    events: &EventSink,
) -> Result<Vec<LockedPackage>> {
    runtime::run_with_workers(2, interrupted, async |stop| {
        let mut found = Vec::new();
        for platform in platforms {
            let request = InstallRequest {
                platform: Some(*platform),
                ..request.clone()
            };
            found.extend(survey_platform(request, wanted, known, store, stop, events).await?);
        }
        Ok(found)
    })
}

async fn survey_platform(
    mut request: InstallRequest,
    wanted: &WantedClient,
    known: &[LockedPackage],
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Vec<LockedPackage>> {
    let catalog = Clients::builtin()?;
    let platform = chosen_package::platform(request.platform, catalog)?;
    let selection = match wanted {
        WantedClient::Version(version) => {
            request.version = Some(version.clone());
            let selecting = selection::for_version(&request, catalog, events);
            stop.unless(selecting).await??
        }
        WantedClient::Server(server) => {
            let server = server.clone();
            let selecting = matching::select(&request, server, catalog, platform, events);
            stop.unless(selecting).await??
        }
    };
    let request = &selection.request;
    let chosen = chosen_package::choose(request, &selection.located, catalog)?;
    let identity = chosen.identity;
    let is_same = |package: &&LockedPackage| {
        (package.platform, package.version, package.edition)
            == (identity.platform, identity.version, identity.edition)
    };
    let same: Vec<_> = known.iter().filter(is_same).cloned().collect();
    if !same.is_empty() {
        return Ok(same);
    }
    if let Some(known) = known_here(request, &chosen, store, catalog) {
        return Ok(known);
    }
    // The digests that the user gives are of some platform; the others are known as without them.
    let without_given = InstallRequest {
        sha256: Vec::new(),
        ..request.clone()
    };
    let expectation = expect(&without_given, store, &chosen, None, stop, events).await?;
    match &expectation {
        Expectation::Known { accepted, verified } => {
            let digests = accepted.iter();
            Ok(digests
                .map(|sha256| {
                    locked(
                        request,
                        &chosen,
                        chosen.trust_name.clone(),
                        *sha256,
                        *verified,
                    )
                })
                .collect())
        }
        Expectation::Listed(_) | Expectation::FirstUse | Expectation::Nothing => {
            let package = read(request, &chosen, &expectation, stop, events).await?;
            Ok(vec![package])
        }
    }
}

/// What the catalog, or the receipt of an installed client, knows: the catalog knows every name of a package.
fn known_here(
    request: &InstallRequest,
    chosen: &ChosenPackage,
    store: &Store,
    catalog: &Clients,
) -> Option<Vec<LockedPackage>> {
    if !request.trust_keys.is_empty() {
        return None;
    }
    let mut known: Vec<LockedPackage> = Vec::new();
    for package in catalog.packages(chosen.identity) {
        for sha256 in catalog.digests_of_file(&package.file) {
            let file = package.file.clone();
            known.push(locked(request, chosen, file, sha256, Verified::Catalog));
        }
    }
    if !known.is_empty() {
        return Some(known);
    }
    let identity = chosen.identity;
    let client = Client::new(store, identity.edition, identity.version, identity.platform);
    let receipt = client.receipt().ok().filter(|it| it.is_of(&client))?;
    let names = catalog.spellings(identity);
    let is_full = names.iter().any(|name| name.file == receipt.source);
    if !is_full || receipt.verified == Verified::LockFile {
        return None;
    }
    let package = locked(
        request,
        chosen,
        receipt.source,
        receipt.sha256,
        receipt.verified,
    );
    Some(vec![LockedPackage {
        size: Some(receipt.size),
        ..package
    }])
}

/// The package called `file`, with the size of the file in the cache, if it is there.
fn locked(
    request: &InstallRequest,
    chosen: &ChosenPackage,
    file: String,
    sha256: Sha256,
    known: Verified,
) -> LockedPackage {
    let cached = request.fetch.cache.find(&[sha256]);
    LockedPackage {
        platform: chosen.identity.platform,
        version: chosen.identity.version,
        edition: chosen.identity.edition,
        file,
        size: cached
            .and_then(|path| path.metadata().ok())
            .map(|found| found.len()),
        sha256,
        known,
    }
}

/// Reads the package to its end, verifies it, and keeps it in the cache.
async fn read(
    request: &InstallRequest,
    chosen: &ChosenPackage,
    expectation: &Expectation,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<LockedPackage> {
    let hint = chosen.hint();
    // What was computed, and is given now, was kept.
    let names = chosen.packages.iter().map(|it| it.file.as_str());
    let kept = request.fetch.cache.find_named(&request.sha256, names);
    let origin = kept.map_or_else(|| request.origin.clone(), Origin::File);
    let opening = fetch::open(
        &origin,
        &chosen.packages,
        expectation.accepted(),
        &request.fetch,
        &hint,
        events,
    );
    let mut opened = stop.unless(opening).await??;
    let streamed = loop {
        let with_md5 = expectation.needs_md5();
        let reading = stream::through(&mut opened, None, true, with_md5, stop, events).await?;
        if let Some(streamed) = reading {
            break streamed;
        }
    };
    let given = Expectation::Known {
        accepted: request.sha256.clone(),
        verified: Verified::Given,
    };
    let expectation = match request.sha256.contains(&streamed.sha256) {
        true => &given,
        false => expectation,
    };
    let known = match expectation.judge(request, chosen, &opened.place, &streamed) {
        Ok(known) => known,
        Err(error) if error.id == ErrorId::DigestUnknown => {
            let place = opened.place.clone();
            let _ = opened.keep(&streamed.sha256);
            return Err(Error {
                tried: message!("lock-package-tried", place = place),
                next: message!(
                    "lock-digest-unknown-next",
                    options = chosen_package::origin_options(request),
                    sha256 = streamed.sha256
                ),
                ..error
            });
        }
        Err(error) => {
            opened.discard();
            return Err(error);
        }
    };
    let package = LockedPackage {
        size: Some(streamed.size),
        ..locked(
            request,
            chosen,
            chosen.source_name(&opened.file),
            streamed.sha256,
            known,
        )
    };
    let _ = opened.keep(&streamed.sha256);
    Ok(package)
}
