//! Figures of a watch, of constant size however long it takes.

use std::time::Duration;

/// Values below this have a bucket each.
const EXACT: u64 = 32;
/// So many buckets between a power of two and the next: a value is known to about 6 %.
const STEPS: u64 = 16;
/// The exponents of two from [`EXACT`] to more than a day in milliseconds.
const EXPONENTS: u64 = 23;
const BUCKETS: usize = (EXACT + STEPS * EXPONENTS) as usize;

/// How often which latency was seen.
#[derive(Clone, Debug)]
pub struct LatencyHistogram {
    counts: Box<[u64; BUCKETS]>,
    total: u64,
    max: u64,
}

impl Default for LatencyHistogram {
    fn default() -> Self {
        Self {
            counts: Box::new([0; BUCKETS]),
            total: 0,
            max: 0,
        }
    }
}

impl LatencyHistogram {
    /// Counts a value in milliseconds.
    pub fn add(&mut self, ms: u64) {
        self.total += 1;
        self.max = self.max.max(ms);
        if let Some(count) = self.counts.get_mut(bucket(ms)) {
            *count += 1;
        }
    }

    /// The largest value; `None` without values.
    pub fn max(&self) -> Option<u64> {
        (self.total > 0).then_some(self.max)
    }

    /// The value that `percent` of all values do not exceed, to about 6 %; `None` without values.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = self.total.saturating_mul(percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Some(highest(at).min(self.max));
            }
        }
        None
    }
}

/// The bucket of a value; what is larger than all goes to the last.
fn bucket(ms: u64) -> usize {
    let number = match ms {
        small @ 0..EXACT => small,
        large => {
            let exponent = u64::from(large.ilog2());
            let step = (large >> (exponent - 4)) - STEPS;
            EXACT + (exponent - 5) * STEPS + step
        }
    };
    usize::try_from(number).unwrap_or(BUCKETS).min(BUCKETS - 1)
}

/// The highest value of a bucket.
fn highest(bucket: usize) -> u64 {
    let number = bucket as u64;
    if number < EXACT {
        return number;
    }
    let (exponent, step) = ((number - EXACT) / STEPS + 5, (number - EXACT) % STEPS);
    ((STEPS + step + 1) << (exponent - 4)) - 1
}

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

#[cfg(test)]
mod tests;
