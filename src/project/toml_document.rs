//! TOML, read with the places of its parts: what Cargo.toml and pyproject.toml have in common.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::edit::{EditRefusal, Splice};
use super::text::{self, TextLine};
use crate::message::Message;
use crate::safety::value_count::{MOST_WRITTEN, count_toml};

/// A TOML document and its lines. Offsets are those of the whole text, a byte order mark included.
pub(super) struct TomlText<'a> {
    source: &'a str,
    /// How long the byte order mark is.
    mark: usize,
    document: Rc<Document<String>>,
    lines: Vec<TextLine<'a>>,
}

/// The most documents that are kept parsed: a project's own, its workspace's, and a catalog.
const KEPT: usize = 3;

thread_local! {
    /// The documents that were parsed last, newest first: one run asks the same text for its name, its workspace, its lists, and its edit.
    static PARSED: RefCell<Vec<Rc<Document<String>>>> = const { RefCell::new(Vec::new()) };
}

/// Parses `body`, unless it was one of the last.
///
/// # Errors
/// The line that is not TOML, from the start of `body`.
fn parsed(body: &str) -> Result<Rc<Document<String>>, toml_edit::TomlError> {
    let known = PARSED.with_borrow(|kept| kept.iter().find(|it| it.raw() == body).cloned());
    if let Some(document) = known {
        return Ok(document);
    }
    let document = Rc::new(Document::parse(body.to_owned())?);
    PARSED.with_borrow_mut(|kept| {
        kept.insert(0, Rc::clone(&document));
        kept.truncate(KEPT);
    });
    Ok(document)
}

/// How a table is written.
pub(super) enum TableForm {
    /// Nowhere.
    Nowhere,
    /// Under a header of its own, which stands in the line of this number.
    Header(usize),
    /// As keys with dots: `dependencies.a = "1"`.
    Dotted,
    /// In braces, at these places.
    Inline(Range<usize>),
    /// By headers of its members alone (`[dependencies.a]`), of which the first stands in the line of this number.
    MemberHeaders(usize),
}

/// A member of a table that is written as a line, or as several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TomlEntry {
    /// Its name.
    pub(super) name: String,
    /// From its name to the end of its value.
    pub(super) range: Range<usize>,
}

/// The text at `path` in the document `source`.
pub(super) fn text_at(source: &str, path: &[&str]) -> Option<String> {
    let toml = TomlText::read(source).ok()?;
    Some(toml.item(path)?.as_str()?.to_owned())
}

impl<'a> TomlText<'a> {
    /// Reads `source`, or says what is wrong with it.
    pub(super) fn read(source: &'a str) -> Result<Self, EditRefusal> {
        text::check_values(count_toml(source.as_bytes()), MOST_WRITTEN)?;
        let mark = text::byte_order_mark(source).len();
        let document = parsed(&source[mark..]).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            EditRefusal::Unparsable {
                line: text::line_of(source, mark + at),
                reason: Message::quoted(
                    error
                        .message()
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" "),
                ),
            }
        })?;
        Ok(Self {
            source,
            mark,
            document,
            lines: text::lines(source),
        })
    }

    /// The text.
    pub(super) const fn source(&self) -> &'a str {
        self.source
    }

    /// What stands at `path`.
    pub(super) fn item(&self, path: &[&str]) -> Option<&Item> {
        let mut item = self.document.as_item();
        for name in path {
            item = item.as_table_like()?.get(name)?;
        }
        Some(item)
    }

    /// The table at `path`.
    pub(super) fn table(&self, path: &[&str]) -> Option<&dyn TableLike> {
        self.item(path)?.as_table_like()
    }

    /// The strings of the array at `path`.
    pub(super) fn strings(&self, path: &[&str]) -> Vec<String> {
        let array = self.item(path).and_then(Item::as_array);
        let strings = array.into_iter().flatten().filter_map(|it| it.as_str());
        strings.map(str::to_owned).collect()
    }

    /// The line, from 1, in which the byte at `at` stands.
    pub(super) fn line_number(&self, at: usize) -> usize {
        text::number_among(&self.lines, at)
    }

    /// The line with that number.
    pub(super) fn line(&self, number: usize) -> Option<&TextLine<'a>> {
        self.lines.get(number.checked_sub(1)?)
    }

    /// The last line.
    pub(super) fn last_line(&self) -> Option<&TextLine<'a>> {
        self.lines.last()
    }

    /// `span` in the whole text.
    pub(super) fn place(&self, span: Option<Range<usize>>) -> Range<usize> {
        let span = span.unwrap_or(0..0);
        span.start + self.mark..span.end + self.mark
    }

    /// The line, from 1, in which the member `name` of the table at `path` is named first.
    pub(super) fn line_of(&self, path: &[&str], name: &str) -> usize {
        let span = self
            .table(path)
            .and_then(|table| table.get_key_value(name))
            .and_then(|(key, _)| key.span());
        self.line_number(self.place(span).start)
    }

    /// How the table at `path` is written.
    pub(super) fn written(&self, path: &[&str]) -> TableForm {
        match self.item(path) {
            Some(Item::Value(value @ Value::InlineTable(_))) => {
                TableForm::Inline(self.place(value.span()))
            }
            Some(Item::Table(table)) if table.is_dotted() => TableForm::Dotted,
            Some(Item::Table(table)) if table.is_implicit() => {
                let first = table.iter().filter_map(|(_, item)| item.as_table()?.span());
                let first = first.min_by_key(|span| span.start);
                TableForm::MemberHeaders(self.line_number(self.place(first).start))
            }
            Some(Item::Table(table)) => {
                let span = table.span().map(|span| span.start..span.start);
                let start = self.place(span).start;
                TableForm::Header(self.line_number(start).max(1))
            }
            _ => TableForm::Nowhere,
        }
    }

    /// The members of the table at `path` that are written as lines of it, in the order of the text.
    pub(super) fn entries(&self, path: &[&str]) -> Vec<TomlEntry> {
        let Some(table) = self.table(path) else {
            return Vec::new();
        };
        let mut entries: Vec<_> = table
            .iter()
            .filter_map(|(name, item)| {
                let (key, _) = table.get_key_value(name)?;
                let start = self.place(key.span()).start;
                let end = match item {
                    Item::Value(value) => self.place(value.span()).end,
                    Item::Table(table) if table.is_dotted() => self.end_of_dotted(table)?,
                    _ => return None,
                };
                Some(TomlEntry {
                    name: name.to_owned(),
                    range: start..end,
                })
            })
            .collect();
        entries.sort_by_key(|entry| entry.range.start);
        entries
    }

    fn end_of_dotted(&self, table: &Table) -> Option<usize> {
        let ends = table.iter().filter_map(|(_, item)| match item {
            Item::Value(value) => Some(self.place(value.span()).end),
            Item::Table(table) if table.is_dotted() => self.end_of_dotted(table),
            _ => None,
        });
        ends.max()
    }

    /// The bytes of the lines of the table at `path`, with the blank ones below it, where it stands under a header of its own and has no
    /// tables in it.
    pub(super) fn lines_of_table(&self, path: &[&str]) -> Option<Range<usize>> {
        let Some(Item::Table(table)) = self.item(path) else {
            return None;
        };
        let is_nested = |(_, item): (&str, &Item)| {
            item.is_array_of_tables() || item.as_table().is_some_and(|it| !it.is_dotted())
        };
        let TableForm::Header(header) = self.written(path) else {
            return None;
        };
        if table.iter().any(is_nested) {
            return None;
        }
        let last = self.entries(path).last().map_or(header, |entry| {
            self.line_number(entry.range.end.saturating_sub(1))
        });
        let blank = self.lines.iter().skip(last);
        let blank = blank.take_while(|line| line.body.trim().is_empty()).last();
        let last = blank.or_else(|| self.line(last))?;
        Some(self.line(header)?.start..last.end())
    }

    /// The line in which `entry` ends.
    fn last_line_of(&self, entry: &TomlEntry) -> Option<&TextLine<'a>> {
        self.line(self.line_number(entry.range.end.saturating_sub(1)))
    }

    /// Puts the member `name`, a key, with `value` into the table at `path`: in order where its members are in order, else last. A
    /// table that is nowhere comes at the end.
    pub(super) fn insert(&self, path: &[&str], members: &[(&str, String)]) -> Splice {
        let header: Vec<_> = path.iter().map(|it| key(it)).collect();
        let header = format!("[{}]", header.join("."));
        let lines = |prefix: &str| -> Vec<String> {
            let lines = members.iter();
            lines
                .map(|(name, value)| format!("{prefix}{name} = {value}"))
                .collect()
        };
        match self.written(path) {
            TableForm::Nowhere => {
                let mut added = lines("");
                added.insert(0, header);
                let last = self.last_line();
                if last.is_some_and(|line| !line.body.trim().is_empty()) {
                    added.insert(0, String::new());
                }
                self.after(last, &added)
            }
            TableForm::MemberHeaders(number) => {
                let mut added = lines("");
                added.insert(0, header);
                added.push(String::new());
                let first = self.first_of_comments_above(number);
                self.after(self.line(first - 1), &added)
            }
            TableForm::Inline(braces) => self.insert_inline(path, &braces, members),
            TableForm::Header(number) => {
                let entries = self.entries(path);
                let splices = members.iter().map(|(name, value)| {
                    let line = format!("{name} = {value}");
                    self.place_in_lines(&entries, name, &line, number)
                });
                text::combined(self.source, splices.collect())
            }
            TableForm::Dotted => {
                let entries = self.entries(path);
                let splices = members.iter().map(|(name, value)| {
                    let prefix = entries.first().map_or("", |entry| {
                        let start = entry.range.start;
                        let line = self.line(self.line_number(start));
                        let from = line.map_or(start, |line| line.start + line.indent().len());
                        &self.source[from..start]
                    });
                    let line = format!("{prefix}{name} = {value}");
                    self.place_in_lines(&entries, name, &line, 0)
                });
                text::combined(self.source, splices.collect())
            }
        }
    }

    /// Puts the member `name` with `value` behind all members of the table at `path`, which is there.
    pub(super) fn append(&self, path: &[&str], name: &str, value: &str) -> Splice {
        let members = [(name, value.to_owned())];
        let entries = self.entries(path);
        match (self.written(path), entries.last()) {
            (TableForm::Header(_), Some(last)) => {
                let line = self.line_number(last.range.start);
                let indent = self.line(line).map_or("", TextLine::indent);
                let line = format!("{indent}{name} = {value}");
                self.after(self.last_line_of(last), &[line])
            }
            _ => self.insert(path, &members),
        }
    }

    /// Where `line`, which names `name`, goes among `entries`, which follow the header in the line `header`.
    fn place_in_lines(
        &self,
        entries: &[TomlEntry],
        name: &str,
        line: &str,
        header: usize,
    ) -> Splice {
        let indent = entries
            .first()
            .and_then(|entry| self.line(self.line_number(entry.range.start)))
            .map_or("", TextLine::indent);
        let line = [format!("{indent}{line}")];
        // Poetry lists Python itself before all packages.
        let rank = |name: &str| (name != "python", name.to_owned());
        let is_sorted = entries.is_sorted_by_key(|entry| rank(&entry.name));
        let previous = if is_sorted {
            entries
                .iter()
                .rev()
                .find(|entry| rank(&entry.name) < rank(name))
        } else {
            entries.last()
        };
        match (previous, entries.first()) {
            (Some(entry), _) => self.after(self.last_line_of(entry), &line),
            (None, Some(first)) => {
                let number = self.line_number(first.range.start);
                let above = self.first_of_comments_above(number) - 1;
                self.after(self.line(above), &line)
            }
            (None, None) => self.after(self.line(header), &line),
        }
    }

    fn insert_inline(
        &self,
        path: &[&str],
        braces: &Range<usize>,
        members: &[(&str, String)],
    ) -> Splice {
        let added: Vec<_> = members
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let added = added.join(", ");
        let (at, text) = match self.entries(path).last() {
            Some(entry) => (entry.range.end, format!(", {added}")),
            None => {
                let inner = &self.source[braces.start + 1..braces.end - 1];
                let space = if inner.is_empty() { " " } else { "" };
                (braces.start + 1, format!(" {added}{space}"))
            }
        };
        Splice {
            at,
            removes: 0,
            text,
        }
    }

    /// The first line of the comments directly above the line of that number; that line, where there are none.
    fn first_of_comments_above(&self, number: usize) -> usize {
        let mut first = number;
        while first > 1
            && self
                .line(first - 1)
                .is_some_and(|line| line.body.trim_start().starts_with('#'))
        {
            first -= 1;
        }
        first
    }

    fn after(&self, line: Option<&TextLine>, added: &[String]) -> Splice {
        let added: Vec<_> = added.iter().map(String::as_str).collect();
        text::insert_after(self.source, line, &added)
    }
}

/// `name` as a key: in quotes unless it is a bare key.
pub(super) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}
