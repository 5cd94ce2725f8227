//! `nginx.conf`, as far as programs in Lua depend on it (nginx.org/en/docs/beginners_guide.html, "Configuration File's Structure"; code of
//! Lua is in `*_by_lua_block`, github.com/openresty/lua-nginx-module). Directives are read wherever they are; included files are not.

/// A directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NginxDirective {
    /// Its line, from 1.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Its words; not the code of Lua.
    pub words: Vec<String>,
}

/// The most directives that are read.
const MOST: usize = 10_000;

/// Returns the directives of `source`, in order.
pub fn directives(source: &str) -> Vec<NginxDirective> {
    let mut reader = NginxReader {
        rest: source,
        line: 1,
    };
    let mut found = Vec::new();
    let mut words: Vec<(usize, String)> = Vec::new();
    while let Some(token) = reader.next_token() {
        match token {
            NginxToken::Word(line, word) => words.push((line, word)),
            NginxToken::Semicolon | NginxToken::Open | NginxToken::Close => {
                let is_lua = words
                    .first()
                    .is_some_and(|(_, it)| it.ends_with("_by_lua_block"));
                if is_lua && token == NginxToken::Open {
                    reader.skip_lua();
                }
                let mut all = words.drain(..);
                if let Some((line, name)) = all.next() {
                    let words = all.map(|(_, word)| word).collect();
                    found.push(NginxDirective { line, name, words });
                }
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

#[derive(Debug, PartialEq, Eq)]
enum NginxToken {
    Word(usize, String),
    Semicolon,
    Open,
    Close,
}

struct NginxReader<'a> {
    rest: &'a str,
    line: usize,
}

impl NginxReader<'_> {
    fn next_char(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn next_token(&mut self) -> Option<NginxToken> {
        loop {
            let line = self.line;
            match self.next_char()? {
                c if c.is_whitespace() || c == '\u{feff}' => {}
                '#' => self.skip_line(),
                ';' => return Some(NginxToken::Semicolon),
                '{' => return Some(NginxToken::Open),
                '}' => return Some(NginxToken::Close),
                quote @ ('"' | '\'') => {
                    let word = self.quoted(quote);
                    return Some(NginxToken::Word(line, word));
                }
                c => return Some(NginxToken::Word(line, self.word(c))),
            }
        }
    }

    fn skip_line(&mut self) {
        while self.next_char().is_some_and(|c| c != '\n') {}
    }

    /// The text up to `quote`, which is behind the reader. A backslash takes the next sign as it is.
    fn quoted(&mut self, quote: char) -> String {
        let mut text = String::new();
        while let Some(c) = self.next_char() {
            match c {
                '\\' => text.extend(self.next_char()),
                c if c == quote => break,
                c => text.push(c),
            }
        }
        text
    }

    /// The rest of the word that begins with `first`. `${name}` is a part of it.
    fn word(&mut self, first: char) -> String {
        let mut word = String::from(first);
        while let Some(c) = self.rest.chars().next() {
            let is_variable = c == '{' && word.ends_with('$');
            let ends = c.is_whitespace() || c == ';' || c == '{' && !is_variable;
            if ends {
                break;
            }
            word.extend(self.next_char());
            if c == '\\' {
                word.extend(self.next_char());
            }
        }
        word
    }

    /// Skips code of Lua up to the brace that ends its block. Braces in its strings and comments do not count.
    fn skip_lua(&mut self) {
        let mut depth = 1_usize;
        while let Some(c) = self.next_char() {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                '"' | '\'' => drop(self.quoted(c)),
                '-' if self.rest.starts_with('-') => {
                    self.next_char();
                    match self.rest.starts_with('[') {
                        true => self.skip_long_or_line(),
                        false => self.skip_line(),
                    }
                }
                '[' => {
                    self.skip_long();
                }
                _ => {}
            }
        }
    }

    fn skip_long_or_line(&mut self) {
        self.next_char();
        if !self.skip_long() {
            self.skip_line();
        }
    }

    /// Skips a long bracket, whose first `[` is before the reader; returns whether there is one.
    fn skip_long(&mut self) -> bool {
        let level = self.rest.len() - self.rest.trim_start_matches('=').len();
        if !self.rest[level..].starts_with('[') {
            return false;
        }
        let end = format!("]{}]", "=".repeat(level));
        let length = self
            .rest
            .find(&end)
            .map_or(self.rest.len(), |at| at + end.len());
        let (skipped, rest) = self.rest.split_at(length);
        self.line += skipped.matches('\n').count();
        self.rest = rest;
        true
    }
}

#[cfg(test)]
mod tests;
