//! Reads the tables of both files with typed errors that name the line: an unknown key is one, with the key that was meant.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml_edit::{Document, Item, TableLike, Value};

use super::nearest_key::nearest_key;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::safety::value_count::{MOST_WRITTEN, count_toml};

/// A line of a file that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TomlFault {
    /// The number of the line.
    pub(super) line: usize,
    /// The reason, as a sentence without a full stop.
    pub(super) why: Message,
}

/// Parses `text`.
///
/// # Errors
/// The line that is not TOML; the first line if parsing the text would take too much memory.
pub(super) fn parse(text: &str) -> Result<Document<&str>, TomlFault> {
    if count_toml(text.as_bytes()) > MOST_WRITTEN {
        let why = message!("lock-too-many-values", most = MOST_WRITTEN);
        return Err(TomlFault { line: 1, why });
    }
    Document::parse(text).map_err(|error| {
        let words: Vec<&str> = error.message().split_whitespace().collect();
        TomlFault {
            line: line_of(text, error.span()),
            why: Message::quoted(printable(&words.join(" "))),
        }
    })
}

fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start).min(text.len());
    1 + text.as_bytes()[..start]
        .iter()
        .filter(|it| **it == b'\n')
        .count()
}

/// A table, and the text that it is part of.
#[derive(Clone)]
pub(super) struct TomlTable<'a> {
    text: &'a str,
    table: &'a dyn TableLike,
    line: usize,
}

impl<'a> TomlTable<'a> {
    /// The whole `document` of `text`.
    pub(super) fn root(text: &'a str, document: &'a Document<&str>) -> Self {
        Self {
            text,
            table: document.as_table(),
            line: 1,
        }
    }

    /// The line that it begins in.
    pub(super) const fn line(&self) -> usize {
        self.line
    }

    /// Returns a fault of this table.
    pub(super) const fn fault(&self, why: Message) -> TomlFault {
        TomlFault {
            line: self.line,
            why,
        }
    }

    /// Returns a fault of the value of `key`.
    pub(super) fn fault_of(&self, key: &str, why: Message) -> TomlFault {
        TomlFault {
            line: self.line_of(key),
            why,
        }
    }

    fn line_of(&self, key: &str) -> usize {
        let key_span = self.table.key(key).and_then(toml_edit::Key::span);
        let span = key_span.or_else(|| self.table.get(key)?.span());
        match span {
            Some(span) => line_of(self.text, Some(span)),
            None => self.line,
        }
    }

    /// Refuses keys other than `known`.
    pub(super) fn check_keys(&self, known: &[&str]) -> Result<(), TomlFault> {
        let mut keys = self.table.iter().map(|(key, _)| key);
        let Some(unknown) = keys.find(|key| !known.contains(key)) else {
            return Ok(());
        };
        let key = printable(unknown);
        let why = match nearest_key(unknown, known) {
            Some(meant) => message!("lock-unknown-key-meant", key = key, meant = meant),
            None => message!("lock-unknown-key", key = key, known = known.join(", ")),
        };
        Err(self.fault_of(unknown, why))
    }

    /// The text at `key`.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, TomlFault> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_str() {
            Some(text) => Ok(Some(text)),
            None => Err(self.fault_of(key, message!("lock-not-a-string", key = key))),
        }
    }

    /// The text at `key`, which must be there.
    pub(super) fn required_text(&self, key: &str) -> Result<&'a str, TomlFault> {
        self.text(key)?
            .ok_or_else(|| self.fault(message!("lock-key-missing", key = key)))
    }

    /// The text at `key` as a `T`.
    pub(super) fn parsed<T>(&self, key: &str) -> Result<Option<T>, TomlFault>
    where
        T: FromStr<Err: Display>,
    {
        let text = self.text(key)?;
        text.map(|text| self.parse_value(key, text)).transpose()
    }

    /// The text at `key`, which must be there, as a `T`.
    pub(super) fn required<T>(&self, key: &str) -> Result<T, TomlFault>
    where
        T: FromStr<Err: Display>,
    {
        self.parse_value(key, self.required_text(key)?)
    }

    fn parse_value<T>(&self, key: &str, text: &str) -> Result<T, TomlFault>
    where
        T: FromStr<Err: Display>,
    {
        text.parse()
            .map_err(|why: T::Err| self.fault_of(key, invalid(key, text, &why)))
    }

    /// The integer at `key`, which is not negative.
    pub(super) fn number(&self, key: &str) -> Result<Option<u64>, TomlFault> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let number = item
            .as_integer()
            .and_then(|number| u64::try_from(number).ok());
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.fault_of(key, message!("lock-not-a-number", key = key))),
        }
    }

    /// The list of texts at `key`, each as a `T`.
    pub(super) fn list<T>(&self, key: &str) -> Result<Option<Vec<T>>, TomlFault>
    where
        T: FromStr<Err: Display>,
    {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let complaint = || self.fault_of(key, message!("lock-not-a-list", key = key));
        let array = item.as_array().ok_or_else(complaint)?;
        let values = array.iter().map(|value| {
            let text = value.as_str().ok_or_else(complaint)?;
            text.parse().map_err(|why: T::Err| TomlFault {
                line: line_of(self.text, value.span()),
                why: invalid(key, text, &why),
            })
        });
        values.collect::<Result<Vec<T>, _>>().map(Some)
    }

    /// The table at `key`.
    pub(super) fn table(&self, key: &str) -> Result<Option<Self>, TomlFault> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_table_like() {
            Some(table) => Ok(Some(Self {
                text: self.text,
                table,
                line: self.line_of(key),
            })),
            None => Err(self.fault_of(key, message!("lock-not-a-table", key = key))),
        }
    }

    /// The tables of the list at `key`, written as an array of tables or as an array; none if it is missing.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Self>, TomlFault> {
        let table = |table: &'a dyn TableLike, span| Self {
            text: self.text,
            table,
            line: line_of(self.text, span),
        };
        match self.table.get(key) {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => {
                let tables = tables.iter().map(|it| table(it, it.span()));
                Ok(tables.collect())
            }
            Some(Item::Value(Value::Array(values))) => {
                let tables = values.iter().map(|value| match value.as_inline_table() {
                    Some(inline) => Ok(table(inline, value.span())),
                    None => Err(TomlFault {
                        line: line_of(self.text, value.span()),
                        why: message!("lock-not-tables", key = key),
                    }),
                });
                tables.collect()
            }
            Some(_) => Err(self.fault_of(key, message!("lock-not-tables", key = key))),
        }
    }
}

fn invalid(key: &str, text: &str, why: &impl Display) -> Message {
    message!(
        "lock-invalid-value",
        key = key,
        value = printable(text),
        why = why.to_string()
    )
}
