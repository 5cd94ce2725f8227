//! Entries whose known reports are similar to a text: what is left to go by if no message of the text is known.

pub mod index;
pub mod terms;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::normal;
use index::SimilarityIndex;
use terms::terms;

/// The reports and the entries' own texts, as `build.rs` indexes them.
const INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/similar.bin"));
/// The reports that count: the most similar ones.
const NEIGHBORS: usize = 12;

/// The entries that known reports lead to.
#[derive(Clone, Copy, Debug)]
pub struct SimilarReports<'a> {
    index: SimilarityIndex<'a>,
    /// Documents whose similarity is at least this do not count.
    below: f32,
}

/// More than any similarity: no document is left out.
const ANY: f32 = 2.0;

impl SimilarReports<'static> {
    /// Returns those built in.
    pub fn built_in() -> Self {
        Self::new(INDEX)
    }
}

impl<'a> SimilarReports<'a> {
    /// Reads those of an index that `encode` wrote.
    pub fn new(index: &'a [u8]) -> Self {
        Self {
            index: SimilarityIndex::new(index),
            below: ANY,
        }
    }

    /// Leaves out documents whose similarity to a text is at least `below`: a text that is itself in the index.
    #[cfg(test)]
    pub const fn below(self, below: f32) -> Self {
        Self { below, ..self }
    }

    /// Returns the ids of entries with how near `text`, in normal form, is to them, the nearest first.
    pub fn entries(&self, text: &str) -> Vec<(&'a str, f32)> {
        let mut reports = Vec::new();
        let mut near: HashMap<&str, f32> = HashMap::new();
        for document in self.index.similar(&terms(text)) {
            if document.similarity >= self.below {
                continue;
            }
            if document.is_report {
                reports.push(document);
            } else {
                *near.entry(document.entry).or_default() += document.similarity;
            }
        }
        reports.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
        for report in reports.into_iter().take(NEIGHBORS) {
            *near.entry(report.entry).or_default() += 2.0 * report.similarity.powi(2);
        }
        let mut near: Vec<(&str, f32)> = near.into_iter().collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        near
    }
}
