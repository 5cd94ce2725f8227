//! Puts entries into YAML that people wrote: each table gets the entries that it lacks, behind its own, with its own indentation. Everything
//! else keeps its bytes. Whether the result says what was meant is checked before it is returned.

use super::yaml_tree::{self, YamlNode, YamlValue, is_flow};
use super::{cannot, taken};
use crate::message::{Message, message};
use crate::project::edit::{EditRefusal, Splice, apply_splices};
use crate::project::text::{self, TextLine};

/// The name that stands for the table that the whole document is.
const ROOT: &str = "";

/// Entries to put into a document.
#[derive(Clone, Copy, Debug)]
pub struct YamlPiece<'a> {
    /// A document that has them.
    pub text: &'a str,
    /// The tables of that document whose entries they are; an empty name is the document itself.
    pub tables: &'a [String],
    /// A list that must hold a value, if it is there.
    pub required: Option<(&'a str, &'a str)>,
}

/// Returns what puts `piece` into `source`; nothing if it is there.
///
/// # Errors
/// The line that is not YAML, that is written in a way that cannot be extended, or that holds something else under the same name.
pub fn merge(source: &str, piece: YamlPiece) -> Result<Vec<Splice>, EditRefusal> {
    let own = single(yaml_tree::read(piece.text)?, piece.text)?;
    let own = own.ok_or_else(|| cannot(1))?;
    let old = single(yaml_tree::read(source)?, source)?;
    let mut merging = YamlMerge {
        source,
        lines: text::lines(source),
        own_lines: text::lines(piece.text),
        expected: old.clone(),
        splices: Vec::new(),
    };
    if let Some(root) = &old {
        merging.check_table(root, None)?;
        if let Some((list, value)) = piece.required {
            merging.check_required(root, list, value)?;
        }
    }
    for table in piece.tables {
        merging.add_table(old.as_ref(), &own, table)?;
    }
    merging.finish()
}

/// Returns the entries of `piece` with the names of their tables, as a person would add them.
pub fn fragment(piece: YamlPiece) -> String {
    let Ok(Some(own)) = yaml_tree::read(piece.text).and_then(|it| single(it, piece.text)) else {
        return piece.text.to_owned();
    };
    let lines = text::lines(piece.text);
    let YamlValue::Mapping(entries) = &own.value else {
        return piece.text.to_owned();
    };
    let is_wanted = |name: &str| piece.tables.iter().any(|it| it == name || it == ROOT);
    let wanted = entries
        .iter()
        .filter(|(key, _)| key.scalar().is_some_and(is_wanted));
    wanted
        .flat_map(|(key, value)| entry_lines(&lines, key, value, 0))
        .map(|line| line + "\n")
        .collect()
}

/// Returns what puts the documents of `piece` behind those of `source`; nothing if they are there, recognized by `kind` and
/// `metadata.name`.
///
/// # Errors
/// As for [`merge`].
pub fn append_documents(source: &str, piece: &str) -> Result<Vec<Splice>, EditRefusal> {
    let old = yaml_tree::read(source)?;
    let own = yaml_tree::read(piece)?;
    let mut missing = Vec::new();
    for document in &own {
        let same = old.iter().find(|it| identity(it) == identity(document));
        match same {
            None => missing.push(document),
            Some(found) if found == document => {}
            Some(found) => {
                let (_, name) = identity(document);
                return Err(taken(
                    text::line_of(source, found.start),
                    name.unwrap_or_default(),
                ));
            }
        }
    }
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let lines = text::lines(source);
    let mut added: Vec<&str> = match old.is_empty() {
        true => Vec::new(),
        false => vec!["---"],
    };
    added.extend(piece.lines());
    let splice = text::insert_after(source, lines.last(), &added);
    let new = apply_splices(source.as_bytes(), vec![&splice]);
    let new = String::from_utf8_lossy(&new);
    let new = yaml_tree::read(&new).map_err(|_| cannot(lines.len()))?;
    match new.split_at_checked(old.len()) {
        Some((kept, added)) if kept == old && added == own && missing.len() == own.len() => {
            Ok(vec![splice])
        }
        Some(_) | None => Err(cannot(lines.len())),
    }
}

/// The kind and the name of a document of Kubernetes.
fn identity(document: &YamlNode) -> (Option<&str>, Option<&str>) {
    let name = document.get("metadata").and_then(|it| it.get("name"));
    (
        document.get("kind").and_then(YamlNode::scalar),
        name.and_then(YamlNode::scalar),
    )
}

/// The only document; `None` if the text has no more than comments.
fn single(documents: Vec<YamlNode>, source: &str) -> Result<Option<YamlNode>, EditRefusal> {
    if let Some(second) = documents.get(1) {
        return Err(EditRefusal::Conflict {
            line: text::line_of(source, second.start),
            found: message!("yaml-several-documents"),
            next: message!("splice-by-hand"),
        });
    }
    let document = documents.into_iter().next();
    Ok(document.filter(|document| !document.is_absent()))
}

struct YamlMerge<'a> {
    source: &'a str,
    lines: Vec<TextLine<'a>>,
    own_lines: Vec<TextLine<'a>>,
    /// The document that is to come out.
    expected: Option<YamlNode>,
    splices: Vec<Splice>,
}

impl YamlMerge<'_> {
    fn line(&self, at: usize) -> usize {
        text::number_among(&self.lines, at)
    }

    /// Refuses what is not a table of one entry a line.
    fn check_table(&self, node: &YamlNode, name: Option<&str>) -> Result<(), EditRefusal> {
        let found = match &node.value {
            YamlValue::Mapping(entries) if !is_flow(self.source, node.start) => {
                let starts = entries.iter().map(|(key, _)| key.start);
                // `? key` and a table that begins behind something else in its line.
                let is_plain = starts.clone().all(|at| self.is_first_in_line(at));
                if is_plain && !entries.is_empty() {
                    return Ok(());
                }
                message!("yaml-unusual-table", name = shown(name))
            }
            YamlValue::Mapping(_) => message!("yaml-flow-table", name = shown(name)),
            YamlValue::Alias(_) => message!("yaml-alias-table", name = shown(name)),
            YamlValue::Scalar { .. } | YamlValue::Sequence(_) => {
                message!("yaml-not-a-table", name = shown(name))
            }
        };
        Err(EditRefusal::Conflict {
            line: self.line(node.start),
            found,
            next: message!("splice-by-hand"),
        })
    }

    fn is_first_in_line(&self, at: usize) -> bool {
        let before = self.source.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let mark = text::byte_order_mark(self.source).len();
        let before = before.get(line.max(mark)..).unwrap_or_default();
        before.bytes().all(|byte| byte == b' ')
    }

    /// Refuses a list that does not hold what the entries need.
    fn check_required(&self, root: &YamlNode, list: &str, value: &str) -> Result<(), EditRefusal> {
        let Some(found) = root.get(list) else {
            return Ok(());
        };
        let holds = match &found.value {
            YamlValue::Sequence(items) => items.iter().any(|item| item.scalar() == Some(value)),
            YamlValue::Scalar { .. } | YamlValue::Mapping(_) | YamlValue::Alias(_) => false,
        };
        match holds {
            true => Ok(()),
            false => Err(EditRefusal::Conflict {
                line: self.line(found.start),
                found: message!("yaml-list-lacks", list = list, value = value),
                next: message!("yaml-list-lacks-next", list = list, value = value),
            }),
        }
    }

    fn add_table(
        &mut self,
        old: Option<&YamlNode>,
        own: &YamlNode,
        table: &str,
    ) -> Result<(), EditRefusal> {
        let Some(old) = old else {
            return self.add_to_empty(own, table);
        };
        if table == ROOT {
            return self.add_entries(old, own, &[]);
        }
        let Some((own_key, own_value)) = own.entries(table).next() else {
            return Ok(());
        };
        let mut found = old.entries(table);
        let Some((key, value)) = found.next() else {
            let lines = entry_lines(
                &self.own_lines,
                own_key,
                own_value,
                column(self.source, old),
            );
            self.insert_behind(old, lines, true);
            self.expect(&[], own_key, own_value);
            return Ok(());
        };
        if let Some((again, _)) = found.next() {
            return Err(EditRefusal::Conflict {
                line: self.line(again.start),
                found: message!("yaml-twice", name = table),
                next: message!("splice-by-hand"),
            });
        }
        if value.is_absent() {
            return self.fill(key, own_value, table);
        }
        self.check_table(value, Some(table))?;
        self.add_entries(value, own_value, &[table])
    }

    /// Adds the entries of `own` that the table `old` lacks.
    fn add_entries(
        &mut self,
        old: &YamlNode,
        own: &YamlNode,
        path: &[&str],
    ) -> Result<(), EditRefusal> {
        let YamlValue::Mapping(entries) = &own.value else {
            return Ok(());
        };
        let mut added = Vec::new();
        for (key, value) in entries {
            let name = key.scalar().unwrap_or_default();
            let mut there = old.entries(name);
            match there.next() {
                Some((_, found)) if found == value && there.next().is_none() => {}
                Some((found, _)) => return Err(taken(self.line(found.start), name)),
                None => {
                    added.push(entry_lines(
                        &self.own_lines,
                        key,
                        value,
                        column(self.source, old),
                    ));
                    self.expect(path, key, value);
                }
            }
        }
        let has_space = self.separates_by_blank_lines(old) || path.is_empty();
        let count = added.len();
        let mut lines = Vec::new();
        for (index, entry) in added.into_iter().enumerate() {
            lines.extend(entry);
            if has_space && index + 1 < count {
                lines.push(String::new());
            }
        }
        if !lines.is_empty() {
            self.insert_behind(old, lines, has_space);
        }
        Ok(())
    }

    /// Adds everything to the name `key`, behind which nothing is written.
    fn fill(&mut self, key: &YamlNode, own: &YamlNode, table: &str) -> Result<(), EditRefusal> {
        let YamlValue::Mapping(entries) = &own.value else {
            return Ok(());
        };
        let Some(line) = self.lines.get(self.line(key.start) - 1).copied() else {
            return Err(cannot(1));
        };
        let indent = text::indent_width(line.body.trim_start_matches('\u{feff}')) + 2;
        let mut lines = Vec::new();
        for (key, value) in entries {
            lines.extend(entry_lines(&self.own_lines, key, value, indent));
        }
        self.push(Some(&line), &lines);
        if let Some(root) = &mut self.expected
            && let YamlValue::Mapping(all) = &mut root.value
        {
            let filled = all.iter_mut().find(|(key, _)| key.scalar() == Some(table));
            if let Some((_, value)) = filled {
                *value = own.clone();
            }
        }
        Ok(())
    }

    /// Adds a whole table to a text of comments.
    fn add_to_empty(&mut self, own: &YamlNode, table: &str) -> Result<(), EditRefusal> {
        let YamlValue::Mapping(entries) = &own.value else {
            return Ok(());
        };
        let mut lines = Vec::new();
        for (key, value) in entries {
            if table == ROOT || key.scalar() == Some(table) {
                if !lines.is_empty() {
                    lines.push(String::new());
                }
                lines.extend(entry_lines(&self.own_lines, key, value, 0));
                match &mut self.expected {
                    Some(_) => self.expect(&[], key, value),
                    None => {
                        let mut root = own.clone();
                        root.value = YamlValue::Mapping(vec![(key.clone(), value.clone())]);
                        self.expected = Some(root);
                    }
                }
            }
        }
        let is_behind_something = !self.lines.is_empty() || !self.splices.is_empty();
        if is_behind_something && !lines.is_empty() {
            lines.insert(0, String::new());
        }
        let last = self.lines.last().copied();
        self.push(last.as_ref(), &lines);
        Ok(())
    }

    /// Expects the entry at the end of the table at `path`.
    fn expect(&mut self, path: &[&str], key: &YamlNode, value: &YamlNode) {
        let mut at = self.expected.as_mut();
        for name in path {
            at = match at.map(|node| &mut node.value) {
                Some(YamlValue::Mapping(entries)) => entries
                    .iter_mut()
                    .find(|(key, _)| key.scalar() == Some(name))
                    .map(|(_, value)| value),
                _ => None,
            };
        }
        if let Some(YamlValue::Mapping(entries)) = at.map(|node| &mut node.value) {
            entries.push((key.clone(), value.clone()));
        }
    }

    /// Whether the entries of `table` have a blank line between them.
    fn separates_by_blank_lines(&self, table: &YamlNode) -> bool {
        let YamlValue::Mapping(entries) = &table.value else {
            return false;
        };
        let [_, .., (last, _)] = entries.as_slice() else {
            return false;
        };
        let mut above = self.lines[..self.line(last.start) - 1].iter().rev();
        let above = above.find(|line| !line.body.trim_start().starts_with('#'));
        above.is_some_and(|line| line.body.trim().is_empty())
    }

    /// Inserts `added` behind the table and the comments that belong to it.
    fn insert_behind(&mut self, table: &YamlNode, added: Vec<String>, has_space: bool) {
        let column = column(self.source, table);
        let end = self.source.get(..table.end).unwrap_or_default();
        let mut last = self.line(end.trim_end().len().saturating_sub(1)) - 1;
        let rest = self.lines.iter().enumerate().skip(last + 1);
        for (index, line) in rest {
            let body = line.body.trim_start_matches(' ');
            if body.trim().is_empty() {
                continue;
            }
            if !body.starts_with('#') || line.body.len() - body.len() < column {
                break;
            }
            last = index;
        }
        let mut lines = added;
        if has_space {
            lines.insert(0, String::new());
        }
        let line = self.lines.get(last).copied();
        self.push(line.as_ref(), &lines);
    }

    fn push(&mut self, line: Option<&TextLine>, added: &[String]) {
        if added.is_empty() {
            return;
        }
        let added: Vec<_> = added.iter().map(String::as_str).collect();
        let splice = text::insert_after(self.source, line, &added);
        // Two tables may end at the same place.
        match self.splices.iter_mut().find(|other| other.at == splice.at) {
            Some(other) => other.text.push_str(&splice.text),
            None => self.splices.push(splice),
        }
    }

    /// The splices, if the text with them is what is expected.
    fn finish(self) -> Result<Vec<Splice>, EditRefusal> {
        if self.splices.is_empty() {
            return Ok(self.splices);
        }
        let line = self.line(self.splices[0].at);
        let new = apply_splices(self.source.as_bytes(), self.splices.iter().collect());
        let new = String::from_utf8_lossy(&new);
        let documents = yaml_tree::read(&new).map_err(|_| cannot(line))?;
        match documents.as_slice() == self.expected.as_slice() {
            true => Ok(self.splices),
            false => Err(cannot(line)),
        }
    }
}

/// The lines of an entry, whose key is indented by `column` spaces.
fn entry_lines(lines: &[TextLine], key: &YamlNode, value: &YamlNode, column: usize) -> Vec<String> {
    let first = text::number_among(lines, key.start) - 1;
    let last = text::number_among(lines, value.end.max(key.end).saturating_sub(1)) - 1;
    let own = lines
        .get(first)
        .map_or(0, |line| text::indent_width(line.body));
    let inner = lines.get(first..=last).unwrap_or_default().iter();
    let mut entry: Vec<_> = inner
        .map(|line| match line.body.get(own..) {
            Some(rest) if !rest.trim().is_empty() => format!("{}{rest}", " ".repeat(column)),
            Some(_) | None => String::new(),
        })
        .collect();
    while entry.last().is_some_and(String::is_empty) {
        entry.pop();
    }
    entry
}

/// How far the keys of a table are indented.
fn column(source: &str, table: &YamlNode) -> usize {
    let before = source.get(..table.start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let before = &before[line..];
    before.len() - text::byte_order_mark(before).len()
}

fn shown(name: Option<&str>) -> Message {
    match name {
        Some(name) => Message::quoted(format!("`{name}`")),
        None => message!("yaml-the-document"),
    }
}
