//! Passwords in pasted command lines: `taos -h db -u root -pPASSWORD`, `curl -u root:PASSWORD`.

use std::ops::Range;

use super::values::{placeholder, shell_word};

/// Programs whose `-p` takes a password.
const PROGRAMS: [&str; 5] = ["taos", "taosbenchmark", "taosdump", "taosdemo", "taosx"];

/// Options that take `USER:PASSWORD`.
const USER_OPTIONS: [&str; 6] = ["-u", "--user", "-U", "--proxy-user", "--auth", "-a"];

/// Schemes of a URL, which some programs take after the same options.
const SCHEMES: [&str; 5] = ["http", "https", "ws", "wss", "taos"];

/// Words after `-p` that are prose.
const PROSE: [&str; 12] = [
    "is", "or", "and", "option", "for", "to", "in", "with", "without", "alone", "flag", "asks",
];

/// Adds the places of passwords of commands in `line` to `spans`.
pub(super) fn find(line: &str, spans: &mut Vec<Range<usize>>) {
    let mut program = false;
    let mut at = 0;
    while at < line.len() {
        let rest = line[at..].trim_start();
        at = line.len() - rest.len();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = &rest[..end];
        program |= is_program(word);
        if program && let Some(glued) = word.strip_prefix("-p") {
            let start = if glued.is_empty() {
                line.len() - rest[end..].trim_start().len()
            } else {
                at + 2
            };
            password(line, start, spans);
        }
        if let Some((from, value)) = user_option(line, at, word) {
            let end = shell_word(value);
            if let Some(colon) = value[..end].find(':') {
                let secret = value[colon + 1..end].trim_end_matches(['"', '\'']);
                let numbers = value[..end]
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b == b':');
                let user = value[..colon].trim_start_matches(['"', '\'']);
                let url = secret.starts_with("//") && SCHEMES.contains(&user);
                let variable = !secret.is_empty() && placeholder(secret) == secret.len();
                if !numbers && !url && !variable {
                    spans.push(from + colon + 1..from + colon + 1 + secret.len());
                }
            }
        }
        at += end;
    }
}

/// Adds the shell's word at `start`, a password, unless it is the next option, prose, a variable, or a pair of ports.
fn password(line: &str, start: usize, spans: &mut Vec<Range<usize>>) {
    let rest = &line[start..];
    let word = &rest[..shell_word(rest)];
    let bare = word.trim_matches(['"', '\'']);
    let ports = word.contains(':') && word.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let variable = !bare.is_empty() && placeholder(bare) == bare.len();
    let next = word.starts_with('-') && line[..start].ends_with(char::is_whitespace);
    if !next && !ports && !variable && !PROSE.contains(&word.to_ascii_lowercase().as_str()) {
        spans.push(start..start + word.len());
    }
}

/// Whether `word` starts a program whose `-p` takes a password.
fn is_program(word: &str) -> bool {
    let word = word.trim_matches(|c: char| "\"'`$(>#;&|".contains(c));
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    PROGRAMS
        .iter()
        .any(|program| name.eq_ignore_ascii_case(program))
}

/// Where the value of an option that takes `USER:PASSWORD` begins, and the text from there on.
fn user_option<'a>(line: &'a str, at: usize, word: &str) -> Option<(usize, &'a str)> {
    let option = USER_OPTIONS.iter().find(|option| {
        word.strip_prefix(**option).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('=') || !option.starts_with("--")
        })
    })?;
    let rest = &line[at + option.len()..];
    let value = rest.strip_prefix('=').unwrap_or(rest).trim_start();
    Some((line.len() - value.len(), value))
}
