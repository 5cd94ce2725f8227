//! How connectors decode what a connection string holds.

use crate::message::{Message, message};
use percent_encoding::percent_decode_str;

/// The complaint about a value that cannot be decoded.
fn not_utf8() -> Message {
    message!("dsn-not-utf8")
}

/// `text` percent-decoded, `+` left alone: as URLs, the Rust crate `mdsn`, SQLAlchemy and `decodeURIComponent` do.
pub(super) fn percent(text: &str) -> Result<String, Message> {
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| not_utf8())?;
    plain(&decoded)
}

/// `text` percent-decoded, `+` taken for a blank: as Java's `URLDecoder` and Go's `url.QueryUnescape` do.
pub(super) fn form(text: &str) -> Result<String, Message> {
    percent(&text.replace('+', " "))
}

/// `text` as driver-go's `tryUnescape` takes it (from v3.6.0 on): decoded as a form where every `%` begins an escape, as it is
/// elsewhere.
pub(super) fn form_if_valid(text: &str) -> Result<String, Message> {
    if all_percents_encode(text) {
        form(text)
    } else {
        plain(text)
    }
}

/// Whether two hexadecimal digits follow every `%` of `text`.
pub(super) fn all_percents_encode(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| {
        *byte != b'%'
            || bytes
                .get(at + 1..at + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    })
}

/// `text` as it is, unless it holds a control character, which no password has.
pub(super) fn plain(text: &str) -> Result<String, Message> {
    if text.chars().any(char::is_control) {
        return Err(not_utf8());
    }
    Ok(text.to_owned())
}

/// Whether `text` only stands for a value: `${NAME}`, as `taos-setup url` prints it for secrets.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| {
            !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
}
