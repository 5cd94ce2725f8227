//! How often which latency was seen, of constant size however many there were.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Values below this have a bucket each.
const EXACT: u64 = 128;
/// The number of buckets between a power of two and the next: a value is known to about 1.6 %.
const STEPS: u64 = 64;
/// The exponents of two from [`EXACT`] to more than a day in microseconds.
const EXPONENTS: u64 = 30;
/// The exponents of [`STEPS`] and [`EXACT`].
const STEP_BITS: u64 = STEPS.ilog2() as u64;
const EXACT_BITS: u64 = EXACT.ilog2() as u64;
const BUCKETS: usize = (EXACT + STEPS * EXPONENTS) as usize;

/// How often which latency was seen, in one unit: milliseconds or microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Counts a value.
    pub fn add(&mut self, value: u64) {
        self.total += 1;
        self.max = self.max.max(value);
        if let Some(count) = self.counts.get_mut(bucket(value)) {
            *count += 1;
        }
    }

    /// The largest value; `None` without values.
    pub fn max(&self) -> Option<u64> {
        (self.total > 0).then_some(self.max)
    }

    /// The number of values.
    pub const fn count(&self) -> u64 {
        self.total
    }

    /// Counts the values of `other` too.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts.iter()) {
            *count = count.saturating_add(*more);
        }
        self.total = self.total.saturating_add(other.total);
        self.max = self.max.max(other.max);
    }

    /// The value that `percent` of all values do not exceed, to about 1.6 %; `None` without values.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = self.total.saturating_mul(percent).div_ceil(100).max(1);
        let mut seen: u64 = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen = seen.saturating_add(*count);
            if seen >= rank {
                return Some(highest(at).min(self.max));
            }
        }
        None
    }
}

/// A histogram as text: the largest value, and the buckets that are not empty.
#[derive(Serialize, Deserialize)]
struct HistogramText {
    max: u64,
    counts: Vec<(usize, u64)>,
}

impl Serialize for LatencyHistogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let filled = self.counts.iter().copied().enumerate();
        let text = HistogramText {
            max: self.max,
            counts: filled.filter(|(_, count)| *count > 0).collect(),
        };
        text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LatencyHistogram {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = HistogramText::deserialize(deserializer)?;
        let mut histogram = Self {
            max: text.max,
            ..Self::default()
        };
        for (at, count) in text.counts {
            if let Some(slot) = histogram.counts.get_mut(at) {
                *slot = slot.saturating_add(count);
                histogram.total = histogram.total.saturating_add(count);
            }
        }
        Ok(histogram)
    }
}

/// The bucket of a value; what is larger than all goes to the last.
fn bucket(value: u64) -> usize {
    let number = match value {
        small @ 0..EXACT => small,
        large => {
            let exponent = u64::from(large.ilog2());
            let step = (large >> (exponent - STEP_BITS)) - STEPS;
            EXACT + (exponent - EXACT_BITS) * STEPS + step
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
    let (exponent, step) = (
        (number - EXACT) / STEPS + EXACT_BITS,
        (number - EXACT) % STEPS,
    );
    ((STEPS + step + 1) << (exponent - STEP_BITS)) - 1
}

#[cfg(test)]
mod tests;
