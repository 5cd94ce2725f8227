//! A result that is fetched block by block.

use crate::block;
use crate::release::Release;
use crate::sql::ResultSet;

/// Rows in one block, as the server cuts them.
const BLOCK_ROWS: usize = 4096;

/// A result and how far it has been fetched.
#[derive(Debug)]
pub(crate) struct Cursor {
    pub(crate) result: ResultSet,
    current: std::ops::Range<usize>,
}

impl Cursor {
    pub(crate) fn new(result: ResultSet) -> Self {
        Self {
            result,
            current: 0..0,
        }
    }

    /// Moves to the next block and gives its rows, 0 at the end.
    pub(crate) fn advance(&mut self) -> usize {
        let start = self.current.end;
        let mut breaks = self.result.breaks.iter().copied();
        let next = breaks.find(|next| *next > start).unwrap_or(usize::MAX);
        let end = self.result.rows.len().min(start + BLOCK_ROWS).min(next);
        self.current = start..end;
        self.current.len()
    }

    /// The current block, if there is one.
    pub(crate) fn block(&self, release: Release) -> Option<Vec<u8>> {
        if self.current.is_empty() {
            return None;
        }
        let rows = &self.result.rows[self.current.clone()];
        let mut following = &self.result.rows[self.current.end..];
        if self.result.breaks.contains(&self.current.end) {
            following = &[];
        }
        let after: Vec<_> = following
            .iter()
            .chain(&self.result.cut)
            .take(8)
            .cloned()
            .collect();
        let mut block = block::encode(&self.result.columns, rows, &after);
        if release.is_before_33() {
            block::without_last_byte(&mut block);
        }
        Some(block)
    }
}
