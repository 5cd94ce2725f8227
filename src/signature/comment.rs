//! The trusted comment of a signature: `file:NAME version:NUMBER expires:INSTANT`.

use jiff::Timestamp;

use super::SignatureFault;

/// The fields that taos-setup reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TrustedComment<'a> {
    pub(super) file: &'a str,
    pub(super) version: u64,
    pub(super) expires: Timestamp,
}

impl<'a> TrustedComment<'a> {
    /// Parses the words of `text`. Other words are ignored, as minisign writes some of its own.
    pub(super) fn parse(text: &'a str) -> Result<Self, SignatureFault> {
        let field = |name| field(text, name);
        let version = field("version")?;
        let is_plain = version.bytes().all(|byte| byte.is_ascii_digit());
        Ok(Self {
            file: field("file")?,
            version: is_plain
                .then(|| version.parse().ok())
                .flatten()
                .ok_or(SignatureFault::Comment("version"))?,
            expires: field("expires")?
                .parse()
                .map_err(|_| SignatureFault::Comment("expires"))?,
        })
    }
}

/// The value of the word `name:VALUE`, which must be there once.
pub(super) fn field<'a>(text: &'a str, name: &'static str) -> Result<&'a str, SignatureFault> {
    let mut values = text
        .split_whitespace()
        .filter_map(|word| word.split_once(':'))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(SignatureFault::Comment(name)),
    }
}
