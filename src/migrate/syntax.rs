//! Comments and strings of the languages and formats that are read: enough to tell a use from a mention, for any bytes.

use serde::Deserialize;

use super::segment::line_start;

/// How comments and strings are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// Java.
    Java,
    /// Kotlin, also Gradle's.
    Kotlin,
    /// Scala.
    Scala,
    /// Groovy, also Gradle's.
    Groovy,
    /// Go.
    Go,
    /// C#.
    CSharp,
    /// F#.
    FSharp,
    /// Python.
    Python,
    /// R.
    R,
    /// JSON, also with comments.
    Json,
    /// XML.
    Xml,
    /// Java's properties.
    Properties,
    /// INI files.
    Ini,
    /// YAML, TOML, shells, Dockerfiles, and other formats with `#` comments.
    Hash,
}

/// What a stretch of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StretchKind {
    /// Code outside strings.
    Code,
    /// The content of a string, or a setting.
    Text,
    /// A comment.
    Comment,
}

/// A stretch of one kind: byte offsets `start..end`. The quotes of a string belong to the code around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What it is.
    pub kind: StretchKind,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// One way to write a string.
struct StringForm {
    open: &'static [u8],
    close: &'static [u8],
    /// Whether a backslash takes the next byte with it.
    escapes: bool,
    /// Whether `close` written twice stands for itself.
    doubles: bool,
    /// Whether it may contain line ends.
    multiline: bool,
}

impl StringForm {
    const fn plain(quote: &'static [u8]) -> Self {
        Self {
            open: quote,
            close: quote,
            escapes: true,
            doubles: false,
            multiline: false,
        }
    }

    const fn raw(open: &'static [u8], close: &'static [u8]) -> Self {
        Self {
            open,
            close,
            escapes: false,
            doubles: false,
            multiline: true,
        }
    }

    const fn block(quote: &'static [u8]) -> Self {
        Self {
            open: quote,
            close: quote,
            escapes: true,
            doubles: false,
            multiline: true,
        }
    }

    const fn verbatim(open: &'static [u8]) -> Self {
        Self {
            open,
            close: b"\"",
            escapes: false,
            doubles: true,
            multiline: true,
        }
    }
}

/// The grammar of a syntax: what opens comments and strings, longest first.
struct Grammar {
    line_comments: &'static [&'static [u8]],
    /// Whether a line comment needs white space or the line's start before it.
    spaced: bool,
    /// Whether a line comment is one only at the start of a line.
    at_line_start: bool,
    block_comment: Option<(&'static [u8], &'static [u8])>,
    nested: bool,
    strings: &'static [StringForm],
    /// Whether `'x'` is a character, so that a single quote opens no string.
    characters: bool,
    /// Whether a block string that is a statement of its own is a comment.
    docstrings: bool,
    /// Whether everything that is not a comment is a setting.
    settings: bool,
}

const NO_GRAMMAR: Grammar = Grammar {
    line_comments: &[],
    spaced: false,
    at_line_start: false,
    block_comment: None,
    nested: false,
    strings: &[],
    characters: false,
    docstrings: false,
    settings: false,
};

const C_LIKE: Grammar = Grammar {
    line_comments: &[b"//"],
    block_comment: Some((b"/*", b"*/")),
    characters: true,
    ..NO_GRAMMAR
};

const SETTINGS: Grammar = Grammar {
    settings: true,
    ..NO_GRAMMAR
};

impl Syntax {
    /// Whether everything that is not a comment is a setting.
    pub fn is_settings(self) -> bool {
        self.grammar().settings
    }

    fn grammar(self) -> Grammar {
        match self {
            Self::Java => Grammar {
                strings: const { &[StringForm::block(b"\"\"\""), StringForm::plain(b"\"")] },
                ..C_LIKE
            },
            Self::Kotlin | Self::Scala => Grammar {
                nested: true,
                strings: const {
                    &[
                        StringForm::raw(b"\"\"\"", b"\"\"\""),
                        StringForm::plain(b"\""),
                    ]
                },
                ..C_LIKE
            },
            Self::Groovy => Grammar {
                characters: false,
                strings: const {
                    &[
                        StringForm::block(b"\"\"\""),
                        StringForm::block(b"'''"),
                        StringForm::plain(b"\""),
                        StringForm::plain(b"'"),
                    ]
                },
                ..C_LIKE
            },
            Self::Go => Grammar {
                strings: const { &[StringForm::raw(b"`", b"`"), StringForm::plain(b"\"")] },
                ..C_LIKE
            },
            Self::CSharp => Grammar {
                strings: const {
                    &[
                        StringForm::raw(b"\"\"\"", b"\"\"\""),
                        StringForm::verbatim(b"$@\""),
                        StringForm::verbatim(b"@$\""),
                        StringForm::verbatim(b"@\""),
                        StringForm::plain(b"\""),
                    ]
                },
                ..C_LIKE
            },
            Self::FSharp => Grammar {
                block_comment: Some((b"(*", b"*)")),
                nested: true,
                strings: const {
                    &[
                        StringForm::raw(b"\"\"\"", b"\"\"\""),
                        StringForm::verbatim(b"@\""),
                        StringForm::block(b"\""),
                    ]
                },
                ..C_LIKE
            },
            Self::Python => Grammar {
                line_comments: &[b"#"],
                docstrings: true,
                strings: const {
                    &[
                        StringForm::block(b"\"\"\""),
                        StringForm::block(b"'''"),
                        StringForm::plain(b"\""),
                        StringForm::plain(b"'"),
                    ]
                },
                ..NO_GRAMMAR
            },
            Self::R => Grammar {
                line_comments: &[b"#"],
                strings: const { &[StringForm::block(b"\""), StringForm::block(b"'")] },
                ..NO_GRAMMAR
            },
            Self::Json => Grammar {
                line_comments: &[b"//"],
                spaced: true,
                block_comment: Some((b"/*", b"*/")),
                strings: const { &[StringForm::plain(b"\"")] },
                ..NO_GRAMMAR
            },
            Self::Xml => Grammar {
                block_comment: Some((b"<!--", b"-->")),
                ..SETTINGS
            },
            Self::Properties => Grammar {
                line_comments: &[b"#", b"!"],
                at_line_start: true,
                ..SETTINGS
            },
            Self::Ini => Grammar {
                line_comments: &[b";", b"#"],
                at_line_start: true,
                ..SETTINGS
            },
            Self::Hash => Grammar {
                line_comments: &[b"#"],
                spaced: true,
                ..SETTINGS
            },
        }
    }

    /// Returns the stretches of `bytes`, in order and without gaps.
    pub fn stretches(self, bytes: &[u8]) -> Vec<Stretch> {
        let mut reader = StretchReader {
            bytes,
            grammar: self.grammar(),
            is_utf8: std::str::from_utf8(bytes).is_ok(),
            at: 0,
            start: 0,
            stretches: Vec::new(),
        };
        reader.read();
        reader.stretches
    }
}

struct StretchReader<'a> {
    bytes: &'a [u8],
    grammar: Grammar,
    /// Else the file may be in GB18030, whose second bytes can look like a backslash.
    is_utf8: bool,
    at: usize,
    /// Where the stretch that is being read begins.
    start: usize,
    stretches: Vec<Stretch>,
}

impl StretchReader<'_> {
    fn read(&mut self) {
        let plain = if self.grammar.settings {
            StretchKind::Text
        } else {
            StretchKind::Code
        };
        while self.at < self.bytes.len() {
            if self.opens_line_comment() {
                self.finish(plain);
                self.at = self.line_end(self.at);
                self.finish(StretchKind::Comment);
            } else if let Some((open, close)) = self.block_comment() {
                self.finish(plain);
                self.pass_block_comment(open, close);
                self.finish(StretchKind::Comment);
            } else if self.grammar.characters && self.bytes[self.at] == b'\'' {
                self.at = self.after_character();
            } else if let Some(form) = self.string_form() {
                let is_docstring = self.is_docstring(form);
                self.at += form.open.len();
                self.finish(plain);
                self.pass_string(form);
                self.finish(match is_docstring {
                    true => StretchKind::Comment,
                    false => StretchKind::Text,
                });
                if self.starts_with(form.close) {
                    self.at += form.close.len();
                }
            } else {
                self.at = self.after_symbol();
            }
        }
        self.finish(plain);
    }

    fn finish(&mut self, kind: StretchKind) {
        if self.start < self.at {
            self.stretches.push(Stretch {
                kind,
                start: self.start,
                end: self.at,
            });
        }
        self.start = self.at;
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(text)
    }

    /// The bytes of the current line before the position.
    fn line_so_far(&self) -> &[u8] {
        &self.bytes[line_start(self.bytes, self.at)..self.at]
    }

    fn opens_line_comment(&self) -> bool {
        let opens = |mark: &&[u8]| self.starts_with(mark);
        if !self.grammar.line_comments.iter().any(opens) {
            return false;
        }
        if self.grammar.at_line_start {
            return self.line_so_far().iter().all(u8::is_ascii_whitespace);
        }
        let previous = self.at.checked_sub(1).map(|at| self.bytes[at]);
        !self.grammar.spaced || previous.is_none_or(|byte| byte.is_ascii_whitespace())
    }

    fn block_comment(&self) -> Option<(&'static [u8], &'static [u8])> {
        self.grammar
            .block_comment
            .filter(|(open, _)| self.starts_with(open))
    }

    fn pass_block_comment(&mut self, open: &[u8], close: &[u8]) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            if self.starts_with(close) {
                self.at += close.len();
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            } else if self.starts_with(open) && (depth == 0 || self.grammar.nested) {
                self.at += open.len();
                depth += 1;
            } else {
                self.at += 1;
            }
        }
    }

    fn string_form(&self) -> Option<&'static StringForm> {
        let strings: &'static [StringForm] = self.grammar.strings;
        strings.iter().find(|form| self.starts_with(form.open))
    }

    /// Whether a string that opens here is a statement of its own.
    fn is_docstring(&self, form: &StringForm) -> bool {
        self.grammar.docstrings
            && form.multiline
            && self
                .line_so_far()
                .iter()
                .all(|byte| byte.is_ascii_whitespace() || b"rRuUbB".contains(byte))
    }

    /// Moves to the closing quote, or to where the string has to end without one.
    fn pass_string(&mut self, form: &StringForm) {
        while self.at < self.bytes.len() {
            if self.starts_with(form.close) {
                let twice = self.bytes[self.at + form.close.len()..].starts_with(form.close);
                if !form.doubles || !twice {
                    return;
                }
                self.at += 2 * form.close.len();
            } else if form.escapes && self.bytes[self.at] == b'\\' {
                self.at = (self.at + 2).min(self.bytes.len());
            } else if !form.multiline && self.bytes[self.at] == b'\n' {
                return;
            } else {
                self.at = self.after_symbol();
            }
        }
    }

    /// The position after a character literal; after the quote if there is none.
    fn after_character(&self) -> usize {
        /// `'\u{10FFFF}'` has no more.
        const LONGEST: usize = 12;
        let rest = &self.bytes[self.at + 1..self.bytes.len().min(self.at + LONGEST)];
        let close = match rest.first() {
            Some(b'\\') => rest
                .iter()
                .skip(2)
                .position(|byte| *byte == b'\'')
                .map(|at| at + 2),
            // One character: up to four bytes.
            Some(_) => rest
                .iter()
                .take(5)
                .skip(1)
                .position(|byte| *byte == b'\'')
                .map(|at| at + 1),
            None => None,
        };
        match close {
            Some(close) if !rest[..close].contains(&b'\n') => self.at + 1 + close + 1,
            _ => self.at + 1,
        }
    }

    /// The position after the byte at the position, or after both bytes of a Chinese character that is not in UTF-8.
    fn after_symbol(&self) -> usize {
        let second = self.bytes.get(self.at + 1);
        let is_pair = !self.is_utf8
            && self.bytes[self.at] >= 0x81
            && second.is_some_and(|byte| *byte >= 0x40 && *byte != 0x7f);
        (self.at + 1 + usize::from(is_pair)).min(self.bytes.len())
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = &self.bytes[from..];
        rest.iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.bytes.len(), |at| from + at)
    }
}

#[cfg(test)]
mod tests;
