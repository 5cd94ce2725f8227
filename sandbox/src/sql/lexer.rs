//! Text to tokens. Any text has tokens; what SQL does not know becomes [`Kind::Unknown`], for the parser to refuse.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word: keyword or name.
    Word,
    /// A name in backquotes; the token's text is without them.
    Quoted,
    /// `1`, `1.5`, `1e9`.
    Number,
    /// `10d`, `1h`: a number with a unit.
    Duration,
    /// A string; the token's text is without its quotes, escapes as written.
    Text,
    /// Punctuation and operators.
    Symbol,
    /// Anything else.
    Unknown,
}

/// A token and where it starts in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The tokens of the first statement: a semicolon ends it.
pub(crate) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if sql[at..].starts_with("--") {
            at = sql[at..].find('\n').map_or(sql.len(), |line| at + line);
            continue;
        }
        if first == ';' {
            break;
        }
        let token = token(sql, at, first);
        at = token.end;
        tokens.push(token);
    }
    tokens
}

fn token(sql: &str, start: usize, first: char) -> Token<'_> {
    let rest = &sql[start..];
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let make = |kind, length: usize| Token {
        kind,
        text: &rest[..length],
        start,
        end: start + length,
    };
    match first {
        '\'' | '"' | '`' => quoted(rest, start, first),
        '0'..='9' => number(rest, start),
        '.' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => number(rest, start),
        _ if is_word(first) => make(
            Kind::Word,
            rest.find(|next| !is_word(next)).unwrap_or(rest.len()),
        ),
        _ => {
            for symbol in ["->", "<=", ">=", "<>", "!=", "||"] {
                if rest.starts_with(symbol) {
                    return make(Kind::Symbol, symbol.len());
                }
            }
            let known = "()*,.=<>+-/?%".contains(first);
            make(
                if known { Kind::Symbol } else { Kind::Unknown },
                first.len_utf8(),
            )
        }
    }
}

fn quoted(rest: &str, start: usize, quote: char) -> Token<'_> {
    let kind = if quote == '`' {
        Kind::Quoted
    } else {
        Kind::Text
    };
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((index, character)) = characters.next() {
        if character == '\\' && kind == Kind::Text {
            characters.next();
        } else if character == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return Token {
                    kind,
                    text: &rest[1..index],
                    start,
                    end: start + index + 1,
                };
            }
        }
    }
    Token {
        kind: Kind::Unknown,
        text: rest,
        start,
        end: start + rest.len(),
    }
}

fn number(rest: &str, start: usize) -> Token<'_> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let letters = bytes[end..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    let kind = if letters == 0 {
        Kind::Number
    } else {
        Kind::Duration
    };
    end += letters;
    Token {
        kind,
        text: &rest[..end],
        start,
        end: start + end,
    }
}

/// A string's value: escapes resolved, doubled quotes single.
pub(crate) fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('r') => value.push('\r'),
                Some(kept @ ('%' | '_' | 'x')) => value.extend(['\\', kept]),
                Some(other) => value.push(other),
                None => value.push('\\'),
            },
            '\'' | '"' if characters.peek() == Some(&character) => {
                characters.next();
                value.push(character);
            }
            other => value.push(other),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<(Kind, &str)> {
        tokens(sql)
            .into_iter()
            .map(|token| (token.kind, token.text))
            .collect()
    }

    #[test]
    fn tokens_of_a_statement() {
        use Kind::{Duration, Number, Quoted, Symbol, Text, Word};
        assert_eq!(
            texts("select `a b`, tj->'k' from t where v>=1.5e3 and d<10d; rest"),
            [
                (Word, "select"),
                (Quoted, "a b"),
                (Symbol, ","),
                (Word, "tj"),
                (Symbol, "->"),
                (Text, "k"),
                (Word, "from"),
                (Word, "t"),
                (Word, "where"),
                (Word, "v"),
                (Symbol, ">="),
                (Number, "1.5e3"),
                (Word, "and"),
                (Word, "d"),
                (Symbol, "<"),
                (Duration, "10d"),
            ]
        );
    }

    #[test]
    fn open_string_is_unknown() {
        assert_eq!(
            texts("select 'x"),
            [(Kind::Word, "select"), (Kind::Unknown, "'x")]
        );
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(unescape(r#"bin\\"é''\n\x00"#), "bin\\\"é'\n\\x00");
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_tokens(sql: String) {
            for token in tokens(&sql) {
                proptest::prop_assert!(token.end > token.start);
                unescape(token.text);
            }
        }
    }
}
