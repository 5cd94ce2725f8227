//! What is known of a partial file: where it comes from, and what tells that the server still has the same one.

use reqwest::header::{self, HeaderMap};
use serde::{Deserialize, Serialize};

/// No sidecar is larger, in bytes: an address and a validator.
pub(super) const LARGEST: u64 = 16 << 10;

/// The file beside a partial file. It holds no secret: neither password nor query of the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sidecar {
    schema: u32,
    /// The address without user, password, query and fragment.
    pub(super) address: String,
    /// What tells one state of the file from another.
    pub(super) validator: Validator,
    /// The size of the whole file in bytes.
    pub(super) total: u64,
}

/// A strong validator (RFC 9110, 8.8): only with one may a part be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Validator {
    /// A strong `ETag`, quotes included.
    Etag(String),
    /// `Last-Modified`, where the server sent no `ETag`.
    LastModified(String),
}

impl Sidecar {
    pub(super) fn new(address: String, validator: Validator, total: u64) -> Self {
        Self {
            schema: 1,
            address,
            validator,
            total,
        }
    }

    /// Reads a sidecar. `None` for everything that this version did not write: the download then starts again.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let sidecar: Self = serde_json::from_slice(text).ok()?;
        let sound =
            sidecar.schema == 1 && sidecar.total > 0 && is_header(sidecar.validator.as_str());
        sound.then_some(sidecar)
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

impl Validator {
    /// The strong validator of an answer, if it has one. `Last-Modified` counts where it is older than the answer: a file
    /// that changes twice within a second keeps it.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(etag) = text(header::ETAG) {
            return is_strong(etag).then(|| Self::Etag(etag.to_owned()));
        }
        let modified = text(header::LAST_MODIFIED)?;
        (text(header::DATE) != Some(modified)).then(|| Self::LastModified(modified.to_owned()))
    }

    /// As `If-Range` takes it.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Etag(text) | Self::LastModified(text) => text,
        }
    }

    /// Whether an answer's headers say the same, as far as they say anything.
    pub(super) fn agrees(&self, headers: &HeaderMap) -> bool {
        let name = match self {
            Self::Etag(_) => header::ETAG,
            Self::LastModified(_) => header::LAST_MODIFIED,
        };
        headers
            .get(name)
            .is_none_or(|value| value.as_bytes() == self.as_str().as_bytes())
    }
}

fn is_strong(etag: &str) -> bool {
    etag.len() >= 2 && etag.starts_with('"') && etag.ends_with('"')
}

/// Whether `text` can be sent as a header's value.
fn is_header(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
