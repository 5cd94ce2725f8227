//! Cuts the rows out of a REST answer while it arrives: each is decoded and let go, so that an answer of any size takes the memory of
//! one row.

use std::hint::black_box;

use serde_json::Value;

/// The most bytes of a row, and of all that is not a row.
const MOST_OF_ROW: usize = 256 * 1024;
const MOST_OF_REST: usize = 256 * 1024;
/// The depth of the rows: in the list `data` of the answer's object.
const ROW_DEPTH: usize = 3;

/// A fault of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScanFault {
    /// A row is not JSON.
    NotJson,
    /// A row, or what is around the rows, is too large.
    TooLarge,
}

/// The state of an answer that is being read.
#[derive(Debug, Default)]
pub(super) struct RowScanner {
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// The text that was read last in the answer's object: its key, where a value follows.
    word: Vec<u8>,
    /// The list `data` is open.
    in_data: bool,
    row: Vec<u8>,
    rest: Vec<u8>,
    rows: u64,
}

impl RowScanner {
    /// The rows that were decoded.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The answer without its rows.
    pub(super) fn rest(&self) -> &[u8] {
        &self.rest
    }

    /// Reads on.
    ///
    /// # Errors
    /// [`ScanFault`], after which the scanner is not to be used.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<(), ScanFault> {
        for byte in bytes {
            self.step(*byte)?;
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) -> Result<(), ScanFault> {
        let in_row = self.in_data && self.depth >= ROW_DEPTH;
        if in_row {
            self.row.push(byte);
            if self.row.len() > MOST_OF_ROW {
                return Err(ScanFault::TooLarge);
            }
        }
        if self.in_text {
            self.step_in_text(byte, in_row);
        } else {
            match byte {
                b'"' => {
                    self.in_text = true;
                    if self.depth == 1 {
                        self.word.clear();
                    }
                }
                b'{' | b'[' => self.open(byte),
                b'}' | b']' => self.close(in_row)?,
                _ => {}
            }
        }
        // The commas between rows would be left without them.
        let between_rows = self.in_data && self.depth == ROW_DEPTH - 1 && byte != b'[';
        if !(in_row || self.in_data && self.depth >= ROW_DEPTH || between_rows) {
            self.rest.push(byte);
        }
        match self.rest.len() > MOST_OF_REST {
            true => Err(ScanFault::TooLarge),
            false => Ok(()),
        }
    }

    fn step_in_text(&mut self, byte: u8, in_row: bool) {
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_text = false;
            return;
        }
        if self.depth == 1 && !in_row {
            self.word.push(byte);
        }
    }

    fn open(&mut self, byte: u8) {
        if self.depth == 1 {
            self.in_data = byte == b'[' && self.word == b"data";
        }
        self.depth += 1;
        if self.in_data && self.depth == ROW_DEPTH {
            self.row.clear();
            self.row.push(byte);
        }
    }

    fn close(&mut self, in_row: bool) -> Result<(), ScanFault> {
        self.depth = self.depth.saturating_sub(1);
        if in_row && self.depth == ROW_DEPTH - 1 {
            let row: Vec<Value> =
                serde_json::from_slice(&self.row).map_err(|_| ScanFault::NotJson)?;
            black_box(row);
            self.rows += 1;
        }
        if self.depth == 1 {
            self.in_data = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
