//! Passwords at a known place among the arguments of a call: `taos_connect("HOST", "USER", "PASSWORD", …)`.

use std::ops::Range;

use super::values::quoted;
use super::words::in_name;

/// Functions, and the number of the argument that is a password, counted from 0.
const FUNCTIONS: [(&str, usize); 13] = [
    ("taos_connect", 2),
    ("taos_connect_auth", 2),
    ("Connection", 3),
    ("connect", 2),
    ("getConnection", 2),
    ("dbConnect", 3),
    ("SQLConnect", 5),
    ("HTTPBasicAuth", 1),
    ("BasicAuth", 1),
    ("SetBasicAuth", 1),
    ("setBasicAuth", 1),
    ("basic_auth", 1),
    ("auth", 1),
];

/// The most bytes of a call's arguments that are looked at.
const LIMIT: usize = 4096;

/// Adds the places of passwords of calls in `text` to `spans`: to the end of the line, because quotes in it may be unescaped.
pub(super) fn find(text: &str, spans: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(open) = text[from..].find(['(', '{']).map(|at| from + at) {
        from = open + 1;
        let before = text[..open].trim_end_matches(['=', ' ']);
        let name = before.rsplit(|c| !in_name(c)).next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        let Some((_, place)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        let mut end = text.len().min(from + LIMIT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let line_end = |at: usize| {
            text[at..]
                .find('\n')
                .map_or(text.len(), |length| at + length)
        };
        match argument(&text[from..end], *place) {
            CallArgument::Literal(at) => spans.push(from + at..line_end(from + at)),
            CallArgument::Garbled => spans.push(from..line_end(from)),
            CallArgument::Other => {}
        }
    }
}

enum CallArgument {
    /// A quoted text, and where it begins.
    Literal(usize),
    /// The quotes before it do not part the arguments.
    Garbled,
    /// No argument, a variable, a named one, or a call.
    Other,
}

/// The argument number `place` of `arguments`.
fn argument(arguments: &str, place: usize) -> CallArgument {
    let mut at = 0;
    for number in 0..=place {
        let rest = arguments[at..].trim_start();
        at = arguments.len() - rest.len();
        let rest = rest.strip_prefix("Some(").unwrap_or(rest);
        let start = arguments.len() - rest.len();
        if let Some(quoted) = quoted(rest.lines().next().unwrap_or_default()) {
            if number == place {
                return CallArgument::Literal(start);
            }
            if !quoted.closed {
                return CallArgument::Garbled;
            }
            at = start + quoted.after;
        }
        let Some(end) = arguments[at..].find([',', ')', '}']) else {
            return CallArgument::Other;
        };
        at += end;
        if !arguments[at..].starts_with(',') {
            return CallArgument::Other;
        }
        at += 1;
    }
    CallArgument::Other
}
