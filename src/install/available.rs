//! What can be installed: the catalog's releases, and how each can be trusted.

use std::fmt;

use serde::Serialize;

use super::mirror::{ClientQuery, Mirror, VersionQuery};
use crate::catalog::{Clients, Identity};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Origin};
use crate::store::Client;
use crate::system::events::EventSink;
use crate::system::runtime;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, Version};

/// How a package can be trusted before anyone has seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageTrust {
    /// The catalog has its SHA-256.
    Digest,
    /// The vendor's own list has packages of its era, with size and MD5.
    VendorList,
    /// By `--sha256` or `--trust-on-first-use` alone.
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
    /// How it can be trusted.
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
pub fn available(
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

/// The releases that the mirror `origin` has for `platform`, in the order of [`available`].
///
/// # Errors
/// Those of reading the mirror's directory, or of its answers, and `interrupted`.
pub fn on_mirror(
    origin: &Origin,
    options: &fetch::FetchOptions,
    platform: Platform,
    installed: &[Client],
    events: &EventSink,
) -> Result<Vec<AvailableRelease>> {
    let catalog = Clients::builtin()?;
    let Some(mirror) = Mirror::at(origin, options, catalog, events) else {
        return Ok(available(catalog, platform, installed));
    };
    let interrupted = || {
        let (tried, observed) = ("list the mirror", "it was interrupted");
        Error::new(ErrorId::Interrupted, tried, observed, "")
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
