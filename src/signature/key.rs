//! The public keys that a user trusts.

use std::fmt;

use minisign_verify::PublicKey;

/// A public key of minisign.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Its own form: base64, `RW…`.
    text: String,
    key: PublicKey,
}

impl TrustedKey {
    /// Parses a key, or the contents of a file that minisign wrote for one: a comment, then the key.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let line = match lines.next()? {
            comment if comment.starts_with("untrusted comment:") => lines.next()?,
            line => line,
        };
        if lines.next().is_some() {
            return None;
        }
        Some(Self {
            text: line.to_owned(),
            key: PublicKey::from_base64(line).ok()?,
        })
    }

    /// The key as minisign writes it.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn public_key(&self) -> &PublicKey {
        &self.key
    }
}

impl fmt::Debug for TrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustedKey({})", self.text)
    }
}
