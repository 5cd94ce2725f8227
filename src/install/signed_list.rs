//! A signed list of digests next to the packages of a mirror: `SHA256SUMS` and `SHA256SUMS.minisig` (docs/signatures.md).

use std::path::Path;

use jiff::Timestamp;
use url::Url;

use super::InstallRequest;
use super::chosen_package::ChosenPackage;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Origin};
use crate::message::message;
use crate::signature::{
    self, AcceptedLists, Checksums, LARGEST_LIST, LARGEST_SIGNATURE, SignatureFault, SignedList,
};
use crate::system::events::{Event, EventSink};
use crate::tdengine::digest::Sha256;

/// The name of a list.
const LIST: &str = "SHA256SUMS";
/// The name of its signature.
const SIGNATURE: &str = "SHA256SUMS.minisig";

/// The digests that a valid list gives for a package.
#[derive(Debug)]
pub(super) struct SignedDigests {
    /// The list, to be recorded as accepted.
    pub(super) list: SignedList,
    /// The digests; empty if the list does not name the package.
    pub(super) digests: Vec<Sha256>,
}

/// Fetches and verifies the list that is next to the packages of `request`, if keys are trusted. `accepted` are the lists that were
/// accepted before.
///
/// # Errors
/// `usage` if packages come from the vendor, who publishes no such list; `signature-invalid`; the errors of fetching.
pub(super) async fn look_up(
    request: &InstallRequest,
    chosen: &ChosenPackage,
    accepted: &AcceptedLists,
    events: &EventSink,
) -> Result<Option<SignedDigests>> {
    if request.trust_keys.is_empty() {
        return Ok(None);
    }
    let list_origin = next_to(&request.origin, LIST)?;
    let place = fetch::addresses(&list_origin, &[])?.concat();
    let invalid = |fault: SignatureFault| {
        Error::new(
            ErrorId::SignatureInvalid,
            message!("signature-verify", place = place),
            fault.describe(),
            message!("signature-next"),
        )
    };
    let options = &request.fetch;
    let list = fetch::read_small(&list_origin, options, LARGEST_LIST, events)
        .await?
        .ok_or_else(|| invalid(SignatureFault::ListMissing))?;
    let signature_origin = next_to(&request.origin, SIGNATURE)?;
    let signature = fetch::read_small(&signature_origin, options, LARGEST_SIGNATURE, events)
        .await?
        .ok_or_else(|| invalid(SignatureFault::SignatureMissing))?;
    let verified = signature::verify(
        &list,
        &signature,
        LIST,
        &request.trust_keys,
        Timestamp::now(),
    )
    .map_err(invalid)?;
    accepted.check(&verified).map_err(invalid)?;
    let sums = Checksums::parse(&list).map_err(invalid)?;
    let mut digests: Vec<Sha256> = chosen
        .published_names()
        .iter()
        .flat_map(|name| sums.of(name))
        .collect();
    digests.dedup();
    let names = chosen.published_names().join(", ");
    events.emit(Event::detail(message!(
        "install-signed-list",
        place = place,
        version = verified.version,
        count = digests.len(),
        names = names
    )));
    Ok(Some(SignedDigests {
        list: verified,
        digests,
    }))
}

/// The file `name` next to the packages of `origin`.
fn next_to(origin: &Origin, name: &str) -> Result<Origin> {
    Ok(match origin {
        Origin::Vendor => {
            return Err(Error::new(
                ErrorId::Usage,
                message!("signature-use"),
                message!("signature-vendor"),
                message!("signature-vendor-next"),
            ));
        }
        Origin::Folder(directory) => Origin::File(directory.join(name)),
        Origin::File(path) => Origin::File(path.parent().unwrap_or(Path::new("")).join(name)),
        Origin::Mirror(base) => Origin::Address(below(base, name)),
        Origin::Address(url) => Origin::Address(sibling(url, name)),
    })
}

fn below(base: &Url, name: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(name);
    }
    url
}

fn sibling(url: &Url, name: &str) -> Url {
    let mut url = url.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop().push(name);
    }
    url
}
