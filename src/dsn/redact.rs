//! Texts that did not parse, made safe to repeat.

use super::scheme::word;

/// Parts of the names of options whose values are secret.
const SECRET: [&str; 8] = [
    "password", "passwd", "pwd", "token", "secret", "totp", "auth", "key",
];

/// Whether the option `name` holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|part| name.contains(part)) || name == "pass"
}

/// `text` with what may be a password or token cut out, for messages about a target that did not parse. What cannot be told
/// from a secret goes too: what stands before an `@`, all that follows a secret option's name, and the arguments of a call.
pub fn redacted(text: &str) -> String {
    let (text, cut) = match secret_value(text) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    if cut.contains('@') {
        // The name of the option may itself be a part of a password.
        return match scheme_of(text) {
            Some(scheme) => format!("{scheme}://***"),
            None if text.contains(';') || !text.contains(':') => format!("{text}***"),
            None => "***".into(),
        };
    }
    if let Some(open) = text.find(['(', '{'])
        && !text[..open].contains([':', '@'])
        && text[open..].contains(['"', '\'', '`'])
    {
        return format!("{}***", &text[..=open]);
    }
    let mut text = match text.rsplit_once('@') {
        Some((before, host)) => match scheme_of(before) {
            Some(scheme) => format!("{scheme}://***@{host}"),
            None => format!("***@{host}"),
        },
        None if cut.is_empty() => without_false_port(text),
        None => text.to_owned(),
    };
    if !cut.is_empty() {
        text.push_str("***");
    }
    text
}

/// `text` up to what stands in a port's place and is none: it may be the password of `user:password`.
fn without_false_port(text: &str) -> String {
    let start = match text.split_once("://") {
        Some((word, _)) if scheme_of(text).is_some() || !word.contains(':') => word.len() + 3,
        _ => 0,
    };
    let authority = &text[start..];
    let end = authority.find(['/', '?', '#', ';', '=']);
    let mut at = start;
    for host in authority[..end.unwrap_or(authority.len())].split(',') {
        let name = host.split(':').next().unwrap_or_default().len();
        let tail = host[name..].trim_start_matches(':');
        let address = host.contains(['[', '%']) || host.matches(':').count() > 1;
        let v6 = |c: char| c.is_ascii_hexdigit() || "[]:.%".contains(c);
        let literal = address
            && host
                .split('%')
                .next()
                .is_some_and(|head| head.chars().all(v6));
        if !literal && !tail.bytes().all(|b| b.is_ascii_digit()) {
            return format!("{}:***", &text[..at + name]);
        }
        at += host.len() + 1;
    }
    text.to_owned()
}

/// What stands before `://`, where it is a scheme and no part of a password.
fn scheme_of(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let jdbc = scheme
        .get(..5)
        .is_some_and(|head| head.eq_ignore_ascii_case("jdbc:"))
        && !scheme[5..].contains(':');
    (jdbc || word(scheme).is_some()).then_some(scheme)
}

/// Where the value of the first secret option begins.
fn secret_value(text: &str) -> Option<usize> {
    let mut name = 0;
    for (at, c) in text.char_indices() {
        match c {
            '=' if is_secret(&text[name..at]) => return Some(at + 1),
            '&' | ';' | '?' | ',' | '(' | '{' | '=' => name = at + 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
