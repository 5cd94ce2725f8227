//! The ends of values, and values that are not secrets.

use super::words::is_secret_name;

/// Expressions that read a variable; what follows in brackets or as a word is its name.
const READERS: [&str; 9] = [
    "os.environ",
    "os.getenv",
    "getenv",
    "process.env",
    "System.getenv",
    "Sys.getenv",
    "std::env::var",
    "env::var",
    "Environment.GetEnvironmentVariable",
];

/// Words for the lack of a value.
const NOTHING: [&str; 9] = [
    "…",
    "null",
    "nullptr",
    "NULL",
    "None",
    "nil",
    "undefined",
    "true",
    "false",
];

/// The length of the value that a quoted text at the beginning of `text` holds, with the length of the opening quote before
/// it: `"…"`, `'…'`, `` `…` ``, or `\"…\"` in a text that is itself quoted. `None` if it has no quote; the value reaches to the
/// end of the line if no quote closes it, which only one that ends an argument does.
pub(super) fn quoted(text: &str) -> Option<Quoted> {
    let lead = text.len() - text.trim_start_matches('\\').len();
    let quote = text[lead..].chars().next()?;
    let closing = match quote {
        '"' | '\'' | '`' => quote,
        '“' => '”',
        '‘' => '’',
        _ => return None,
    };
    let open = lead + quote.len_utf8();
    let mut escaped = 0;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        if c == '\\' {
            escaped += 1;
            continue;
        }
        // In a text that is itself quoted, \" closes and \\\" does not.
        let unescaped = if lead == 0 {
            escaped % 2 == 0
        } else {
            escaped == lead
        };
        let rest = &text[at + c.len_utf8()..];
        if c == closing && unescaped && (closes(rest) || lead > 0 && rest.starts_with('\\')) {
            return Some(Quoted {
                open,
                end: at - lead,
                after: at + c.len_utf8(),
                closed: true,
            });
        }
        escaped = 0;
    }
    Some(Quoted {
        open,
        end: text.len(),
        after: text.len(),
        closed: false,
    })
}

/// A quoted value: where it begins and ends in its text, and where the text continues.
#[derive(Clone, Copy)]
pub(super) struct Quoted {
    pub(super) open: usize,
    pub(super) end: usize,
    pub(super) after: usize,
    pub(super) closed: bool,
}

/// Whether what follows a quote shows that it was the closing one.
fn closes(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || ",;)}]".contains(c))
        || rest.starts_with("/>")
}

/// The length of the word of a shell at the beginning of `text`: quotes join, a backslash escapes, a blank ends. All of
/// `text` if a quote is not closed.
pub(super) fn shell_word(text: &str) -> usize {
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => {
                chars.next();
            }
            _ => {}
        }
    }
    text.len()
}

/// The length of an unquoted value at the beginning of `text` that is not a secret: a variable, the code that reads one, or
/// a word such as `null`; 0 if it is anything else.
pub(super) fn harmless(text: &str) -> usize {
    let length = placeholder(text);
    if length > 0 {
        return length;
    }
    for word in NOTHING {
        if let Some(rest) = text.strip_prefix(word)
            && ends(rest)
        {
            return word.len();
        }
    }
    for reader in READERS {
        if let Some(rest) = text.strip_prefix(reader) {
            let name = rest.trim_start_matches(['(', '[', '.', '"', '\'']);
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (name, after) = name.split_at(end.unwrap_or(name.len()));
            let after = after.trim_start_matches([')', ']', '"', '\'']);
            if is_secret_name(name) && ends(after) {
                return text.len() - after.len();
            }
        }
    }
    0
}

/// The length of a variable at the beginning of `text` whose name says that it holds a secret: `${TAOS_PASSWORD}`,
/// `$TAOS_PASSWORD`, `%TAOS_PASSWORD%`, `$env:TAOS_PASSWORD`; 0 if there is none, or if more belongs to the value.
pub(super) fn placeholder(text: &str) -> usize {
    let forms = [("${", "}"), ("$env:", ""), ("$", ""), ("%", "%")];
    for (before, after) in forms {
        let Some(rest) = text.strip_prefix(before) else {
            continue;
        };
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
        if let Some(rest) = rest.strip_prefix(after)
            && is_secret_name(name)
            && ends(rest)
        {
            return text.len() - rest.len();
        }
    }
    0
}

/// Whether a value that is followed by `rest` has ended.
fn ends(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || "&;,)}]\"'`<@\\".contains(c))
}
