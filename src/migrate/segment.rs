//! A stretch of text in which addresses are looked for: a string of a program, or a value in a settings file.

use memchr::memmem;

use super::syntax::{Stretch, StretchKind, Syntax};

/// A piece of a file, by offsets of the whole file.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// The whole file.
    pub bytes: &'a [u8],
    /// Where the segment begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether the program puts more text behind it.
    pub continues: bool,
}

impl Segment<'_> {
    /// The content.
    pub fn content(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Where `needle` is, by offsets of the file.
    pub fn find_all(&self, needle: &[u8]) -> Vec<usize> {
        find_all(self.content(), needle)
            .into_iter()
            .map(|at| self.start + at)
            .collect()
    }
}

/// Where `needle` is in `text`.
pub fn find_all(text: &[u8], needle: &[u8]) -> Vec<usize> {
    memmem::find_iter(text, needle).collect()
}

/// Whether `needle` is in `text`.
pub fn contains(text: &[u8], needle: &[u8]) -> bool {
    memmem::find(text, needle).is_some()
}

/// Where the line of the byte at `at` begins.
pub fn line_start(bytes: &[u8], at: usize) -> usize {
    let newline = bytes[..at].iter().rposition(|byte| *byte == b'\n');
    newline.map_or(0, |newline| newline + 1)
}

/// The segments of a text stretch: itself if it is a string, or the values on each line of a settings file.
pub fn segments<'a>(bytes: &'a [u8], stretch: &Stretch, syntax: Syntax) -> Vec<Segment<'a>> {
    if stretch.kind != StretchKind::Text {
        return Vec::new();
    }
    if !syntax.is_settings() {
        return vec![Segment {
            bytes,
            start: stretch.start,
            end: stretch.end,
            continues: continues(bytes, stretch.end),
        }];
    }
    let mut segments = Vec::new();
    let mut start = stretch.start;
    for at in stretch.start..=stretch.end {
        let ends = at == stretch.end || b"\n\r\"'<>".contains(&bytes[at]);
        if ends {
            if start < at {
                segments.push(Segment {
                    bytes,
                    start,
                    end: at,
                    continues: false,
                });
            }
            start = at + 1;
        }
    }
    segments
}

/// Whether the string that ends at `end` is followed by an operator that adds to it.
fn continues(bytes: &[u8], end: usize) -> bool {
    let after_quotes = bytes[end..]
        .iter()
        .skip_while(|byte| b"\"'`".contains(byte));
    let mut next = after_quotes.skip_while(|byte| byte.is_ascii_whitespace());
    matches!(next.next(), Some(b'+' | b'.' | b'%'))
}
