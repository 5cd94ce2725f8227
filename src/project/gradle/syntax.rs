//! Reads Gradle scripts as far as an edit needs it: words, strings and blocks, with their places. Comments and what is inside strings are
//! never taken for code (docs.gradle.org, "Writing Build Scripts").

use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::text;

/// The language of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptLanguage {
    /// `build.gradle`.
    Groovy,
    /// `build.gradle.kts`.
    Kotlin,
}

/// A word, a string or a sign of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptToken<'a> {
    pub(super) kind: TokenKind,
    /// The text; of a string, that between its quotes.
    pub(super) text: &'a str,
    /// The offset of `text` in bytes.
    pub(super) at: usize,
    /// The end of the whole token in bytes, quotes included.
    pub(super) end: usize,
    /// The block that it is in; 0 is the script.
    pub(super) block: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Text,
    Sign,
    LineBreak,
}

/// A block in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptBlock {
    /// The words of the statement before the brace, without blanks.
    pub(super) head: String,
    /// The block that it is in.
    pub(super) parent: usize,
    /// The offset of `{`.
    pub(super) open: usize,
    /// The offset of `}`.
    pub(super) close: usize,
}

/// A script, read.
#[derive(Debug)]
pub(super) struct Script<'a> {
    pub(super) source: &'a str,
    pub(super) tokens: Vec<ScriptToken<'a>>,
    /// The blocks; the first stands for the script itself.
    pub(super) blocks: Vec<ScriptBlock>,
}

/// The deepest nesting that is read.
const DEPTH: usize = 200;

impl<'a> Script<'a> {
    /// Reads `source`.
    ///
    /// # Errors
    /// The line of a string, a comment or a block that is not closed.
    pub(super) fn read(source: &'a str, language: ScriptLanguage) -> Result<Self, EditRefusal> {
        let mut scanner = Scanner {
            source,
            language,
            at: text::byte_order_mark(source).len(),
        };
        let mut script = Self {
            source,
            tokens: Vec::new(),
            blocks: vec![ScriptBlock {
                head: String::new(),
                parent: 0,
                open: 0,
                close: source.len(),
            }],
        };
        let mut open: Vec<usize> = vec![0];
        while let Some(found) = scanner.next(script.tokens.last())? {
            let mut block = *open.last().unwrap_or(&0);
            if found.kind == TokenKind::Sign && found.text == "{" {
                let head = script.head(block);
                script.blocks.push(ScriptBlock {
                    head,
                    parent: block,
                    open: found.at,
                    close: source.len(),
                });
                block = script.blocks.len() - 1;
                open.push(block);
                if open.len() > DEPTH {
                    return Err(scanner.wrong(found.at, message!("project-gradle-deep")));
                }
            } else if found.kind == TokenKind::Sign && found.text == "}" {
                if open.len() == 1 {
                    return Err(scanner.wrong(found.at, message!("project-gradle-brace")));
                }
                open.pop();
                script.blocks[block].close = found.at;
            }
            script.tokens.push(ScriptToken {
                kind: found.kind,
                text: found.text,
                at: found.at,
                end: scanner.at,
                block,
            });
        }
        match open.last() {
            Some(&block) if block != 0 => {
                let at = script.blocks[block].open;
                Err(scanner.wrong(at, message!("project-gradle-open-block")))
            }
            _ => Ok(script),
        }
    }

    /// The words of the statement that ends with the last token, which is in `block`.
    fn head(&self, block: usize) -> String {
        let same = self
            .tokens
            .iter()
            .rev()
            .take_while(|it| {
                it.block == block
                    && it.kind != TokenKind::LineBreak
                    && !(it.kind == TokenKind::Sign && ["{", "}", ";"].contains(&it.text))
            })
            .map(|it| it.text);
        let mut words: Vec<_> = same.collect();
        words.reverse();
        words.concat()
    }

    /// The blocks directly in `parent` with just this head.
    pub(super) fn blocks_named<'s>(
        &'s self,
        parent: usize,
        head: &'s str,
    ) -> impl Iterator<Item = usize> + 's {
        let blocks = self.blocks.iter().enumerate().skip(1);
        blocks
            .filter(move |(_, it)| it.parent == parent && it.head == head)
            .map(|(at, _)| at)
    }

    /// The statements directly in `block`: their tokens, line breaks and inner blocks left out.
    pub(super) fn statements(&self, block: usize) -> Vec<Vec<&ScriptToken<'a>>> {
        let mut statements = vec![Vec::new()];
        let mut parentheses = 0_usize;
        for token in self.tokens.iter().filter(|it| it.block == block) {
            match (token.kind, token.text) {
                (TokenKind::Sign, "(" | "[") => parentheses += 1,
                (TokenKind::Sign, ")" | "]") => parentheses = parentheses.saturating_sub(1),
                (TokenKind::Sign, "{" | "}") => continue,
                (TokenKind::LineBreak, _) | (TokenKind::Sign, ";") => {
                    // A comma continues in the next line.
                    let last: Option<&&ScriptToken> =
                        statements.last().and_then(|it: &Vec<_>| it.last());
                    let continues =
                        last.is_some_and(|it| it.kind == TokenKind::Sign && it.text == ",");
                    if parentheses == 0 && !continues {
                        statements.push(Vec::new());
                    }
                    continue;
                }
                _ => {}
            }
            if let Some(last) = statements.last_mut() {
                last.push(token);
            }
        }
        statements.retain(|it| !it.is_empty());
        statements
    }

    /// Whether `word` is a word of the script.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.tokens
            .iter()
            .any(|it| it.kind == TokenKind::Word && it.text == word)
    }

    /// The line, from 1, of the byte at `at`.
    pub(super) fn line(&self, at: usize) -> usize {
        text::line_of(self.source, at)
    }
}

/// A token on its way into the script.
struct Scanned<'a> {
    kind: TokenKind,
    text: &'a str,
    at: usize,
}

struct Scanner<'a> {
    source: &'a str,
    language: ScriptLanguage,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, at: usize, reason: Message) -> EditRefusal {
        EditRefusal::unparsable(text::line_of(self.source, at), reason)
    }

    /// The next token behind `before`.
    fn next(&mut self, before: Option<&ScriptToken>) -> Result<Option<Scanned<'a>>, EditRefusal> {
        self.skip_blanks()?;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(None);
        };
        if first == '\n' {
            self.at += 1;
            return Ok(Some(self.scanned(TokenKind::LineBreak, self.at - 1, 1)));
        }
        if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            self.at += length;
            return Ok(Some(self.scanned(
                TokenKind::Word,
                self.at - length,
                length,
            )));
        }
        let is_slashy = first == '/' && self.language == ScriptLanguage::Groovy && {
            let operand = before.is_some_and(|it| {
                let is_closing = matches!(it.text, ")" | "]" | "}");
                it.kind != TokenKind::LineBreak && (it.kind != TokenKind::Sign || is_closing)
            });
            !operand && !rest.starts_with("/ ")
        };
        if is_slashy {
            return self.slashy().map(Some);
        }
        if first == '"' || first == '\'' {
            return self.quoted(first).map(Some);
        }
        let length = first.len_utf8();
        self.at += length;
        Ok(Some(self.scanned(
            TokenKind::Sign,
            self.at - length,
            length,
        )))
    }

    fn scanned(&self, kind: TokenKind, at: usize, length: usize) -> Scanned<'a> {
        Scanned {
            kind,
            text: self.source.get(at..at + length).unwrap_or_default(),
            at,
        }
    }

    /// Goes past blanks and comments, but not past line breaks. Kotlin's comments nest.
    fn skip_blanks(&mut self) -> Result<(), EditRefusal> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\u{c}']).len();
            self.at += blank;
            let rest = self.rest();
            if rest.starts_with("//") || rest.starts_with("#!") && self.at == 0 {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.skip_comment()?;
            } else if rest.starts_with("\\\n") {
                self.at += 2;
            } else {
                return Ok(());
            }
        }
    }

    fn skip_comment(&mut self) -> Result<(), EditRefusal> {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return Err(self.wrong(start, message!("project-gradle-comment")));
            } else if rest.starts_with("/*") && (depth == 0 || self.nests()) {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(());
                }
            } else {
                self.at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    fn nests(&self) -> bool {
        self.language == ScriptLanguage::Kotlin
    }

    /// A string in one quote or three. `${…}` in it may hold other strings.
    fn quoted(&mut self, quote: char) -> Result<Scanned<'a>, EditRefusal> {
        let start = self.at;
        let three = [quote; 3].iter().collect::<String>();
        let one = quote.to_string();
        let is_long = self.rest().starts_with(&three)
            && (quote == '"' || self.language == ScriptLanguage::Groovy);
        let end = if is_long { three } else { one };
        let escapes = !(is_long && self.language == ScriptLanguage::Kotlin);
        self.at += end.len();
        let inner = self.at;
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else {
                return Err(self.wrong(start, message!("project-gradle-quote")));
            };
            if rest.starts_with(&end) {
                let length = self.at - inner;
                self.at += end.len();
                return Ok(self.scanned(TokenKind::Text, inner, length));
            }
            if c == '\n' && !is_long {
                return Err(self.wrong(start, message!("project-gradle-quote")));
            }
            if c == '\\' && escapes {
                self.at += 1;
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            } else if rest.starts_with("${") && quote == '"' {
                self.at += 2;
                self.skip_expression(start)?;
            } else {
                self.at += c.len_utf8();
            }
        }
    }

    /// Goes behind the `}` of an expression in a string that starts at `start`.
    fn skip_expression(&mut self, start: usize) -> Result<(), EditRefusal> {
        let mut depth = 1_usize;
        let mut strings = 0_usize;
        while depth > 0 {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.wrong(start, message!("project-gradle-quote")));
            };
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                '"' | '\'' => {
                    strings += 1;
                    if strings > DEPTH {
                        return Err(self.wrong(start, message!("project-gradle-deep")));
                    }
                    self.skip_plain_string(c, start)?;
                    continue;
                }
                _ => {}
            }
            self.at += c.len_utf8();
        }
        Ok(())
    }

    /// Goes behind a string in an expression.
    fn skip_plain_string(&mut self, quote: char, start: usize) -> Result<(), EditRefusal> {
        self.at += 1;
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.wrong(start, message!("project-gradle-quote")));
            };
            self.at += c.len_utf8();
            if c == quote {
                return Ok(());
            }
            if c == '\\' {
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            }
        }
    }

    /// Groovy's `/…/`, on one line.
    fn slashy(&mut self) -> Result<Scanned<'a>, EditRefusal> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.rest().chars().next() {
                None | Some('\n') => {
                    return Err(self.wrong(start, message!("project-gradle-quote")));
                }
                Some('/') => {
                    self.at += 1;
                    let length = self.at - start - 2;
                    return Ok(self.scanned(TokenKind::Sign, start + 1, length));
                }
                Some('\\') => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}
