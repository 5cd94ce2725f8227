//! Putting a text into a list of texts, in the way that the list is written.

use toml_edit::Array;

use super::Splice;
use crate::project::text;
use crate::project::toml_document::TomlText;

/// Puts `added` into `list`, whose members are called `names`: in order of `name` where they are in order, else last.
pub(super) fn insert(
    toml: &TomlText,
    list: &Array,
    names: &[String],
    name: &str,
    added: &str,
) -> Splice {
    let source = toml.source();
    let all = toml.place(list.span());
    let members: Vec<_> = list.iter().map(|value| toml.place(value.span())).collect();
    let at = |at: usize, text: String| Splice {
        at,
        removes: 0,
        text,
    };
    let quote = members
        .first()
        .and_then(|it| source[it.start..].chars().next());
    let quote = quote.filter(|it| *it == '\'').unwrap_or('"');
    let added = format!("{quote}{added}{quote}");
    let is_sorted = names.is_sorted();
    let index = if is_sorted {
        names.iter().filter(|it| it.as_str() < name).count()
    } else {
        names.len()
    };
    // What stands before a member, or the end, on its line.
    let line_start = |at: usize| source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let indent_before = |at: usize| {
        let before = &source[line_start(at)..at];
        before
            .trim_start_matches([' ', '\t'])
            .is_empty()
            .then_some(before)
    };
    let ending = text::dominant_ending(source);
    // Where the members after the first, or a single one, stand on lines of their own: how those are indented.
    let wrapped = || {
        let own = members.get(1..).filter(|rest| !rest.is_empty());
        let own = own.unwrap_or(&members);
        let indents: Option<Vec<_>> = own.iter().map(|it| indent_before(it.start)).collect();
        indents?.first().copied()
    };
    let Some(first) = members.first() else {
        let inner = &source[all.start + 1..all.end - 1];
        if !inner.contains('\n') {
            return Splice {
                at: all.start + 1,
                removes: inner.len(),
                text: format!("{inner}{added}{inner}"),
            };
        }
        let indent = indent_before(all.end - 1).unwrap_or_default();
        return at(
            line_start(all.end - 1),
            format!("{indent}    {added},{ending}"),
        );
    };
    let Some(previous) = index.checked_sub(1).and_then(|it| members.get(it)) else {
        return match indent_before(first.start) {
            // After the opening bracket's line, so that comments above the first stay with it.
            Some(indent) => {
                let opening = source[all.start..]
                    .find('\n')
                    .map_or(0, |it| all.start + it + 1);
                at(opening, format!("{indent}{added},{ending}"))
            }
            None => match wrapped() {
                Some(indent) => at(first.start, format!("{added},{ending}{indent}")),
                None => at(first.start, format!("{added}, ")),
            },
        };
    };
    // The member before stands on a line of its own, if that starts with it and ends after it.
    let after = &source[previous.end..all.end - 1];
    let rest_of_line = after.split('\n').next().unwrap_or_default();
    let behind = rest_of_line
        .trim_start_matches([' ', '\t', ','])
        .trim_end_matches('\r');
    let ends_line = after.contains('\n') && (behind.is_empty() || behind.starts_with('#'));
    let indent = indent_before(previous.start).or_else(wrapped);
    let Some(indent) = indent.filter(|_| ends_line) else {
        return match wrapped() {
            Some(indent) => at(previous.end, format!(",{ending}{indent}{added}")),
            None => at(previous.end, format!(", {added}")),
        };
    };
    let next_line = previous.end + rest_of_line.len() + 1;
    let before_comment = rest_of_line.split('#').next().unwrap_or_default();
    if before_comment.contains(',') {
        return at(next_line, format!("{indent}{added},{ending}"));
    }
    // A comma on a line of its own, or none.
    if behind.is_empty() {
        return at(previous.end, format!(",{ending}{indent}{added}"));
    }
    let comma = at(previous.end, ",".into());
    text::combined(
        source,
        vec![comma, at(next_line, format!("{indent}{added}{ending}"))],
    )
}
