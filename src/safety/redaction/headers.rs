//! Tokens without a name: `Bearer …`, `Basic …`, and the path `/rest/login/USER/PASSWORD` of taosAdapter.

use std::ops::Range;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Words after `Bearer` that are prose.
const PROSE: [&str; 16] = [
    "token",
    "tokens",
    "auth",
    "authentication",
    "authorization",
    "scheme",
    "header",
    "is",
    "was",
    "and",
    "or",
    "for",
    "in",
    "with",
    "to",
    "http",
];

/// The length from which a word after `Taosd` is a token; a shorter one is prose about the server.
const TAOSD_TOKEN: usize = 20;

/// Base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Adds the places of tokens in `line` to `spans`.
pub(super) fn find(line: &str, spans: &mut Vec<Range<usize>>) {
    let mut scheme = "";
    let mut start = 0;
    for word in line.split(|c: char| !in_token(c)) {
        if !word.is_empty() {
            if is_token(scheme, word) {
                spans.push(start..start + word.len());
            }
            scheme = word;
        }
        start += word.len();
        start += line[start..].chars().next().map_or(0, char::len_utf8);
    }
    if let Some(at) = line.find("/rest/login/") {
        let user = at + "/rest/login/".len();
        if let Some(slash) = line[user..].find('/') {
            let from = user + slash + 1;
            let end = line[from..].find(|c: char| c.is_whitespace() || "\"'`".contains(c));
            spans.push(from..end.map_or(line.len(), |end| from + end));
        }
    }
}

/// Whether `word` is a token of `scheme`, the word before it.
fn is_token(scheme: &str, word: &str) -> bool {
    if scheme.eq_ignore_ascii_case("bearer") {
        return !PROSE.contains(&word.to_ascii_lowercase().as_str());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        return BASE64
            .decode(word)
            .is_ok_and(|decoded| decoded.contains(&b':'));
    }
    scheme.eq_ignore_ascii_case("taosd") && word.len() >= TAOSD_TOKEN
}

/// Whether `c` can be part of a token (RFC 6750, section 2.1).
const fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '=')
}
