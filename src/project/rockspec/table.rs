//! The table of dependencies: its entries, and where new ones go.

use std::ops::Range;

use super::dependency::{self, RockDependency};
use crate::project::edit::Splice;
use crate::project::lua_source::LuaSource;
use crate::project::text;

/// The most white space of a line that is repeated.
const WIDEST_INDENT: usize = 32;

/// An entry of the table: its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DependencyEntry {
    /// The tokens, without the separator.
    pub(super) tokens: Range<usize>,
    /// The token that is the text.
    pub(super) text: Option<usize>,
    /// Whether the text is all of the value, and not the start of an expression.
    pub(super) is_whole: bool,
    /// The separator behind it.
    separator: Option<usize>,
}

/// The table between the brackets `open` and `close`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DependencyTable {
    open: usize,
    close: usize,
    pub(super) entries: Vec<DependencyEntry>,
}

impl DependencyTable {
    /// Reads the value `tokens`; `None` if it is not one table.
    pub(super) fn read(source: &LuaSource, tokens: &Range<usize>) -> Option<Self> {
        let (open, close) = (tokens.start, tokens.end.checked_sub(1)?);
        if !source.is(open, "{") || !source.is(close, "}") {
            return None;
        }
        let mut entries = Vec::new();
        let mut depth = 0_usize;
        let mut start = open + 1;
        for index in open + 1..close {
            let is_symbol = source.value(index).is_none();
            match source.word(index) {
                "{" | "(" | "[" if is_symbol => depth += 1,
                "}" | ")" | "]" if is_symbol => depth = depth.checked_sub(1)?,
                "," | ";" if is_symbol && depth == 0 => {
                    entries.push(DependencyEntry::read(source, start..index, Some(index)));
                    start = index + 1;
                }
                _ => {}
            }
        }
        if start < close {
            entries.push(DependencyEntry::read(source, start..close, None));
        }
        Some(Self {
            open,
            close,
            entries,
        })
    }

    /// The entry that names the rock `name`, and what it asks for.
    pub(super) fn named<'a>(
        &self,
        source: &'a LuaSource,
        name: &str,
    ) -> Option<(&DependencyEntry, RockDependency<'a>)> {
        self.entries.iter().find_map(|entry| {
            let dependency = dependency::read(source.value(entry.text?)?)?;
            (dependency.name == name).then_some((entry, dependency))
        })
    }

    /// The splices that add `texts`: a separator behind the last entry where it has none, and the new entries.
    pub(super) fn insertion(
        &self,
        source: &LuaSource,
        texts: &[String],
    ) -> (Splice, Option<Splice>) {
        let text = source.text;
        let ending = text::dominant_ending(text);
        let (open, close) = (&source.tokens[self.open], &source.tokens[self.close]);
        let quote = self.quote(source);
        let quoted = texts.iter().map(|it| format!("{quote}{it}{quote}"));
        let quoted: Vec<_> = quoted.collect();
        let insert = |at: usize, text: String| Splice {
            at,
            removes: 0,
            text,
        };
        let is_multi_line = text[open.end..close.start].contains('\n');
        let Some(last) = self.entries.last() else {
            let comments = source.comments.iter();
            let mut inside =
                comments.filter(|(start, end)| *start >= open.end && *end <= close.start);
            let at = inside.next_back().map_or(open.end, |(_, end)| *end);
            let line_indent = indent_of_line(text, open.start);
            if is_multi_line {
                let indent = format!("{line_indent}{}", usual_indent(text));
                let lines = quoted.join(&format!(",{ending}{indent}"));
                return (insert(at, format!("{ending}{indent}{lines}")), None);
            }
            let space = if at == close.start { " " } else { "" };
            return (insert(at, format!(" {}{space}", quoted.join(", "))), None);
        };
        let value_end = source.tokens[last.tokens.end - 1].end;
        let separator = last.separator.map(|it| source.word(it));
        let usual = self.entries.iter().find_map(|it| it.separator);
        let usual = usual.map_or(",", |it| source.word(it));
        let start = source.tokens[last.tokens.start].start;
        let indent = indent_of_line(text, start);
        let has_own_line = text[..start].ends_with(&indent)
            && text[..start - indent.len()].ends_with('\n')
            && is_multi_line;
        let end = last.separator.map_or(value_end, |it| source.tokens[it].end);
        let missing = if separator.is_none() { usual } else { "" };
        if !has_own_line {
            let list = quoted.join(&format!("{usual} "));
            let end_separator = if separator.is_some() && text[end..close.start].trim().is_empty() {
                ""
            } else {
                separator.unwrap_or_default()
            };
            return (
                insert(end, format!("{missing} {list}{end_separator}")),
                None,
            );
        }
        let at = behind_comments(source, end);
        let lines = quoted.join(&format!("{usual}{ending}{indent}"));
        let lines = format!("{ending}{indent}{lines}{}", separator.unwrap_or_default());
        if missing.is_empty() || at == value_end {
            return (insert(at, format!("{missing}{lines}")), None);
        }
        let comma = insert(value_end, missing.to_owned());
        (insert(at, lines), Some(comma))
    }

    /// The quote of the last text; not that of a text between long brackets.
    fn quote(&self, source: &LuaSource) -> &'static str {
        let mut texts = self.entries.iter().rev().filter_map(|it| it.text);
        let is_single = texts
            .next()
            .is_some_and(|it| source.word(it).starts_with('\''));
        if is_single { "'" } else { "\"" }
    }
}

impl DependencyEntry {
    fn read(source: &LuaSource, tokens: Range<usize>, separator: Option<usize>) -> Self {
        let first = tokens.start;
        // `[2] = "rock"` is an entry of the list, too.
        let has_index =
            source.is(first, "[") && source.is(first + 2, "]") && source.is(first + 3, "=");
        let value = if has_index { first + 4 } else { first };
        let text = (value < tokens.end && source.value(value).is_some()).then_some(value);
        Self {
            is_whole: value + 1 == tokens.end,
            text,
            tokens,
            separator,
        }
    }
}

/// A new table with `texts`, in a line each.
pub(super) fn new_table(text: &str, texts: &[String]) -> String {
    let (ending, indent) = (text::dominant_ending(text), usual_indent(text));
    let lines = texts.iter().map(|it| format!("{indent}\"{it}\""));
    let lines = lines.collect::<Vec<_>>().join(&format!(",{ending}"));
    format!("dependencies = {{{ending}{lines}{ending}}}")
}

/// Where the line of `at` ends, if nothing but comments of that line is between; else `at`.
pub(super) fn behind_comments(source: &LuaSource, at: usize) -> usize {
    let text = source.text;
    let mut end = at;
    for (start, comment_end) in source.comments.iter().filter(|(start, _)| *start >= at) {
        let between = &text[end..*start];
        let is_next = between.chars().all(|c| c == ' ' || c == '\t');
        if !is_next || text[*start..*comment_end].contains('\n') {
            break;
        }
        end = *comment_end;
    }
    end
}

/// The white space that the line of `at` starts with.
fn indent_of_line(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let line = &text[start..at];
    let rest = line.trim_start_matches([' ', '\t']);
    let indent = &line[..line.len() - rest.len()];
    indent.chars().take(WIDEST_INDENT).collect()
}

/// The indent of the first indented line; three spaces, LuaRocks' own, without one.
fn usual_indent(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut indents = lines.map(|line| line.len() - line.trim_start_matches([' ', '\t']).len());
    let line = indents.position(|width| (1..=8).contains(&width));
    let indented = line.and_then(|index| {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.nth(index)
    });
    indented.map_or("   ".to_owned(), |line| {
        line.chars()
            .take_while(|c| [' ', '\t'].contains(c))
            .collect()
    })
}
