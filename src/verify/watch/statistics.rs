//! Outages of a watch, of constant size however long it takes.

use std::time::Duration;

/// Times in which a transport did not work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutageCount {
    /// How many.
    pub count: u64,
    /// Together.
    pub total: Duration,
    /// The longest.
    pub longest: Duration,
}

impl OutageCount {
    /// Counts one.
    pub fn add(&mut self, outage: Duration) {
        self.count += 1;
        self.total += outage;
        self.longest = self.longest.max(outage);
    }
}
