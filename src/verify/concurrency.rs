//! Many targets at once: bounded, so that none of them is judged by this machine's own haste.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::probe::answer_budget;

/// So many targets begin at the same time.
const AT_ONCE: usize = 64;
/// A target that takes longer than this is being waited for: its place goes to the next.
const PATIENCE: Duration = Duration::from_millis(250);
/// So many are under way at most, waited for or not.
const MOST: usize = 400;
/// Files that a target may hold open at a time: a connection for each address and transport, and the driver's pipes.
#[cfg(unix)]
const FILES: u64 = 8;

/// The slots of a run.
#[derive(Clone, Debug)]
pub struct Slots {
    beginning: Arc<Semaphore>,
    /// How many targets may be under way.
    pub most: usize,
}

impl Slots {
    /// Slots for `count` targets, as far as this process may hold files open.
    pub fn new(count: usize) -> Self {
        let most = count.clamp(1, MOST.min(files(count)));
        answer_budget::share_among(most);
        Self {
            beginning: Arc::new(Semaphore::new(AT_ONCE.min(most))),
            most,
        }
    }

    /// Does `work` when there is a place for it.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        // It is never closed: waiting cannot fail.
        let place = self.beginning.acquire().await;
        let mut work = std::pin::pin!(work);
        match tokio::time::timeout(PATIENCE, work.as_mut()).await {
            Ok(done) => done,
            Err(_) => {
                drop(place);
                work.await
            }
        }
    }
}

/// How many targets may be under way by the files that this process may open; where that is few, it asks for more.
#[cfg(unix)]
fn files(count: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = u64::try_from(count.min(MOST)).unwrap_or(u64::MAX) * FILES + 64;
    let limit = getrlimit(Resource::Nofile);
    let soft = limit.current.unwrap_or(u64::MAX);
    let raised = wanted.min(limit.maximum.unwrap_or(u64::MAX));
    let granted = if raised > soft {
        let raised = Rlimit {
            current: Some(raised),
            maximum: limit.maximum,
        };
        match setrlimit(Resource::Nofile, raised) {
            Ok(()) => raised.current.unwrap_or(soft),
            Err(_) => soft,
        }
    } else {
        soft
    };
    usize::try_from(granted.saturating_sub(64) / FILES).map_or(MOST, |most| most.max(4))
}

/// Windows counts no files.
#[cfg(not(unix))]
const fn files(_count: usize) -> usize {
    MOST
}

#[cfg(test)]
mod tests;
