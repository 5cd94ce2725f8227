//! JSON with positions: which member of an object stands where, in bytes. Whether the text is JSON at all, serde_json tells
//! first; this only finds places in a text that is.

use serde::de::IgnoredAny;

use super::{edit::EditRefusal, text};
use crate::message::{Message, message};

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonObject {
    /// Where `{` stands.
    pub(super) opening: usize,
    /// Where `}` stands.
    pub(super) closing: usize,
    /// Its members, in order.
    pub(super) members: Vec<JsonMember>,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonMember {
    /// Its name.
    pub(super) key: String,
    /// Where the name's opening quote stands.
    pub(super) start: usize,
    /// Where the name's closing quote ends.
    pub(super) key_end: usize,
    /// Where the value starts.
    pub(super) value: usize,
    /// Where the value ends.
    pub(super) end: usize,
}

impl JsonObject {
    /// The member that is called `key`.
    pub(super) fn member(&self, key: &str) -> Option<&JsonMember> {
        self.members.iter().find(|member| member.key == key)
    }
}

/// The object that `source` is, or which line is wrong.
pub(super) fn read(source: &str) -> Result<JsonObject, EditRefusal> {
    let start = text::byte_order_mark(source).len();
    let body = source.get(start..).unwrap_or_default();
    if let Err(error) = serde_json::from_str::<IgnoredAny>(body) {
        let whole = error.to_string();
        // The text of serde_json contains line and column, too.
        let reason = whole.split(" at line ").next().unwrap_or(&whole);
        return Err(EditRefusal::Unparsable {
            line: error.line().max(1),
            reason: message!("project-json-reason", reason = Message::quoted(reason)),
        });
    }
    let at = JsonScanner { source, at: start }.after_space();
    object(source, at)?.ok_or_else(|| EditRefusal::Unparsable {
        line: text::line_of(source, at),
        reason: message!("project-json-object"),
    })
}

/// The object that starts at `at`; `None` where another value does. A name that stands there twice is refused: readers
/// disagree about which one counts.
pub(super) fn object(source: &str, at: usize) -> Result<Option<JsonObject>, EditRefusal> {
    let mut scanner = JsonScanner { source, at };
    if scanner.peek() != Some(b'{') {
        return Ok(None);
    }
    let mut object = JsonObject {
        opening: at,
        closing: at,
        members: Vec::new(),
    };
    let mut known = std::collections::HashSet::new();
    scanner.at += 1;
    loop {
        scanner.at = scanner.after_space();
        match scanner.peek() {
            Some(b'"') => {
                let start = scanner.at;
                scanner.skip_string();
                let key_end = scanner.at;
                let key = string(source, start, key_end).unwrap_or_default();
                scanner.at = scanner.after_space() + 1; // the colon
                scanner.at = scanner.after_space();
                let value = scanner.at;
                scanner.skip_value();
                if !known.insert(key.clone()) {
                    return Err(EditRefusal::Unparsable {
                        line: text::line_of(source, start),
                        reason: message!("project-json-twice", key = key),
                    });
                }
                object.members.push(JsonMember {
                    key,
                    start,
                    key_end,
                    value,
                    end: scanner.at,
                });
            }
            Some(b',') => scanner.at += 1,
            _ => {
                object.closing = scanner.at;
                return Ok(Some(object));
            }
        }
    }
}

/// The string that stands at `start..end`, unescaped; `None` where another value does.
pub(super) fn string(source: &str, start: usize, end: usize) -> Option<String> {
    serde_json::from_str(source.get(start..end)?).ok()
}

struct JsonScanner<'a> {
    source: &'a str,
    at: usize,
}

impl JsonScanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn after_space(&self) -> usize {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        let space = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        self.at + space.count()
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => return,
                _ => {}
            }
        }
    }

    /// Skips an object, a list, a string or a bare word, without recursion.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return,
                _ => self.at += 1,
            }
            if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
                return;
            }
        }
    }
}
