//! `catalog check`: compares the catalogs with the vendor's own list.

use std::collections::BTreeSet;

use crate::catalog::{Clients, VendorList};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::FetchOptions;
use crate::install::vendor_packages;
use crate::message::message;
use crate::own_catalog::add::interrupted;
use crate::system::events::EventSink;
use crate::system::runtime;

/// How the catalogs and the vendor's list differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogCheck {
    /// The number of client packages in the list.
    pub listed: usize,
    /// Client packages of the list whose release no catalog has.
    pub unknown: Vec<String>,
    /// Client packages of the list for which no catalog has a SHA-256.
    pub without_digest: Vec<String>,
    /// Packages with a SHA-256 in a catalog that the list would have and does not.
    pub unlisted: Vec<String>,
}

/// Fetches the vendor's list and compares.
///
/// # Errors
/// `download-failed` if it cannot be read.
pub fn check(fetch: &FetchOptions, events: &EventSink) -> Result<CatalogCheck> {
    let list = runtime::run(interrupted, async |stop| {
        stop.unless(vendor_packages(fetch, events)).await
    })?;
    let list = list.map_err(|why| {
        Error::new(
            ErrorId::DownloadFailed,
            message!("own-catalog-check"),
            why,
            message!("own-catalog-check-next"),
        )
    })?;
    Ok(compare(&list, Clients::builtin()?))
}

fn compare(list: &VendorList, clients: &Clients) -> CatalogCheck {
    let mut check = CatalogCheck::default();
    let mut seen = BTreeSet::new();
    for file in list.files() {
        let Some(identity) = clients.identify_full(file) else {
            continue;
        };
        seen.insert(file);
        check.listed += 1;
        let published = clients.published(identity.edition, identity.platform);
        if !published.contains(&identity.version) {
            check.unknown.push(file.to_owned());
        }
        if clients.digests_of_file(file).is_empty() {
            check.without_digest.push(file.to_owned());
        }
    }
    for file in clients.files_with_digests() {
        let is_listed = clients
            .identify_full(file)
            .is_some_and(|identity| clients.is_listed(identity));
        if is_listed && !seen.contains(file) {
            check.unlisted.push(file.to_owned());
        }
    }
    check
}

#[cfg(test)]
mod tests;
