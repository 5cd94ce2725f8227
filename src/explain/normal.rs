//! One form for texts that say the same: as users paste them, and as the manifest's patterns are written.

/// `text` in lower case, without quotes and control characters; runs of blanks are one blank, of which none is beside a colon or a
/// Chinese character; backslashes are slashes, full-width punctuation is plain. Linear in the text.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut out, c);
    }
    out
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
