//! The findings of `verify`, by their ids as text.

use crate::diagnose::manifest::{Entry, Manifest};
use crate::error::Result;

/// All findings, in the order of their ids.
#[derive(Clone, Debug)]
pub struct Findings {
    entries: Vec<(String, Entry)>,
}

impl Findings {
    /// What `manifests/findings.toml` holds.
    pub fn built_in() -> Result<Self> {
        let entries = Manifest::built_in()?.into_entries().into_iter().collect();
        Ok(Self { entries })
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.entries.len()
    }

    /// The id and the entry at `at`.
    pub fn get(&self, at: usize) -> (&str, &Entry) {
        let (id, entry) = &self.entries[at];
        (id, entry)
    }

    /// Where the finding `id` stands.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.entries.iter().position(|(known, _)| known == id)
    }
}
