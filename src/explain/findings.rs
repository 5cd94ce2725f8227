//! The findings of `verify`, by their ids as text.

use crate::diagnose::manifest::{FindingEntry, FindingManifest};
use crate::error::Result;

/// All findings, in the order of their ids.
#[derive(Clone, Debug)]
pub struct Findings {
    entries: Vec<(String, FindingEntry)>,
}

impl Findings {
    /// What `manifests/findings.toml` holds.
    pub fn built_in() -> Result<Self> {
        let entries = FindingManifest::built_in()?
            .entries()
            .iter()
            .map(|(id, entry)| (id.clone(), entry.clone()))
            .collect();
        Ok(Self { entries })
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.entries.len()
    }

    /// The id and the entry at `at`.
    pub fn get(&self, at: usize) -> (&str, &FindingEntry) {
        let (id, entry) = &self.entries[at];
        (id, entry)
    }

    /// Where the finding `id` stands.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.entries.iter().position(|(known, _)| known == id)
    }
}
