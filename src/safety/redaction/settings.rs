//! Values of names: `password=…`, `"token": "…"`, `--password …`, `PASS '…'`, `<password>…</password>`.

use std::ops::Range;

use super::words::{in_name, is_secret_name};
use super::{MASK, values};

/// Words before a name and its value that no sign parts: `setx TAOS_PASSWORD …`, `set -gx`, `ENV` of a Dockerfile, `login` of a
/// .netrc file.
const SETTERS: [&str; 5] = ["setx", "set", "setenv", "env", "login"];

/// Words that follow an option's name in prose, where no value does.
const PROSE: [&str; 24] = [
    "is", "was", "are", "or", "and", "for", "as", "in", "from", "on", "not", "with", "to", "of",
    "option", "argument", "flag", "the", "can", "cannot", "requires", "found", "without", "if",
];

/// Schemes of an Authorization header.
const SCHEMES: [&str; 4] = ["Basic", "Bearer", "Taosd", "Token"];

/// What comes between a name and its value.
enum Gap {
    /// `=` or `:`, or a word of a .netrc file: the value is quoted, or reaches to the end of the line.
    Sign,
    /// A comma, a bracket, or blanks: only a quoted text is a value.
    Quoted,
    /// A blank after an option: the value is a word of a shell.
    Word,
    /// The end of an XML element's opening tag.
    Tag,
}

/// Adds the places of values of secret names in `line` to `spans`.
pub(super) fn find(line: &str, spans: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(name) = next_name(line, from) {
        from = name.end;
        if is_secret_name(&line[name.clone()])
            && let Some(value) = value(line, &name)
        {
            if value.end >= line.len() {
                spans.push(value);
                return;
            }
            from = from.max(value.end);
            spans.push(value);
        }
    }
    influx(line, spans);
}

/// The next name at or after `from`.
fn next_name(line: &str, from: usize) -> Option<Range<usize>> {
    let start = from + line[from..].find(in_name)?;
    let rest = &line[start..];
    let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
    Some(start..start + end)
}

/// The value that follows the secret name at `name`.
fn value(line: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let before = line[..name.start].trim_end();
    if before.ends_with("unexpected") || before.ends_with("Unexpected") {
        // A parser's error, "unexpected token: …".
        return None;
    }
    let after = &line[name.end..];
    let rest = after.trim_start_matches(['"', '\'', '`', '\\', ']']);
    let quoted_name = rest.len() < after.len();
    let (gap, rest) = gap(line, name, quoted_name, rest)?;
    let start = line.len() - rest.len();
    if rest
        .strip_prefix(MASK)
        .is_some_and(|rest| rest.starts_with('`'))
    {
        // Masked already, at the end of a value that a message quotes.
        return None;
    }
    let in_string = before.ends_with(['?', '&', ';']);
    if rest.is_empty() && !in_string {
        return None;
    }
    if in_string && matches!(gap, Gap::Sign) {
        // A blank or a sign may begin the value.
        let sign = line[name.end..].find(['=', ':', '＝', '：']);
        let sign = sign.map_or(start, |at| name.end + at + 1);
        let from = if line.is_char_boundary(sign) {
            sign
        } else {
            start
        };
        let variable = values::placeholder(line[from..].trim_start());
        return (variable == 0).then_some(from..line.len());
    }
    if let Gap::Word = gap {
        let end = values::shell_word(rest);
        let word = &rest[..end];
        let prose = PROSE.contains(&word.to_ascii_lowercase().as_str());
        let variable = values::placeholder(word.trim_matches('"')) > 0;
        return (!word.starts_with('-') && !prose && !variable).then_some(start..start + end);
    }
    if rest.starts_with('\'') && rest.contains(r"'\''") {
        // A shell's quote within quotes.
        return Some(start..start + values::shell_word(rest));
    }
    if let Some(quoted) = values::quoted(rest) {
        let inner = &rest[quoted.open..quoted.end];
        let variable =
            quoted.closed && !inner.is_empty() && values::placeholder(inner) == inner.len();
        let rest = rest[quoted.after..].trim_end_matches([',', ';', ')', '}', ']', ' ']);
        if !variable && !rest.is_empty() && begins_line(before) && matches!(gap, Gap::Sign) {
            // The value may have no quotes around it, but begin with one.
            return Some(start..line.len());
        }
        let from = if quoted.closed { quoted.open } else { 0 };
        return (!variable).then_some(start + from..start + quoted.end);
    }
    match gap {
        Gap::Quoted => None,
        Gap::Tag => {
            let end = rest.find('<').unwrap_or(rest.len());
            Some(start..start + end)
        }
        Gap::Sign | Gap::Word
            if line[name.clone()]
                .to_ascii_lowercase()
                .ends_with("authorization") =>
        {
            Some(credentials(line, start))
        }
        Gap::Sign | Gap::Word => (values::harmless(rest) == 0).then_some(start..line.len()),
    }
}

/// The credentials of an Authorization header whose value begins at `start`: after the word of a scheme, to the next quote
/// or the end of the line.
fn credentials(line: &str, start: usize) -> Range<usize> {
    let value = &line[start..];
    let scheme = value.split_whitespace().next().unwrap_or_default();
    let known = SCHEMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme));
    let from = value
        .strip_prefix(scheme)
        .filter(|after| known && !after.is_empty())
        .map_or(0, |after| value.len() - after.trim_start().len());
    let end = value[from..].find(['"', '\'', '`']);
    start + from..end.map_or(line.len(), |end| start + from + end)
}

/// What comes between the name at `name` and a value, and the text that begins with the value. `rest` follows the name, and
/// its closing quote if it has one.
fn gap<'a>(
    line: &str,
    name: &Range<usize>,
    quoted_name: bool,
    rest: &'a str,
) -> Option<(Gap, &'a str)> {
    let word = &line[name.clone()];
    let before = &line[..name.start];
    let trimmed = rest.trim_start();
    let first = trimmed.chars().next()?;
    match first {
        '=' | '＝' => {
            let value = &trimmed[first.len_utf8()..];
            // `==` and `=>` are one sign; what follows may begin the value.
            let value = value.strip_prefix(['=', '＝', '>']).unwrap_or(value);
            Some((Gap::Sign, value.trim_start_matches([' ', '\t'])))
        }
        '：' => Some((Gap::Sign, trimmed.trim_start_matches(['：', ' ', '\t']))),
        ':' => {
            let value = &trimmed[1..];
            if value.starts_with(':') || value.starts_with("//") {
                return None;
            }
            let value = value.strip_prefix('=').unwrap_or(value);
            Some((Gap::Sign, value.trim_start()))
        }
        ',' | '(' => Some((Gap::Quoted, trimmed[1..].trim_start())),
        '>' if before.ends_with(['<', ':']) => Some((Gap::Tag, &trimmed[1..])),
        _ if rest.len() == trimmed.len() => None,
        _ if quoted_name => {
            // Spring's <property name="password" value="…"/>
            let value = trimmed.strip_prefix("value")?.trim_start();
            Some((Gap::Quoted, value.strip_prefix('=')?.trim_start()))
        }
        '"' | '\'' | '`' => Some((Gap::Quoted, trimmed)),
        _ if word.starts_with('-') => Some((Gap::Word, trimmed)),
        _ if sets(before) => Some((Gap::Word, trimmed)),
        _ => None,
    }
}

/// Whether `before`, the text before a name, is nothing or what a shell or a list puts before a setting.
fn begins_line(before: &str) -> bool {
    ["", "export", "set", "SET", "-", "$env:"].contains(&before.trim_start())
}

/// Whether `before`, the text before a name, ends in a command that gives the name a value.
fn sets(before: &str) -> bool {
    before
        .split_whitespace()
        .rev()
        .take(2)
        .any(|word| SETTERS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Adds the password of InfluxDB's protocol, `?u=USER&p=PASSWORD`.
fn influx(line: &str, spans: &mut Vec<Range<usize>>) {
    let user = line.contains("?u=") || line.contains("&u=") || line.contains("influxdb");
    let at = line.find("&p=").or_else(|| line.find("?p="));
    if let Some(at) = at.filter(|_| user) {
        spans.push(at + 3..line.len());
    }
}
