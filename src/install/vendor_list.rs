//! The vendor's list, fetched from the vendor. It vouches for what the vendor itself serves, never for a mirror.

use std::time::Duration;

use crate::catalog::{Clients, LARGEST_VENDOR_LIST, Listed, VendorList};
use crate::error::Result;
use crate::fetch::{self, Location, Origin};
use crate::system::events::{Event, EventSink};

use super::choose::ChosenPackage;

/// How long the list may take: without it the package is only read for its digest.
const LIMIT: Duration = Duration::from_secs(15);
/// In debug builds alone: a file that is the vendor's list, for tests without a network.
#[cfg(debug_assertions)]
const SEAM: &str = "TAOS_SETUP_VENDOR_LIST";

/// What the vendor lists for `chosen`; nothing where the package does not come from the vendor, or the list cannot be read,
/// which is told to `events`.
pub(super) async fn look_up(
    origin: &Origin,
    options: &fetch::FetchOptions,
    chosen: &ChosenPackage,
    catalog: &Clients,
    events: &EventSink,
) -> Vec<Listed> {
    #[cfg(debug_assertions)]
    if let Some(path) = std::env::var_os(SEAM) {
        let list = std::fs::read(path)
            .map_err(|error| crate::error::describe_io_error(&error).to_string());
        return listed(
            list.and_then(|bytes| VendorList::parse(&bytes)),
            chosen,
            events,
        );
    }
    if !from_the_vendor(origin) || options.offline {
        return Vec::new();
    }
    let mut last = "the catalog names none".to_owned();
    for address in catalog.vendor_lists() {
        match tokio::time::timeout(LIMIT, fetched(address, options, events)).await {
            Ok(Ok(bytes)) => match VendorList::parse(&bytes) {
                Ok(list) => return listed(Ok(list), chosen, events),
                Err(why) => last = why,
            },
            Ok(Err(error)) => last = error.observed.to_string(),
            Err(_) => last = format!("it did not come within {} s", LIMIT.as_secs()),
        }
    }
    listed(Err(last), chosen, events)
}

/// Whether `origin` is the vendor. An address that a user gives is not, whatever host it names: it may redirect.
fn from_the_vendor(origin: &Origin) -> bool {
    *origin == Origin::Vendor
}

async fn fetched(
    address: &str,
    options: &fetch::FetchOptions,
    events: &EventSink,
) -> Result<Vec<u8>> {
    let origin = match fetch::parse_location(address, false)? {
        Location::Address(url) => Origin::Address(url),
        Location::Path(path) => Origin::File(path),
    };
    // What one try does not give is done without: the package may have a digest that the user knows.
    let limits = fetch::DownloadLimits {
        retries: 0,
        ..options.limits.clone()
    };
    let options = fetch::FetchOptions {
        limits,
        ..options.clone()
    };
    let bytes = fetch::read_small(&origin, &options, LARGEST_VENDOR_LIST, events).await?;
    Ok(bytes.unwrap_or_default())
}

fn listed(
    list: std::result::Result<VendorList, String>,
    chosen: &ChosenPackage,
    events: &EventSink,
) -> Vec<Listed> {
    match list {
        Ok(list) => {
            let files = chosen.published_names();
            let found = files.iter().flat_map(|file| list.of(file)).copied();
            found.collect()
        }
        Err(why) => {
            let why = crate::safety::printable::printable(&why);
            events.emit(Event::note(format!(
                "the vendor's list of packages was not read: {why}"
            )));
            Vec::new()
        }
    }
}
