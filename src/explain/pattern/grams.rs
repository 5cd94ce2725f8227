//! Tells quickly which words a text cannot contain.

/// The bytes of a gram.
const LENGTH: usize = 4;
/// The set has 2 to the power of this many bits.
const BITS: u32 = 18;
/// An odd number with bits spread evenly (2^32 divided by the golden ratio), as Knuth's multiplicative hashing asks for.
const FACTOR: u32 = 0x9E37_79B1;

/// The runs of four bytes of a text, by their hashes.
pub struct GramSet(Vec<u64>);

/// The grams that a part of a pattern consists of.
#[derive(Clone, Debug)]
pub struct PartGrams(Vec<(u16, u64)>);

impl PartGrams {
    /// Returns the grams of `part`; a part that is shorter than one has none.
    pub fn of(part: &str) -> Self {
        // Rare ones are at the end: `com.taosdata.jdbc.…`, `error while loading shared libraries: …`.
        let grams = part.as_bytes().windows(LENGTH).rev().step_by(LENGTH - 1);
        Self(grams.map(place).collect())
    }
}

impl GramSet {
    /// Returns the grams of `text`.
    pub fn of(text: &str) -> Self {
        let mut words = vec![0; (1 << BITS) / 64];
        for gram in text.as_bytes().windows(LENGTH) {
            let (word, bit) = place(gram);
            words[usize::from(word)] |= bit;
        }
        Self(words)
    }

    /// Returns whether the text may contain the part with these grams: `false` is certain.
    pub fn may_contain(&self, part: &PartGrams) -> bool {
        part.0
            .iter()
            .all(|(word, bit)| self.0[usize::from(*word)] & bit != 0)
    }
}

/// Returns the word and the bit in it that stand for `gram`.
fn place(gram: &[u8]) -> (u16, u64) {
    let number = gram
        .iter()
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    let hash = number.wrapping_mul(FACTOR) >> (32 - BITS);
    ((hash / 64) as u16, 1 << (hash % 64))
}

#[cfg(test)]
mod tests;
