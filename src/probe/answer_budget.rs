//! Bounds what an answer of a server may cost: memory, counted after decoding, and time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The memory that one answer may take once it is decoded, in bytes. A check needs a few KiB; a list of 20,000 databases
/// takes 3 MiB.
pub const ANSWER_MEMORY: usize = 8 * 1024 * 1024;
/// The memory that all answers of a run may take at the same time.
const RUN_MEMORY: usize = 40 * 1024 * 1024;
/// The largest bodies and messages that are read, in bytes: of a run with one target, and of one with many.
const ANSWER_BYTES: [usize; 2] = [1024 * 1024, 64 * 1024];

/// The memory that the answers of this run take at present.
static TAKEN: AtomicUsize = AtomicUsize::new(0);
/// The largest body or message that is read at present.
static MOST_BYTES: AtomicUsize = AtomicUsize::new(ANSWER_BYTES[0]);

/// Divides the memory for bodies and messages among `targets` that are asked at the same time.
pub fn share_among(targets: usize) {
    let [most, least] = ANSWER_BYTES;
    let each = (RUN_MEMORY / targets.max(1)).clamp(least, most);
    MOST_BYTES.store(each, Ordering::Relaxed);
}

/// Returns the largest body or message that is read, in bytes.
pub fn most_bytes() -> usize {
    MOST_BYTES.load(Ordering::Relaxed)
}

/// The memory and time that are left for one answer, however many messages it comes in.
#[derive(Debug)]
pub struct AnswerBudget {
    taken: usize,
    deadline: Instant,
}

/// The part of a budget that is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverBudget {
    /// The answer would take more than [`ANSWER_MEMORY`], or all answers more than a run may take.
    Memory,
    /// The deadline passed while the answer was decoded.
    Time,
}

impl AnswerBudget {
    /// A whole budget, whose time ends after `limit`.
    pub fn new(limit: Duration) -> Self {
        Self {
            taken: 0,
            deadline: Instant::now() + limit,
        }
    }

    /// The time that is left.
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Takes `bytes` of memory before they are allocated.
    ///
    /// # Errors
    /// [`OverBudget`] if the memory or the time is used up.
    pub fn take(&mut self, bytes: usize) -> Result<(), OverBudget> {
        let taken = self.taken.saturating_add(bytes);
        if taken > ANSWER_MEMORY || TAKEN.load(Ordering::Relaxed).saturating_add(bytes) > RUN_MEMORY
        {
            return Err(OverBudget::Memory);
        }
        self.taken = taken;
        TAKEN.fetch_add(bytes, Ordering::Relaxed);
        if Instant::now() > self.deadline {
            return Err(OverBudget::Time);
        }
        Ok(())
    }
}

impl Drop for AnswerBudget {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.taken, Ordering::Relaxed);
    }
}
