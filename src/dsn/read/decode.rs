//! How connectors decode what a connection string holds.

use percent_encoding::percent_decode_str;

/// What a decoded value must be.
const BAD: &str = "its user or password is not percent-encoded UTF-8";

/// `text` percent-decoded, `+` left alone: as URLs, the Rust crate `mdsn`, SQLAlchemy and `decodeURIComponent` do.
pub(super) fn percent(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| BAD.to_owned())?;
    plain(&decoded)
}

/// `text` percent-decoded, `+` taken for a blank: as Java's `URLDecoder` and Go's `url.QueryUnescape` do.
pub(super) fn form(text: &str) -> Result<String, String> {
    percent(&text.replace('+', " "))
}

/// `text` as driver-go's `tryUnescape` takes it (from v3.6.0 on): decoded as a form where every `%` begins an escape, as it is
/// elsewhere.
pub(super) fn form_if_valid(text: &str) -> Result<String, String> {
    if every_percent_encodes(text) {
        form(text)
    } else {
        plain(text)
    }
}

/// Whether two hexadecimal digits follow every `%` of `text`.
pub(super) fn every_percent_encodes(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| {
        *byte != b'%'
            || bytes
                .get(at + 1..at + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    })
}

/// `text` as it is, unless it holds a control character, which no password has.
pub(super) fn plain(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err(BAD.into());
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
