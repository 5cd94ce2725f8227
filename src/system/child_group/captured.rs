//! The beginning and the end of a text of any length.

use std::collections::VecDeque;

/// The most bytes that are kept of the beginning, and of the end.
const HALF: usize = 64 << 10;
/// The most bytes of a line.
const LINE: usize = 200;

/// What is kept of a program's output.
#[derive(Debug, Default)]
pub struct Captured {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    is_cut: bool,
}

impl Captured {
    /// Adds `bytes`.
    pub fn add(&mut self, bytes: &[u8]) {
        let first = bytes.len().min(HALF - self.head.len());
        self.head.extend_from_slice(&bytes[..first]);
        let rest = &bytes[first..];
        self.tail.extend(&rest[rest.len().saturating_sub(HALF)..]);
        let excess = self.tail.len().saturating_sub(HALF);
        self.is_cut |= excess > 0 || rest.len() > HALF;
        self.tail.drain(..excess);
    }

    /// Returns what is kept; a line with `…` is where something is missing.
    pub fn text(&self) -> String {
        let (first, second) = self.tail.as_slices();
        let mut bytes = self.head.clone();
        if self.is_cut {
            bytes.extend_from_slice("\n…\n".as_bytes());
        }
        bytes.extend_from_slice(first);
        bytes.extend_from_slice(second);
        without_colors(&String::from_utf8_lossy(&bytes))
    }

    /// Returns the last line that is not blank, the end of it if it is long.
    pub fn last_line(&self) -> Option<String> {
        let kept: Vec<u8> = match self.tail.is_empty() {
            true => self.head[self.head.len().saturating_sub(8 * LINE)..].to_vec(),
            false => self
                .tail
                .range(self.tail.len().saturating_sub(8 * LINE)..)
                .copied()
                .collect(),
        };
        let text = without_colors(&String::from_utf8_lossy(&kept));
        let mut lines = text.split(['\n', '\r']).rev().map(str::trim);
        let line = lines.find(|line| !line.is_empty())?;
        let skipped = line.chars().count().saturating_sub(LINE);
        Some(line.chars().skip(skipped).collect())
    }
}

/// Returns `text` without the sequences by which terminals change colors and move the cursor (ECMA-48, 5.4).
fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, sequence)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let is_final = |c: char| matches!(c, '\u{40}'..='\u{7e}');
        rest = match sequence.find(is_final) {
            Some(at) => &sequence[at + 1..],
            None => "",
        };
    }
    plain.push_str(rest);
    plain
}
