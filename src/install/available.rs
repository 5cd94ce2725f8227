//! What can be installed: the catalog's releases, and how each can be trusted.

use std::fmt;

use serde::Serialize;

use crate::catalog::{Clients, Identity};
use crate::store::Client;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Edition, Version};

/// How a package can be trusted before anyone has seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// The catalog has its SHA-256.
    Digest,
    /// The vendor's own list has packages of its era, with size and MD5.
    VendorList,
    /// By `--sha256` or `--trust-on-first-use` alone.
    None,
}

impl fmt::Display for Trust {
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
pub struct Release {
    /// The version.
    pub version: Version,
    /// Community or Enterprise.
    pub edition: Edition,
    /// The platform.
    pub platform: Platform,
    /// How it can be trusted.
    pub trust: Trust,
    /// The name under which the vendor most likely publishes it.
    pub file: String,
    /// Whether it is in the store.
    pub installed: bool,
}

/// The releases that `catalog` knows for `platform`, the newest first, Community before Enterprise; those among
/// `installed` are marked.
pub fn available(catalog: &Clients, platform: Platform, installed: &[Client]) -> Vec<Release> {
    let mut releases: Vec<Release> = [Edition::Oss, Edition::Enterprise]
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

fn release(catalog: &Clients, identity: Identity, installed: &[Client]) -> Release {
    let Identity {
        edition,
        version,
        platform,
    } = identity;
    let trust = if !catalog.digests(identity).is_empty() {
        Trust::Digest
    } else if catalog.is_listed(identity) {
        Trust::VendorList
    } else {
        Trust::None
    };
    let mut packages = catalog.packages(identity).into_iter();
    Release {
        version,
        edition,
        platform,
        trust,
        file: packages
            .next()
            .map(|package| package.file)
            .unwrap_or_default(),
        installed: installed.iter().any(|client| {
            (client.edition, client.version, client.platform) == (edition, version, platform)
        }),
    }
}

#[cfg(test)]
mod tests;
