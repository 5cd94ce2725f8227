//! Source text of Lua as tokens (lua.org/manual/5.4/manual.html#3.1), for manifests that are Lua. Nothing is ever run.

use super::edit::EditRefusal;
use super::text;
use crate::message::message;

/// The most tokens of a file; each is kept in memory.
const MOST_TOKENS: usize = 200_000;

/// A token: a name, a keyword, a literal, or a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LuaToken {
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its kind.
    pub kind: LuaTokenKind,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LuaTokenKind {
    /// A name or a keyword.
    Word,
    /// A string, with its value.
    Text(String),
    /// A number.
    Number,
    /// An operator or a separator.
    Symbol,
}

/// A file's tokens and comments, each in order.
#[derive(Debug)]
pub struct LuaSource<'a> {
    /// The text.
    pub text: &'a str,
    /// The tokens.
    pub tokens: Vec<LuaToken>,
    /// Where comments start and end, without the line break that ends one.
    pub comments: Vec<(usize, usize)>,
}

/// The symbols of more than one character, longest first.
const LONG_SYMBOLS: [&str; 10] = ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"];

impl<'a> LuaSource<'a> {
    /// Reads `text`, which may start with a byte order mark and a line that names an interpreter.
    ///
    /// # Errors
    /// The line that is not Lua.
    pub fn read(text: &'a str) -> Result<Self, EditRefusal> {
        let mut source = Self {
            text,
            tokens: Vec::new(),
            comments: Vec::new(),
        };
        let mut at = text::byte_order_mark(text).len();
        if text[at..].starts_with('#') {
            let end = end_of_line(text, at);
            source.comments.push((at, end));
            at = end;
        }
        while let Some(c) = text[at..].chars().next() {
            at = match c {
                _ if c.is_ascii_whitespace() || c == '\x0b' => at + 1,
                '-' if text[at..].starts_with("--") => source.comment(at)?,
                '"' | '\'' => source.quoted(at, c)?,
                '[' => match long_bracket(text, at) {
                    Some((body, end)) => source.long_text(at, body, end)?,
                    None => source.symbol(at, 1),
                },
                '0'..='9' => source.number(at),
                '.' if text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => {
                    source.number(at)
                }
                _ if is_word(c) => {
                    let length = text[at..].find(|c| !is_word(c));
                    source.push(
                        at,
                        length.map_or(text.len(), |it| at + it),
                        LuaTokenKind::Word,
                    )
                }
                _ if c.is_ascii_punctuation() && !"!$?@\\`".contains(c) => {
                    let mut long = LONG_SYMBOLS.iter();
                    let long = long.find(|it| text[at..].starts_with(**it));
                    source.symbol(at, long.map_or(1, |it| it.len()))
                }
                _ => return Err(source.refuse(at)),
            };
            if source.tokens.len() > MOST_TOKENS {
                text::check_values(source.tokens.len(), MOST_TOKENS)?;
            }
        }
        Ok(source)
    }

    /// The text of the token `index`; nothing behind the last.
    pub fn word(&self, index: usize) -> &'a str {
        let token = self.tokens.get(index);
        token.map_or("", |it| &self.text[it.start..it.end])
    }

    /// Whether the token `index` is `symbol` or the keyword `symbol`, and not a string of that text.
    pub fn is(&self, index: usize, symbol: &str) -> bool {
        self.word(index) == symbol && self.value(index).is_none()
    }

    /// The value of the token `index` if it is a string.
    pub fn value(&self, index: usize) -> Option<&str> {
        match &self.tokens.get(index)?.kind {
            LuaTokenKind::Text(value) => Some(value),
            LuaTokenKind::Word | LuaTokenKind::Number | LuaTokenKind::Symbol => None,
        }
    }

    /// The line, from 1, of the token `index`, or the last one.
    pub fn line(&self, index: usize) -> usize {
        let token = self.tokens.get(index);
        text::line_of(self.text, token.map_or(self.text.len(), |it| it.start))
    }

    /// The refusal of the byte at `at`.
    fn refuse(&self, at: usize) -> EditRefusal {
        EditRefusal::unparsable(text::line_of(self.text, at), message!("project-lua-syntax"))
    }

    fn push(&mut self, start: usize, end: usize, kind: LuaTokenKind) -> usize {
        self.tokens.push(LuaToken { start, end, kind });
        end
    }

    fn symbol(&mut self, at: usize, length: usize) -> usize {
        self.push(at, at + length, LuaTokenKind::Symbol)
    }

    fn number(&mut self, at: usize) -> usize {
        let mut end = at;
        let mut before = ' ';
        for c in self.text[at..].chars() {
            let is_sign = "+-".contains(c) && "eEpP".contains(before);
            if !(c.is_ascii_alphanumeric() || c == '.' || is_sign) {
                break;
            }
            before = c;
            end += 1;
        }
        self.push(at, end, LuaTokenKind::Number)
    }

    /// A comment, of one line or between long brackets.
    fn comment(&mut self, at: usize) -> Result<usize, EditRefusal> {
        let end = match long_bracket(self.text, at + 2) {
            Some((_, Some(end))) => end,
            Some((_, None)) => return Err(self.refuse(at)),
            None => end_of_line(self.text, at),
        };
        self.comments.push((at, end));
        Ok(end)
    }

    fn long_text(
        &mut self,
        at: usize,
        body: usize,
        end: Option<usize>,
    ) -> Result<usize, EditRefusal> {
        let Some(end) = end else {
            return Err(self.refuse(at));
        };
        let width = body - at;
        let value = &self.text[body..end - width];
        // A line break behind the opening bracket does not count.
        let value = value.strip_prefix("\r\n").unwrap_or(value);
        let value = value.strip_prefix('\n').unwrap_or(value).to_owned();
        Ok(self.push(at, end, LuaTokenKind::Text(value)))
    }

    fn quoted(&mut self, at: usize, quote: char) -> Result<usize, EditRefusal> {
        let mut value = String::new();
        let mut rest = self.text[at + 1..].char_indices().peekable();
        while let Some((offset, c)) = rest.next() {
            match c {
                _ if c == quote => {
                    let end = at + 1 + offset + 1;
                    return Ok(self.push(at, end, LuaTokenKind::Text(value)));
                }
                '\n' | '\r' => break,
                '\\' => match rest.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 't')) => value.push('\t'),
                    // White space up to the next character, line breaks too.
                    Some((_, 'z')) => {
                        while rest.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
                    }
                    Some((_, '\r')) => {
                        rest.next_if(|(_, c)| *c == '\n');
                        value.push('\n');
                    }
                    Some((_, digit @ '0'..='9')) => {
                        let mut code = digit.to_digit(10).unwrap_or_default();
                        for _ in 0..2 {
                            let next = rest.next_if(|(_, c)| c.is_ascii_digit());
                            let next = next.and_then(|(_, c)| c.to_digit(10));
                            code = next.map_or(code, |next| code * 10 + next);
                        }
                        value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some((_, 'x')) => {
                        let mut code = 0;
                        for _ in 0..2 {
                            let next = rest.next_if(|(_, c)| c.is_ascii_hexdigit());
                            let next = next.and_then(|(_, c)| c.to_digit(16));
                            code = code * 16 + next.unwrap_or_default();
                        }
                        value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some((_, other)) => value.push(other),
                    None => break,
                },
                _ => value.push(c),
            }
        }
        Err(self.refuse(at))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Where the line of `at` ends, without its line break.
fn end_of_line(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let line = rest.split('\n').next().unwrap_or_default();
    at + line.strip_suffix('\r').unwrap_or(line).len()
}

/// The opening long bracket at `at`: where its body starts, and where what it opens ends, if it is closed.
fn long_bracket(text: &str, at: usize) -> Option<(usize, Option<usize>)> {
    let inside = text.get(at..)?.strip_prefix('[')?;
    let level = inside.len() - inside.trim_start_matches('=').len();
    if !inside[level..].starts_with('[') {
        return None;
    }
    let body = at + level + 2;
    let close = format!("]{}]", "=".repeat(level));
    let end = text[body..].find(&close);
    Some((body, end.map(|it| body + it + close.len())))
}

#[cfg(test)]
mod tests;
