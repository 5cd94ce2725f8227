//! One form for texts that say the same: as users paste them, and as the manifest's patterns are written.

/// `text` in lower case, without quotes, colors and control characters; runs of blanks are one blank, backslashes are
/// slashes, full-width punctuation is plain. Linear in the text.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                // A control sequence (ECMA-48, 5.4) ends with a byte from @ to ~.
                if chars.next_if_eq(&'[').is_some() {
                    while chars.next_if(|c| !('@'..='~').contains(c)).is_some() {}
                    chars.next();
                }
            }
            '\'' | '"' | '`' | '\u{2018}'..='\u{201f}' | '\u{b4}' => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() => {}
            '\\' => out.push('/'),
            '：' => out.push(':'),
            '，' => out.push(','),
            '（' => out.push('('),
            '）' => out.push(')'),
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests;
