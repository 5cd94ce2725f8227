//! What text formats have in common: decoding, lines with their endings, and where a line goes in.

use super::edit::{EditRefusal, Splice};
use crate::message::message;
use crate::safety::value_count::{MOST_GENERATED, count_json};

/// The most lines of a manifest.
pub const MOST_LINES: usize = 50_000;

/// A line of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLine<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// Where it starts, in bytes.
    pub start: usize,
    /// The line without its ending.
    pub body: &'a str,
    /// `\n`, `\r\n`, or nothing at the end of the text.
    pub ending: &'a str,
}

impl TextLine<'_> {
    /// Where the next line starts.
    pub const fn end(&self) -> usize {
        self.start + self.body.len() + self.ending.len()
    }

    /// The white space that it starts with.
    pub fn indent(&self) -> &str {
        &self.body[..self.body.len() - self.body.trim_start_matches([' ', '\t']).len()]
    }
}

/// The text that `bytes` are, which must be UTF-8; a byte order mark is part of it.
pub fn decode(bytes: &[u8]) -> Result<&str, EditRefusal> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(EditRefusal::Unparsable {
            line: 1,
            reason: message!("project-utf16"),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        EditRefusal::Unparsable {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            reason: message!("project-not-utf8"),
        }
    })?;
    match text.find('\0') {
        None => Ok(text),
        Some(at) => Err(EditRefusal::Unparsable {
            line: 1 + text[..at].matches('\n').count(),
            reason: message!("project-nul"),
        }),
    }
}

/// The lines of `text`. A byte order mark belongs to no line.
pub fn lines(text: &str) -> Vec<TextLine<'_>> {
    let mark = byte_order_mark(text);
    let mut start = mark.len();
    text[mark.len()..]
        .split_inclusive('\n')
        .enumerate()
        .map(|(index, whole)| {
            let body = whole.strip_suffix('\n').unwrap_or(whole);
            let body = body
                .strip_suffix('\r')
                .filter(|_| whole.ends_with('\n'))
                .unwrap_or(body);
            let line = TextLine {
                number: index + 1,
                start,
                body,
                ending: &whole[body.len()..],
            };
            start += whole.len();
            line
        })
        .collect()
}

/// The number of the line among `lines`, from 1, in which the byte at `at` stands: the result of [`line_of`] for the whole text, without reading it
/// again.
pub fn number_among(lines: &[TextLine], at: usize) -> usize {
    let started = lines.partition_point(|line| line.start <= at);
    // Behind the last line break, where no line is.
    let behind = lines
        .last()
        .is_some_and(|last| at >= last.end() && !last.ending.is_empty());
    started.max(1) + usize::from(behind)
}

/// The number of the line, from 1, in which the byte at `at` stands.
pub fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The byte order mark that `text` starts with, or nothing.
pub fn byte_order_mark(text: &str) -> &str {
    if text.starts_with('\u{feff}') {
        &text[..'\u{feff}'.len_utf8()]
    } else {
        ""
    }
}

/// The line ending that most lines of `text` have; `\n` where there is none.
pub fn dominant_ending(text: &str) -> &'static str {
    let all = text.matches('\n').count();
    let windows = text.matches("\r\n").count();
    if windows * 2 > all { "\r\n" } else { "\n" }
}

/// Puts `added` (lines without endings) after `line`, or first where there is none, in the text's own line endings. A text
/// without a final line break stays one.
pub fn insert_after(text: &str, line: Option<&TextLine>, added: &[&str]) -> Splice {
    let usual = dominant_ending(text);
    let Some(line) = line else {
        let start = byte_order_mark(text).len();
        return Splice {
            at: start,
            removes: 0,
            text: added.iter().flat_map(|line| [*line, usual]).collect(),
        };
    };
    if line.ending.is_empty() {
        return Splice {
            at: line.end(),
            removes: 0,
            text: added.iter().flat_map(|line| [usual, *line]).collect(),
        };
    }
    Splice {
        at: line.end(),
        removes: 0,
        text: added
            .iter()
            .flat_map(|added| [*added, line.ending])
            .collect(),
    }
}

/// `insertions` as one, which puts back what stands between them. They do not overlap; there is one at least, else nothing
/// is inserted.
pub fn combined(text: &str, mut insertions: Vec<Splice>) -> Splice {
    insertions.sort_by_key(|insertion| insertion.at);
    let mut insertions = insertions.into_iter();
    let mut all = insertions.next().unwrap_or(Splice {
        at: 0,
        removes: 0,
        text: String::new(),
    });
    for insertion in insertions {
        let end = all.at + all.removes;
        all.text
            .push_str(text.get(end..insertion.at).unwrap_or_default());
        all.text.push_str(&insertion.text);
        all.removes = insertion.at + insertion.removes - all.at;
    }
    all
}

/// Returns how many spaces `line` starts with.
pub fn indent_width(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Parses `text`, which may start with a byte order mark, as JSON.
///
/// # Errors
/// The line that is not JSON.
pub fn parse_json(text: &str) -> Result<serde_json::Value, EditRefusal> {
    let body = &text[byte_order_mark(text).len()..];
    check_values(count_json(body.as_bytes()), MOST_GENERATED)?;
    serde_json::from_str(body).map_err(|error| EditRefusal::Unparsable {
        line: error.line().max(1),
        reason: message!("project-not-json"),
    })
}

/// Whether a manifest has more lines than people write; each is kept in memory.
pub fn has_too_many_lines(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| **byte == b'\n').count() > MOST_LINES
}

/// Checks the number of values in a file before they are parsed.
///
/// # Errors
/// That there are more than `most`.
pub fn check_values(count: usize, most: usize) -> Result<(), EditRefusal> {
    if count <= most {
        return Ok(());
    }
    Err(EditRefusal::Unparsable {
        line: 1,
        reason: message!("project-too-many-values", most = most),
    })
}

#[cfg(test)]
mod tests;
