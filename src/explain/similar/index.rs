//! The compact index of known reports: which document has which terms. Compiled into `build.rs`, too, which writes it.
//!
//! It is a row of 32-bit words, little-endian: four counts, the documents, the terms in ascending order, the postings (two in a
//! word), and the names of the entries, one a line.

use std::collections::BTreeMap;

/// A text of an entry.
#[derive(Clone, Debug)]
pub struct IndexedDocument {
    /// The entry's id.
    pub entry: String,
    /// The text was pasted by a user; otherwise the entry itself has it.
    pub is_report: bool,
    /// Its terms.
    pub terms: Vec<u32>,
}

/// The entry of texts that no entry explains: those of other products, and those without an error.
pub const NO_ENTRY: &str = "-";
/// The share of a document of an entry in how common a term is.
const OWN_SHARE: f32 = 0.3;
/// The bytes of a word of the index.
const WORD: usize = 4;

/// Returns the index of `documents` in bytes.
#[cfg_attr(
    not(test),
    allow(dead_code, reason = "only the build script and tests write it")
)]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "there are some thousand documents"
)]
pub fn encode(documents: &[IndexedDocument]) -> Vec<u8> {
    let mut entries: Vec<&str> = documents.iter().map(|it| it.entry.as_str()).collect();
    entries.sort_unstable();
    entries.dedup();
    let mut postings: BTreeMap<u32, Vec<u16>> = BTreeMap::new();
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        for term in &document.terms {
            postings.entry(*term).or_default().push(at as u16);
            *counts.entry(*term).or_default() += if document.is_report { 1.0 } else { OWN_SHARE };
        }
    }
    let reports = documents.iter().filter(|it| it.is_report).count() as f32;
    let weight = |term: &u32| weight(reports, counts.get(term).copied().unwrap_or(0.0));
    let names = entries.join("\n");
    let mut words: Vec<u32> = vec![
        documents.len() as u32,
        postings.len() as u32,
        postings.values().map(Vec::len).sum::<usize>() as u32,
        (reports as u32) << 1,
    ];
    for document in documents {
        let entry = entries.binary_search(&document.entry.as_str()).unwrap_or(0) as u32;
        words.push(entry << 1 | u32::from(document.is_report));
        let length: f32 = document.terms.iter().map(|it| weight(it).powi(2)).sum();
        words.push(length.sqrt().to_bits());
    }
    let mut start = 0;
    for (term, places) in &postings {
        words.extend([*term, weight(term).to_bits(), start]);
        start += places.len() as u32;
    }
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let places = postings.values().flatten();
    bytes.extend(places.flat_map(|place| place.to_le_bytes()));
    bytes.extend(names.as_bytes());
    bytes
}

/// Returns how much a term tells that is in `count` of `reports`.
fn weight(reports: f32, count: f32) -> f32 {
    (1.0 + (reports + 1.0) / (count + 0.5)).ln()
}

/// An index that can be asked.
#[derive(Clone, Copy, Debug)]
pub struct SimilarityIndex<'a> {
    bytes: &'a [u8],
    documents: usize,
    terms: usize,
    postings: usize,
    reports: u32,
}

/// A document and its cosine similarity to a text, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimilarDocument<'a> {
    /// The entry's id.
    pub entry: &'a str,
    /// The text was pasted by a user.
    pub is_report: bool,
    /// The similarity.
    pub similarity: f32,
}

#[allow(dead_code, reason = "the build script does not read it")]
impl<'a> SimilarityIndex<'a> {
    /// Reads the counts of an index that [`encode`] wrote; a damaged one is empty.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut index = Self {
            bytes,
            documents: 0,
            terms: 0,
            postings: 0,
            reports: 0,
        };
        let counts = [0, 1, 2, 3].map(|at| index.word(at));
        let size = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        let [documents, terms, postings, _] = counts.map(size);
        let least = documents
            .saturating_mul(2)
            .saturating_add(terms.saturating_mul(3))
            .saturating_add(4)
            .saturating_mul(WORD)
            .saturating_add(postings.saturating_mul(2));
        if least <= bytes.len() {
            index.documents = documents;
            index.terms = terms;
            index.postings = postings;
            index.reports = counts[3] >> 1;
        }
        index
    }

    fn word(&self, at: usize) -> u32 {
        let bytes = self.bytes.get(at * WORD..at * WORD + WORD);
        bytes.map_or(0, |bytes| {
            bytes
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u32::from(*byte))
        })
    }

    /// Returns the hash, the weight, and the first posting of the term at `at`.
    fn term(&self, at: usize) -> (u32, f32, usize) {
        let word = 4 + self.documents * 2 + at * 3;
        let start = usize::try_from(self.word(word + 2)).unwrap_or(usize::MAX);
        (self.word(word), f32::from_bits(self.word(word + 1)), start)
    }

    /// Returns the documents that have the term at `at`.
    fn places(&self, at: usize) -> impl Iterator<Item = usize> {
        let first = (4 + self.documents * 2 + self.terms * 3) * WORD;
        let start = self.term(at).2;
        let end = if at + 1 < self.terms {
            self.term(at + 1).2
        } else {
            self.postings
        };
        let bytes = self.bytes.get(first + start * 2..first + end * 2);
        bytes
            .unwrap_or_default()
            .chunks_exact(2)
            .map(|pair| usize::from(pair[0]) | usize::from(pair[1]) << 8)
    }

    /// Returns the documents that share a term with a text that has `terms`.
    #[allow(
        clippy::cast_precision_loss,
        reason = "there are some thousand reports"
    )]
    pub fn similar(&self, terms: &[u32]) -> Vec<SimilarDocument<'a>> {
        let mut sums = vec![0.0_f32; self.documents];
        let mut length = 0.0_f32;
        for term in terms {
            let found = self.position(*term);
            let weight =
                found.map_or_else(|| weight(self.reports as f32, 0.0), |at| self.term(at).1);
            length += weight * weight;
            for place in found.into_iter().flat_map(|at| self.places(at)) {
                if let Some(sum) = sums.get_mut(place) {
                    *sum += weight * weight;
                }
            }
        }
        let names_at = (4 + self.documents * 2 + self.terms * 3) * WORD + self.postings * 2;
        let names = self.bytes.get(names_at..).unwrap_or_default();
        let names: Vec<&str> = str::from_utf8(names).unwrap_or_default().lines().collect();
        let length = length.sqrt();
        sums.into_iter()
            .enumerate()
            .filter(|(_, sum)| *sum > 0.0)
            .filter_map(|(at, sum)| {
                let kind = self.word(4 + at * 2);
                let own = f32::from_bits(self.word(4 + at * 2 + 1));
                Some(SimilarDocument {
                    entry: names.get(usize::try_from(kind >> 1).ok()?)?,
                    is_report: kind & 1 == 1,
                    similarity: sum / (length * own),
                })
            })
            .collect()
    }

    /// Returns where `term` is.
    fn position(&self, term: u32) -> Option<usize> {
        let (mut low, mut high) = (0, self.terms);
        while low < high {
            let middle = low.midpoint(high);
            match self.term(middle).0.cmp(&term) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}
