//! One form for texts that say the same: as users paste them, and as the manifest's patterns are written.

/// Line ends and tabs as a JSON string, a log collector, or a debugger writes them. A path such as `C:\new\taos` has none of these.
const ESCAPED: [&str; 7] = [
    "\\n\\t",
    "\\r\\n",
    "\\tat ",
    "\\nCaused",
    "\\n###",
    "\\n    ",
    "\\n\\n",
];
/// What a web page writes in place of a character, and that character; quotes have none.
const ENTITIES: [(&str, &str); 12] = [
    ("&quot;", ""),
    ("&#34;", ""),
    ("&#39;", ""),
    ("&#x27;", ""),
    ("&apos;", ""),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
    ("&nbsp;", " "),
    ("&#10;", " "),
    ("<br>", " "),
    ("<br/>", " "),
];

/// `text` in lower case, without quotes, colors, control characters, and the marks of web pages and Markdown; runs of blanks are
/// one blank, of which none is beside a colon or a Chinese character; backslashes are slashes, full-width punctuation is plain.
/// Linear in the text.
pub fn normal(text: &str) -> String {
    let has_escapes = text.contains('\\') && ESCAPED.iter().any(|mark| text.contains(mark));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some((entity, plain)) = matches!(c, '&' | '<').then(|| entity(rest)).flatten() {
            plain.chars().for_each(|c| push(&mut out, c));
            rest = &rest[entity.len()..];
            continue;
        }
        if c == '\\' && has_escapes && after.starts_with(['n', 'r', 't']) {
            push(&mut out, ' ');
            rest = &after[1..];
            continue;
        }
        rest = match c {
            // A control sequence (ECMA-48, 5.4) ends with a byte from @ to ~.
            '\u{1b}' => after.strip_prefix('[').map_or(after, |sequence| {
                let end = sequence.find(|c| ('@'..='~').contains(&c));
                end.map_or("", |end| &sequence[end + 1..])
            }),
            '*' if after.starts_with('*') => &after[1..],
            c => {
                push(&mut out, c);
                after
            }
        };
    }
    out
}

/// Returns the entity at the start of `rest`, and the text that it stands for.
fn entity(rest: &str) -> Option<(&'static str, &'static str)> {
    ENTITIES
        .into_iter()
        .find(|(entity, _)| rest.starts_with(entity))
}

/// Appends the normal form of `c`.
fn push(out: &mut String, c: char) {
    match c {
        '\'' | '"' | '`' | '\u{2018}'..='\u{201f}' | '\u{b4}' | '\u{200b}' | '\u{feff}' => {}
        c if c.is_whitespace() => {
            if !out.ends_with(|last: char| last == ' ' || last == ':' || is_han(last)) {
                out.push(' ');
            }
        }
        c if c.is_control() => {}
        ':' | '：' => {
            drop_blank(out);
            out.push(':');
        }
        '\\' => out.push('/'),
        '，' | '、' => out.push(','),
        '；' => out.push(';'),
        '。' => out.push('.'),
        '！' => out.push('!'),
        '（' => out.push('('),
        '）' => out.push(')'),
        '【' => out.push('['),
        '】' => out.push(']'),
        c if is_han(c) => {
            drop_blank(out);
            out.push(c);
        }
        c => out.push(c.to_ascii_lowercase()),
    }
}

fn drop_blank(out: &mut String) {
    if out.ends_with(' ') {
        out.pop();
    }
}

/// Returns whether `c` is a Chinese character.
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests;
