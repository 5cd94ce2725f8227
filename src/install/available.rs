//! Lists the releases that can be installed, and how each can be verified.

use std::fmt;

use serde::Serialize;

use super::mirror::{ClientQuery, Mirror, VersionQuery};
use crate::catalog::{Clients, Identity};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, FetchOptions, Origin};
use crate::message::{Message, message};
use crate::store::{Client, Store};
use crate::system::events::EventSink;
use crate::system::runtime;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, Version};

/// The way in which a package can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageTrust {
    /// The catalog has its SHA-256.
    Digest,
    /// The vendor's own list has packages of its era, with size and MD5.
    VendorList,
    /// Only by `--sha256` or `--trust-on-first-use`.
    None,
}

impl fmt::Display for PackageTrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digest => "digest",
            Self::VendorList => "vendor-list",
            Self::None => "none",
        })
    }
}

/// A release of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableRelease {
    /// The version.
    pub version: Version,
    /// Community or Enterprise.
    pub edition: Edition,
    /// The platform.
    pub platform: Platform,
    /// The way in which it can be verified.
    pub trust: PackageTrust,
    /// The name under which the vendor most likely publishes it; of a mirror's, its path there.
    pub file: String,
    /// Whether it is in the store.
    pub installed: bool,
    /// Whether the catalog has it.
    pub known: bool,
}

/// The releases that `catalog` knows for `platform`, the newest first, Community before Enterprise; those among
/// `installed` are marked.
fn in_catalog(
    catalog: &Clients,
    platform: Platform,
    installed: &[Client],
) -> Vec<AvailableRelease> {
    let mut releases: Vec<AvailableRelease> = [Edition::Oss, Edition::Enterprise]
        .into_iter()
        .flat_map(|edition| {
            let versions = catalog.published(edition, platform).into_iter();
            versions.map(move |version| Identity {
                edition,
                version,
                platform,
            })
        })
        .map(|identity| release(catalog, identity, installed))
        .collect();
    releases.sort_by(|a, b| b.version.cmp(&a.version).then(a.edition.cmp(&b.edition)));
    releases
}

/// The clients to list.
#[derive(Clone, Debug)]
pub struct AvailableRequest {
    /// The platform; this machine's if omitted.
    pub platform: Option<Platform>,
    /// The mirror; the vendor stands for the built-in catalog.
    pub origin: Origin,
    /// Allow plain http to a mirror on another machine.
    pub allow_insecure_http: bool,
}

/// The clients that can be installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableClients {
    /// The releases, the newest first, Community before Enterprise.
    pub releases: Vec<AvailableRelease>,
    /// Their platform.
    pub platform: Platform,
    /// The mirror that has them, safe to show; `None` for the built-in catalog.
    pub mirror: Option<String>,
}

/// Lists the clients that the catalog or a mirror has, those of `store` marked.
///
/// # Errors
/// `platform-unsupported`; those of reading the store, the mirror's directory, or its answers; `interrupted`.
pub fn available(
    request: &AvailableRequest,
    store: &Store,
    events: &EventSink,
) -> Result<AvailableClients> {
    let platform = request.platform.or(Platform::host()).ok_or_else(|| {
        Error::new(
            ErrorId::PlatformUnsupported,
            message!("list-platform-tried"),
            message!("install-machine-unsupported"),
            message!("list-platform-next"),
        )
    })?;
    let options =
        FetchOptions::from_environment(store.downloads_dir(), false, request.allow_insecure_http)?;
    let installed = store.installed()?;
    let releases = on_mirror(&request.origin, &options, platform, &installed, events)?;
    let mirror = match &request.origin {
        Origin::Vendor | Origin::File(_) | Origin::Address(_) => None,
        Origin::Mirror(url) => Some(fetch::shown(url)),
        Origin::Folder(path) => Some(path.display().to_string()),
    };
    Ok(AvailableClients {
        releases,
        platform,
        mirror,
    })
}

/// The releases that the mirror `origin` has for `platform`, in the order of [`in_catalog`].
///
/// # Errors
/// Those of reading the mirror's directory, or of its answers, and `interrupted`.
fn on_mirror(
    origin: &Origin,
    options: &FetchOptions,
    platform: Platform,
    installed: &[Client],
    events: &EventSink,
) -> Result<Vec<AvailableRelease>> {
    let catalog = Clients::builtin()?;
    let Some(mirror) = Mirror::at(origin, options, catalog, events) else {
        return Ok(in_catalog(catalog, platform, installed));
    };
    let interrupted = || {
        Error::new(
            ErrorId::Interrupted,
            message!("install-list-tried"),
            message!("install-list-interrupted"),
            Message::default(),
        )
    };
    let query = ClientQuery {
        editions: &[Edition::Oss, Edition::Enterprise],
        platform,
        versions: VersionQuery::All,
        newest_only: false,
    };
    let found = runtime::run(interrupted, async |interrupts| {
        interrupts.unless(mirror.find(&query)).await?
    })?;
    let mut releases: Vec<AvailableRelease> = Vec::new();
    for package in found {
        let mut release = AvailableRelease {
            file: package.path.clone(),
            ..release(catalog, package.identity(), installed)
        };
        if release.trust == PackageTrust::VendorList {
            // The vendor's list verifies what the vendor serves.
            release.trust = PackageTrust::None;
        }
        let is_same = |known: &AvailableRelease| {
            (known.version, known.edition) == (release.version, release.edition)
        };
        if !releases.iter().any(is_same) {
            releases.push(release);
        }
    }
    Ok(releases)
}

fn release(catalog: &Clients, identity: Identity, installed: &[Client]) -> AvailableRelease {
    let Identity {
        edition,
        version,
        platform,
    } = identity;
    let trust = if !catalog.digests(identity).is_empty() {
        PackageTrust::Digest
    } else if catalog.is_listed(identity) {
        PackageTrust::VendorList
    } else {
        PackageTrust::None
    };
    let mut packages = catalog.packages(identity).into_iter();
    AvailableRelease {
        version,
        edition,
        platform,
        trust,
        file: packages
            .next()
            .map(|package| package.file)
            .unwrap_or_default(),
        known: catalog.published(edition, platform).contains(&version),
        installed: installed.iter().any(|client| {
            (client.edition, client.version, client.platform) == (edition, version, platform)
        }),
    }
}

#[cfg(test)]
mod tests;
