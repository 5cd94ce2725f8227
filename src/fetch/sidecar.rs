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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn weak_validators_are_none() {
        let of = |pairs: &[(&'static str, &str)]| Validator::of(&headers(pairs));
        let day = "Tue, 23 Sep 2025 08:51:07 GMT";
        assert_eq!(
            of(&[("etag", "\"a\"")]),
            Some(Validator::Etag("\"a\"".into()))
        );
        assert_eq!(of(&[("etag", "W/\"a\""), ("last-modified", day)]), None);
        assert_eq!(
            of(&[("last-modified", day)]),
            Some(Validator::LastModified(day.into()))
        );
        assert_eq!(of(&[("last-modified", day), ("date", day)]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn another_validator_is_noticed() {
        let validator = Validator::Etag("\"a\"".into());
        assert!(validator.agrees(&headers(&[("etag", "\"a\"")])));
        assert!(validator.agrees(&headers(&[])));
        assert!(!validator.agrees(&headers(&[("etag", "\"b\"")])));
        assert!(!validator.agrees(&headers(&[("etag", "W/\"a\"")])));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            address in "https://[a-z]{1,9}/\\PC{0,30}",
            text in "[!-~]([ -~]{0,30}[!-~])?",
            etag in any::<bool>(),
            total in 1_u64..,
        ) {
            let validator = if etag { Validator::Etag(text) } else { Validator::LastModified(text) };
            let sidecar = Sidecar::new(address, validator, total);
            prop_assert_eq!(Sidecar::parse(sidecar.to_json().as_bytes()), Some(sidecar));
        }

        #[test]
        fn cut_or_changed_sidecars_are_none_or_sound(at in 0_usize..120, byte in any::<u8>(), cut in any::<bool>()) {
            let whole = Sidecar::new("https://h/x".into(), Validator::Etag("\"e\"".into()), 77).to_json();
            let mut text = whole.trim_end().as_bytes().to_vec();
            let at = at.min(text.len() - 1);
            if cut {
                text.truncate(at);
                prop_assert_eq!(Sidecar::parse(&text), None);
            } else {
                text[at] = byte;
                if let Some(read) = Sidecar::parse(&text) {
                    prop_assert!(read.total > 0 && is_header(read.validator.as_str()));
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Sidecar::parse(&text), None);
        }
    }
}
