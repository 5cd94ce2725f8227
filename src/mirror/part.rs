//! The parts of a mirror: what they contribute, and how they are told apart.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sha2::{Digest, Sha256 as Hasher};

use super::entry_path::EntryPath;
use super::index::IndexUpdate;
use super::manifest::{FileOrigin, GapReason};
use crate::tdengine::digest::Sha256;

/// The files of one part.
#[derive(Debug, Default)]
pub(super) struct PartContent {
    /// Files to copy, by their path in the mirror.
    pub(super) files: BTreeMap<EntryPath, SourceFile>,
    /// Entries of indexes that several parts share.
    pub(super) indexes: Vec<(EntryPath, IndexUpdate)>,
    /// What could not be had.
    pub(super) gaps: Vec<(GapReason, String)>,
}

/// A file on this machine that goes into the mirror.
#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) origin: FileOrigin,
    pub(super) license: Option<String>,
    /// The digest that it must have, if one is known.
    pub(super) sha256: Option<Sha256>,
}

impl PartContent {
    /// Adds a file of a registry. A name that cannot be in a mirror is a gap.
    pub(super) fn add(&mut self, path: &str, source: PathBuf, license: Option<String>) {
        match EntryPath::parse(path) {
            Some(entry) => {
                self.files.insert(
                    entry,
                    SourceFile {
                        path: source,
                        origin: FileOrigin::Registry,
                        license,
                        sha256: None,
                    },
                );
            }
            None => self.gaps.push((GapReason::Unresolved, path.to_owned())),
        }
    }

    /// Adds an entry of an index.
    pub(super) fn add_index(&mut self, path: &str, update: IndexUpdate) {
        match EntryPath::parse(path) {
            Some(entry) => self.indexes.push((entry, update)),
            None => self.gaps.push((GapReason::Unresolved, path.to_owned())),
        }
    }
}

/// The digest of `words`, each with its length, so that no two lists of words are one.
pub(super) fn key<'a>(words: impl IntoIterator<Item = &'a [u8]>) -> Sha256 {
    let mut hasher = Hasher::new();
    for word in words {
        hasher.update((word.len() as u64).to_le_bytes());
        hasher.update(word);
    }
    Sha256(hasher.finalize().into())
}
