//! Strings from servers, archives and the environment, made safe to show on a terminal.

use std::fmt::Write;

/// The most characters of a foreign string that are ever shown.
const LIMIT: usize = 400;

/// `text` as [`escape_controls`] gives it, cut after 400 characters of the original with `…`: for what servers, archives and
/// variables say.
pub fn printable(text: &str) -> String {
    match text.char_indices().nth(LIMIT) {
        Some((at, _)) => escape_controls(&text[..at]) + "…",
        None => escape_controls(text),
    }
}

/// `text` with control, format and line-breaking characters written as `\u{…}` (`\n`, `\r`, `\t` by name): what a hostile
/// server sends cannot move the cursor, hide text or reorder a line.
pub fn escape_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || reorders(c) => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// Line and paragraph separators, zero-width characters and the bidirectional controls (Unicode UAX #9).
const fn reorders(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}' | '\u{00ad}'
    )
}

#[cfg(test)]
mod tests;
