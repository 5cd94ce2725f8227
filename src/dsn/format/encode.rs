//! Values as the families spell them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Slot;

/// Everything but RFC 3986's unreserved characters: what `decodeURIComponent`, `URLDecoder`, `url.QueryUnescape`, `mdsn` and
/// SQLAlchemy all decode alike. A blank is `%20`, never `+`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `text`, percent-encoded.
pub(super) fn percent(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// What stands in a string for the value of the environment variable `name`.
pub(super) fn placeholder(name: &str) -> String {
    format!("${{{name}}}")
}

impl Slot {
    /// The secret as `spell` writes it, or the placeholder.
    pub(super) fn spelled(&self, spell: impl Fn(&str) -> String) -> String {
        match self {
            Self::Variable(name) => placeholder(name),
            Self::Value(secret) => spell(secret.reveal()),
        }
    }

    /// The secret's text, where it is known.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Variable(_) => None,
            Self::Value(secret) => Some(secret.reveal()),
        }
    }
}

/// Whether a token is of characters that need no encoding anywhere, as Cloud's are.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}
