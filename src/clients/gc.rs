//! The use case of `gc`: leftovers of interrupted commands, and downloaded packages.

use crate::error::Result;
use crate::store::{Leftover, Store};
use crate::system::events::EventSink;

/// The result of `gc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GcOutcome {
    /// Everything that was removed, or would be.
    pub leftovers: Vec<Leftover>,
    /// Nothing was changed.
    pub dry_run: bool,
    /// False if another process is changing the store, so that a dry run cannot say what is left over.
    pub is_idle: bool,
}

/// Removes the leftovers of `store`, or lists them if `dry_run`.
///
/// # Errors
/// `file-unreadable`, `file-unparsable`, `file-unwritable`, `store-busy`.
pub fn gc(store: &Store, dry_run: bool, events: &EventSink) -> Result<GcOutcome> {
    let (leftovers, is_idle) = match dry_run {
        true => store.leftovers()?,
        false => (store.collect(events)?, true),
    };
    Ok(GcOutcome {
        leftovers,
        dry_run,
        is_idle,
    })
}
