//! Waiting for the store's lock, until the user asks to stop.

use crate::error::Result;
use crate::store::{Attempt, Lock, Store, Waiting};
use crate::system::events::EventSink;
use crate::system::interrupts::Interrupts;

/// Takes the lock of `store`, waiting for another taos-setup to finish.
pub(super) async fn take(store: &Store, stop: &mut Interrupts, events: &EventSink) -> Result<Lock> {
    let mut waiting = Waiting::new(store, "install", events)?;
    loop {
        match waiting.attempt()? {
            Attempt::Locked(lock) => return Ok(lock),
            Attempt::Again(pause) => stop.unless(tokio::time::sleep(pause)).await?,
        }
    }
}
