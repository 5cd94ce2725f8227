//! Waiting for the store's lock.

use std::time::{Duration, Instant};

use super::stop::Stop;
use crate::error::Result;
use crate::events::{Event, EventSink};
use crate::store::{Lock, Store};

/// How often a lock that another process holds is tried again.
const AGAIN: Duration = Duration::from_millis(100);
/// After so long the user is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes the lock of `store`, waiting for another taos-setup to finish.
pub(super) async fn take(store: &Store, stop: &mut Stop, events: &EventSink) -> Result<Lock> {
    let since = Instant::now();
    let mut told = false;
    loop {
        if let Some(lock) = store.try_lock()? {
            return Ok(lock);
        }
        if !told && since.elapsed() >= PATIENCE {
            told = true;
            events.emit(Event::Note(format!(
                "another taos-setup is changing {}; waiting for it",
                store.home().display()
            )));
        }
        stop.unless(tokio::time::sleep(AGAIN)).await?;
    }
}
