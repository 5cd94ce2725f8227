//! `catalog sign` and `catalog update`: a catalog is signed by its author, and accepted by its users: only with a valid signature, before it
//! expires, and never an older one than before. These are the rules of TUF for one role.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, ToSpan};

use super::CATALOG;
use super::add::{interrupted, unparsable, unwritable};
use crate::catalog::{LARGEST_OWN_CATALOG, OwnCatalog};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{self, FetchOptions, Location, Origin, shown};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::signature::{self, LARGEST_SIGNATURE, SignatureFault, SigningKey, TrustedKey};
use crate::store::{AcceptedCatalog, Store};
use crate::system::events::EventSink;
use crate::system::runtime;
use crate::system::{atomic_file, files};

/// The ending of a signature's name.
const SIGNATURE_ENDING: &str = ".minisig";

/// A catalog that was signed or accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCatalogVersion {
    /// The catalog's place, safe to show.
    pub place: String,
    /// Its version.
    pub version: u64,
    /// The instant from which on it is not accepted.
    pub expires: Timestamp,
    /// The number of releases.
    pub releases: usize,
    /// The number of packages with digests.
    pub packages: usize,
    /// Whether something changed.
    pub is_new: bool,
}

/// Signs the catalog in `path`, which is named `catalog.toml` in its signature whatever its file is called. The version is the time.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`, `file-unwritable`.
pub fn sign(path: &Path, key: &SigningKey, expires_days: u32) -> Result<OwnCatalogVersion> {
    let bytes = files::read_named(path, LARGEST_OWN_CATALOG as u64).map_err(|error| {
        Error::new(
            ErrorId::FileUnreadable,
            message!("own-catalog-read", path = printable_path(path)),
            describe_io_error(&error),
            Message::default(),
        )
    })?;
    let catalog = OwnCatalog::parse(&bytes).map_err(|why| unparsable(path, why))?;
    let failed = |observed: String| {
        Error::new(
            ErrorId::Unexpected,
            message!("own-catalog-sign"),
            Message::quoted(observed),
            Message::default(),
        )
    };
    let now = Timestamp::now();
    let expires = now
        .checked_add((i64::from(expires_days) * 24).hours())
        .and_then(|it| Timestamp::from_second(it.as_second()))
        .map_err(|error| failed(error.to_string()))?;
    let version = u64::try_from(now.as_second()).unwrap_or_default();
    let signature = key
        .sign(&bytes, CATALOG, version, expires)
        .map_err(failed)?;
    let mut place = path.as_os_str().to_owned();
    place.push(SIGNATURE_ENDING);
    let place = PathBuf::from(place);
    atomic_file::write(&place, signature.as_bytes()).map_err(|error| unwritable(&place, &error))?;
    Ok(described(
        printable_path(&place),
        &catalog,
        version,
        expires,
        true,
    ))
}

fn described(
    place: String,
    catalog: &OwnCatalog,
    version: u64,
    expires: Timestamp,
    is_new: bool,
) -> OwnCatalogVersion {
    OwnCatalogVersion {
        place,
        version,
        expires,
        releases: catalog.releases().count(),
        packages: catalog.digests().count(),
        is_new,
    }
}

/// A catalog to accept.
#[derive(Clone, Debug)]
pub struct CatalogUpdateRequest {
    /// The catalog: an address, a file, or a directory that has `catalog.toml`. Its signature is next to it.
    pub location: Location,
    /// The keys of which one must have signed it; without them the one of the catalog that was accepted before.
    pub trust_keys: Vec<TrustedKey>,
    /// How it is fetched.
    pub fetch: FetchOptions,
}

/// Accepts a catalog: from then on it adds to the built-in one.
///
/// # Errors
/// `usage` if no key is known; `signature-invalid`; `file-unparsable`; those of a download.
pub fn update(
    request: &CatalogUpdateRequest,
    store: &Store,
    events: &EventSink,
) -> Result<OwnCatalogVersion> {
    let before = store.accepted_catalog()?;
    let keys = match (&request.trust_keys, &before) {
        (keys, _) if !keys.is_empty() => keys.clone(),
        (_, Some(before)) => TrustedKey::parse(&before.key).into_iter().collect(),
        (_, None) => {
            return Err(Error::new(
                ErrorId::Usage,
                message!("own-catalog-update"),
                message!("own-catalog-no-key"),
                message!("own-catalog-no-key-next"),
            ));
        }
    };
    let (list, signature, place) = runtime::run(interrupted, async |stop| {
        let (catalog, signature, place) = places(&request.location);
        let options = &request.fetch;
        let reading = fetch::read_small(&catalog, options, LARGEST_OWN_CATALOG, events);
        let list = stop.unless(reading).await??;
        let reading = fetch::read_small(&signature, options, LARGEST_SIGNATURE, events);
        let signature = stop.unless(reading).await??;
        Ok((list, signature, place))
    })?;
    let invalid = |fault: SignatureFault| {
        Error::new(
            ErrorId::SignatureInvalid,
            message!("signature-verify", place = place),
            fault.describe(),
            message!("own-catalog-invalid-next"),
        )
    };
    let list = list.ok_or_else(|| invalid(SignatureFault::ListMissing))?;
    let signature = signature.ok_or_else(|| invalid(SignatureFault::SignatureMissing))?;
    let verified = signature::verify(&list, &signature, CATALOG, &keys, Timestamp::now());
    let verified = verified.map_err(invalid)?;
    let catalog = OwnCatalog::parse(&list).map_err(|why| unparsable(Path::new(&place), why))?;
    let lock = store.lock("catalog update", events)?;
    let accepted = store.accepted_lists()?;
    accepted.check(&verified).map_err(invalid)?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
    let record = AcceptedCatalog {
        schema: 1,
        key: verified.key.clone(),
        signature: text(signature),
        catalog: text(list),
    };
    let is_new = before.as_ref() != Some(&record);
    if is_new {
        lock.accept_list(&verified)?;
        lock.record_catalog(&record)?;
    }
    Ok(described(
        place,
        &catalog,
        verified.version,
        verified.expires,
        is_new,
    ))
}

/// The places of a catalog and its signature, and the first as it may be shown.
fn places(location: &Location) -> (Origin, Origin, String) {
    match location {
        Location::Address(url) => {
            let mut signature = url.clone();
            signature.set_path(&format!("{}{SIGNATURE_ENDING}", url.path()));
            (
                Origin::Address(url.clone()),
                Origin::Address(signature),
                shown(url),
            )
        }
        Location::Path(path) => {
            let path = match path.is_dir() {
                true => path.join(CATALOG),
                false => path.clone(),
            };
            let mut signature = path.as_os_str().to_owned();
            signature.push(SIGNATURE_ENDING);
            let place = printable_path(&path);
            (Origin::File(path), Origin::File(signature.into()), place)
        }
    }
}
