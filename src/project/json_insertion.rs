//! Inserts members into JSON as the file writes its own: indent, line endings, and the space behind colons.

use super::edit::Splice;
use super::json_positions::{JsonMember, JsonObject};
use super::text;

/// Puts `entry` into `object` at the place that `place` chooses among its members.
pub(super) fn insert(
    source: &str,
    style: &JsonStyle,
    object: &JsonObject,
    entry: &str,
    place: impl Fn(&[JsonMember]) -> usize,
) -> Splice {
    let at = |at: usize, text: String| Splice {
        at,
        removes: 0,
        text,
    };
    let index = place(&object.members);
    // The text between two members, or before the first one, which has the line break and the indent.
    let space = |member: &JsonMember| {
        let before = source.get(..member.start).unwrap_or_default();
        let text = before.trim_end_matches([' ', '\t', '\r', '\n']);
        before[text.len()..].to_owned()
    };
    if let Some(previous) = index.checked_sub(1).and_then(|it| object.members.get(it)) {
        // In one line, the first member may follow its brace without a space.
        let like = object.members.get(index).unwrap_or(previous);
        return at(previous.end, format!(",{}{entry}", space(like)));
    }
    if let Some(first) = object.members.first() {
        return at(first.start, format!("{entry},{}", space(first)));
    }
    let held = source.get(object.opening + 1..object.closing);
    if !style.is_multi_line {
        return at(object.opening + 1, entry.to_owned());
    }
    let base = indent_of_line(source, object.opening);
    let mut text = format!("{}{base}{}{entry}", style.ending, style.unit);
    if !held.unwrap_or_default().contains('\n') {
        text.push_str(style.ending);
        text.push_str(base);
    }
    at(object.opening + 1, text)
}

/// The white space that the line of `at` starts with.
fn indent_of_line(source: &str, at: usize) -> &str {
    let before = source.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = source.get(line..).unwrap_or_default();
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// How this file is written.
pub(super) struct JsonStyle {
    pub(super) ending: &'static str,
    /// What one level is indented by.
    pub(super) unit: String,
    /// What stands between a name and its value.
    colon: String,
    pub(super) is_multi_line: bool,
}

impl JsonStyle {
    /// The style of `source`, whose object is `root`; `usual` is the indent of a file without members.
    pub(super) fn of(source: &str, root: &JsonObject, usual: &str) -> Self {
        let first = root.members.first();
        let space = first.and_then(|first| source.get(root.opening + 1..first.start));
        let is_multi_line = space.is_none_or(|space| space.contains('\n'));
        let unit = space
            .and_then(|space| space.rsplit('\n').next())
            .filter(|unit| is_multi_line && !unit.is_empty());
        let colon = first.and_then(|first| source.get(first.key_end..first.value));
        Self {
            ending: text::dominant_ending(source),
            unit: unit
                .unwrap_or(if first.is_some() { "" } else { usual })
                .to_owned(),
            colon: colon
                .filter(|colon| !colon.contains('\n'))
                .unwrap_or(": ")
                .to_owned(),
            is_multi_line,
        }
    }

    /// A member as this file writes it.
    pub(super) fn member(&self, key: &str, value: &str) -> String {
        format!("{key:?}{}{value}", self.colon)
    }
}
