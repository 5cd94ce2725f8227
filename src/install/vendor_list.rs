//! The vendor's list, fetched from the vendor. It verifies packages that the vendor itself serves, never those of a mirror.

use std::time::Duration;

use crate::catalog::{Clients, LARGEST_VENDOR_LIST, Listed, VendorList};
use crate::error::Result;
use crate::fetch::{self, Location, Origin};
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};

use super::chosen_package::ChosenPackage;

/// The time limit for the list. Without a list, the package is only read to compute its digest.
const LIMIT: Duration = Duration::from_secs(15);
/// The variable of a file that replaces the vendor's list in debug builds, for tests without a network.
#[cfg(debug_assertions)]
const SEAM: &str = "TAOS_SETUP_VENDOR_LIST";

/// Looks up `chosen` in the vendor's list. Nothing if the package does not come from the vendor, or if the list cannot be read,
/// which is reported to `events`.
pub(super) async fn look_up(
    origin: &Origin,
    options: &fetch::FetchOptions,
    chosen: &ChosenPackage,
    catalog: &Clients,
    events: &EventSink,
) -> Vec<Listed> {
    #[cfg(debug_assertions)]
    let is_replaced = std::env::var_os(SEAM).is_some();
    #[cfg(not(debug_assertions))]
    let is_replaced = false;
    if !is_replaced && (!from_the_vendor(origin) || options.offline) {
        return Vec::new();
    }
    listed(read(options, catalog, events).await, chosen, events)
}

/// The vendor's list; an error is a sentence about it.
pub async fn vendor_packages(
    options: &fetch::FetchOptions,
    events: &EventSink,
) -> std::result::Result<VendorList, Message> {
    let catalog = Clients::builtin().map_err(|error| error.observed)?;
    read(options, catalog, events).await
}

/// Fetches the list from the first of its addresses that has it.
async fn read(
    options: &fetch::FetchOptions,
    catalog: &Clients,
    events: &EventSink,
) -> std::result::Result<VendorList, Message> {
    #[cfg(debug_assertions)]
    if let Some(path) = std::env::var_os(SEAM) {
        let list = std::fs::read(path).map_err(|error| crate::error::describe_io_error(&error));
        return list.and_then(|bytes| VendorList::parse(&bytes));
    }
    let mut last = message!("install-vendor-list-unknown");
    for address in catalog.vendor_lists() {
        match tokio::time::timeout(LIMIT, fetched(address, options, events)).await {
            Ok(Ok(bytes)) => match VendorList::parse(&bytes) {
                Ok(list) => return Ok(list),
                Err(why) => last = why,
            },
            Ok(Err(error)) => last = error.observed,
            Err(_) => last = message!("install-vendor-list-late", seconds = LIMIT.as_secs()),
        }
    }
    Err(last)
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
    // There is one attempt: the user may know the package's digest.
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
    list: std::result::Result<VendorList, Message>,
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
            let note = message!("install-vendor-list-unread", why = why);
            events.emit(Event::note(note));
            Vec::new()
        }
    }
}
