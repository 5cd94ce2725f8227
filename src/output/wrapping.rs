//! Wraps prose to the width of a terminal. Commands and addresses are never broken: they are pasted.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The fewest columns of a line: less is unreadable, and the terminal may break it.
const FEWEST_COLUMNS: usize = 20;

/// Breaks `text`, one line, at spaces and between Chinese characters, so that its lines end before `columns`. The first line starts at
/// column `first`; the others are indented by `indent`.
pub(super) fn wrap(text: &str, first: usize, indent: usize, columns: usize) -> String {
    let width_from = |start: usize| columns.saturating_sub(start).max(FEWEST_COLUMNS);
    let mut width = width_from(first);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if line.width() + piece.trim_end().width() > width && !line.trim_end().is_empty() {
            lines.push(line.trim_end().to_owned());
            line = String::new();
            width = width_from(indent);
        }
        line.push_str(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// The parts between which `line` may be broken; spaces belong to the part before them.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, character) in line.char_indices() {
        if before.is_some_and(|before| may_break(before, character)) {
            pieces.push(&line[start..at]);
            start = at;
        }
        before = Some(character);
    }
    pieces.push(&line[start..]);
    pieces
}

/// Closing punctuation does not start a line, and opening punctuation does not end one.
fn may_break(before: char, after: char) -> bool {
    let is_wide = |character: char| character.width() == Some(2);
    match (before, after) {
        (_, ' ') => false,
        (' ', _) => true,
        (_, '，' | '。' | '；' | '：' | '、' | '）' | '！' | '？' | '”' | '》') => false,
        ('（' | '“' | '《', _) => false,
        _ => is_wide(before) || is_wide(after),
    }
}

#[cfg(test)]
mod tests;
