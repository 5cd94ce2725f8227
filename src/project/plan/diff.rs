//! A plan as a unified diff, which `patch -p1` and `git apply` read.

use std::fmt::Write;

use similar::TextDiff;

use super::{FileChange, Plan};
use crate::safety::printable::escape_controls;

/// The diff of every pending change; empty where nothing changes.
pub fn unified(plan: &Plan) -> String {
    plan.pending().map(of_change).collect()
}

fn of_change(change: &FileChange) -> String {
    let before = change.before.as_deref().unwrap_or_default();
    // Files of the machine are not those of a project.
    let is_absolute = change.path.starts_with('/');
    let named = |side: &str| match is_absolute {
        true => change.path.clone(),
        false => format!("{side}/{}", change.path),
    };
    let old = match change.before {
        Some(_) => named("a"),
        None => "/dev/null".to_owned(),
    };
    let before = String::from_utf8_lossy(before);
    let after = String::from_utf8_lossy(&change.after);
    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
    let mut text = String::new();
    let _ = write!(text, "{}", diff.unified_diff().header(&old, &named("b")));
    text.split_inclusive('\n').map(shown).collect()
}

/// A line that cannot play tricks on a terminal: its tabs, its line ending and the byte order mark of a file are kept, other control
/// characters are not.
fn shown(line: &str) -> String {
    let body = line.trim_end_matches(['\n', '\r']);
    let ending = &line[body.len()..];
    let (mark, body) = match body.strip_prefix([' ', '+', '-']) {
        Some(rest) if rest.starts_with('\u{feff}') => body.split_at(1 + '\u{feff}'.len_utf8()),
        _ => ("", body),
    };
    let body: Vec<String> = body.split('\t').map(escape_controls).collect();
    format!("{mark}{}{ending}", body.join("\t"))
}

#[cfg(test)]
mod tests;
