//! A company's own signed catalog beside the built-in one: add a package, sign, accept an update, compare with the vendor's list.

pub mod add;
pub mod check;
pub mod update;

use jiff::Timestamp;

use crate::catalog::{Clients, OwnCatalog};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::signature::{self, SignatureFault, TrustedKey};
use crate::store::Store;
use crate::system::events::{Event, EventSink};

/// The name of a catalog in its signature.
pub const CATALOG: &str = "catalog.toml";

/// Makes the catalog that this user accepted part of the built-in one, for the rest of this process. One that has expired is not used,
/// which is reported.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`; `signature-invalid` if the recorded signature does not fit.
pub fn load(store: &Store, events: &EventSink) -> Result<()> {
    let Some(accepted) = store.accepted_catalog()? else {
        return Ok(());
    };
    let invalid = |observed: Message| {
        Error::new(
            ErrorId::SignatureInvalid,
            message!("own-catalog-load"),
            observed,
            message!("own-catalog-load-next"),
        )
    };
    let keys: Vec<TrustedKey> = TrustedKey::parse(&accepted.key).into_iter().collect();
    let verified = signature::verify(
        accepted.catalog.as_bytes(),
        accepted.signature.as_bytes(),
        CATALOG,
        &keys,
        Timestamp::now(),
    );
    match verified {
        Ok(_) => {}
        Err(SignatureFault::Expired(instant)) => {
            events.emit(Event::note(message!(
                "own-catalog-expired",
                instant = instant
            )));
            return Ok(());
        }
        Err(fault) => return Err(invalid(fault.describe())),
    }
    let catalog = OwnCatalog::parse(accepted.catalog.as_bytes()).map_err(invalid)?;
    Clients::extend(&catalog)
}
