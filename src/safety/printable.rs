//! Strings from servers, archives and the environment, made safe to show on a terminal.

use std::fmt::Write;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

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

/// `text` with control characters and [deceptive](is_deceptive) ones written as `\u{…}` (`\n`, `\r`, `\t` by name): what a hostile
/// server sends cannot move the cursor, hide text or reorder a line.
/// Returns `path` as text for people, with control characters escaped: a directory's name may hold any.
pub fn printable_path(path: &std::path::Path) -> String {
    escape_controls(&path.display().to_string())
}

pub fn escape_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            c if c.is_control() || is_deceptive(c) => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether `c` shows nothing, breaks or reorders a line, or changes the character next to it: format characters, line and paragraph
/// separators, and what a renderer may ignore (Unicode: Cf, Zl, Zp, `Default_Ignorable_Code_Point`). Some file systems ignore such
/// characters too, so that two names are one.
pub fn is_deceptive(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(
        category,
        GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

#[cfg(test)]
mod tests;
