//! Verifies lists that are signed with minisign: a valid signature by a trusted key, the right file, a version that never goes back,
//! and an expiry. docs/signatures.md describes the form.

mod accepted;
mod comment;
mod key;
mod signing_key;
mod sums;

use jiff::Timestamp;
use minisign_verify::{PublicKey, Signature};
use sha2::{Digest, Sha256 as Hasher};

use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::tdengine::digest::Sha256;

pub use accepted::AcceptedLists;
pub use key::TrustedKey;
pub use signing_key::{SigningKey, SigningKeyFault};
pub use sums::Checksums;

use comment::TrustedComment;

/// The largest signature file, in bytes.
pub const LARGEST_SIGNATURE: usize = 4 << 10;
/// The largest list, in bytes: some thousand packages.
pub const LARGEST_LIST: usize = 1 << 20;

/// A list whose signature is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedList {
    /// The key that signed it, as minisign writes public keys.
    pub key: String,
    /// The name of the list.
    pub file: String,
    /// Its version, which its author increases with each change.
    pub version: u64,
    /// The instant from which on it is not accepted.
    pub expires: Timestamp,
    /// The SHA-256 of its bytes.
    pub sha256: Sha256,
}

/// The reason why a list is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureFault {
    /// The list is missing.
    ListMissing,
    /// The signature is missing.
    SignatureMissing,
    /// The signature file is not in the form of minisign.
    NotASignature,
    /// None of the trusted keys made it.
    OtherKey,
    /// It does not fit the list, or its trusted comment was changed.
    WrongSignature,
    /// It was made without hashing the list first, as old versions of minisign do.
    NotPrehashed,
    /// The trusted comment lacks a field, or has one that cannot be read.
    Comment(&'static str),
    /// It is the signature of another list.
    OtherFile(String),
    /// The list expired at this instant.
    Expired(Timestamp),
    /// A newer version was accepted before.
    RolledBack {
        /// The version that was accepted.
        accepted: u64,
        /// The version of this list.
        found: u64,
    },
    /// Another list of the same version was accepted before.
    SameVersion(u64),
    /// A line of the list is not a digest and a file name.
    Line(usize),
}

impl SignatureFault {
    /// Describes the fault, as a sentence about the list.
    pub fn describe(&self) -> Message {
        match self {
            Self::ListMissing => message!("signature-list-missing"),
            Self::SignatureMissing => message!("signature-signature-missing"),
            Self::NotASignature => message!("signature-malformed"),
            Self::OtherKey => message!("signature-other-key"),
            Self::WrongSignature => message!("signature-wrong"),
            Self::NotPrehashed => message!("signature-not-prehashed"),
            Self::Comment(field) => message!("signature-comment", field = field),
            Self::OtherFile(file) => message!("signature-other-file", file = printable(file)),
            Self::Expired(instant) => message!("signature-expired", instant = instant),
            Self::RolledBack { accepted, found } => message!(
                "signature-rolled-back",
                accepted = accepted.to_string(),
                found = found.to_string()
            ),
            Self::SameVersion(version) => {
                message!("signature-same-version", version = version.to_string())
            }
            Self::Line(line) => message!("signature-line", line = line.to_string()),
        }
    }
}

/// The list of a release of this program, whose signature is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRelease {
    /// The key that signed it, as minisign writes public keys.
    pub key: String,
    /// The version of the program that the list is of.
    pub version: semver::Version,
}

/// Verifies `list`, the contents of the file `file`, by the contents of its signature file. Whether an older or another list of the
/// same version was accepted before is left to [`AcceptedLists::check`].
///
/// # Errors
/// The first fault that is found. Nothing of `list` is read before its signature is known to be valid.
pub fn verify(
    list: &[u8],
    signature: &[u8],
    file: &str,
    keys: &[TrustedKey],
    now: Timestamp,
) -> Result<SignedList, SignatureFault> {
    let (key, comment) = verify_signature(list, signature, keys)?;
    let comment = TrustedComment::parse(&comment)?;
    if comment.file != file {
        return Err(SignatureFault::OtherFile(comment.file.to_owned()));
    }
    if comment.expires <= now {
        return Err(SignatureFault::Expired(comment.expires));
    }
    Ok(SignedList {
        key: key.text().to_owned(),
        file: file.to_owned(),
        version: comment.version,
        expires: comment.expires,
        sha256: Sha256(Hasher::digest(list).into()),
    })
}

/// Verifies the list of a release, as [`verify`]. Its trusted comment has the program's version, `taos-setup:VERSION`, and no expiry: a
/// release is never changed.
///
/// # Errors
/// As for [`verify`].
pub fn verify_release(
    list: &[u8],
    signature: &[u8],
    file: &str,
    keys: &[TrustedKey],
) -> Result<SignedRelease, SignatureFault> {
    let (key, comment) = verify_signature(list, signature, keys)?;
    let found = comment::field(&comment, "file")?;
    if found != file {
        return Err(SignatureFault::OtherFile(found.to_owned()));
    }
    let version = comment::field(&comment, PROGRAM)?;
    Ok(SignedRelease {
        key: key.text().to_owned(),
        version: semver::Version::parse(version).map_err(|_| SignatureFault::Comment(PROGRAM))?,
    })
}

/// The word of a release's trusted comment that has its version.
const PROGRAM: &str = "taos-setup";

/// Returns the key that made the signature, and its trusted comment.
fn verify_signature<'k>(
    list: &[u8],
    signature: &[u8],
    keys: &'k [TrustedKey],
) -> Result<(&'k TrustedKey, String), SignatureFault> {
    let text = std::str::from_utf8(signature).map_err(|_| SignatureFault::NotASignature)?;
    let signature = Signature::decode(text).map_err(|_| SignatureFault::NotASignature)?;
    let key = keys
        .iter()
        .map(|key| verify_by(key.public_key(), list, &signature).map(|()| key))
        .reduce(better)
        .unwrap_or(Err(SignatureFault::OtherKey))?;
    Ok((key, signature.trusted_comment().to_owned()))
}

/// The result that says more: a valid signature, else one by a key of the same name.
fn better<'k>(
    one: Result<&'k TrustedKey, SignatureFault>,
    other: Result<&'k TrustedKey, SignatureFault>,
) -> Result<&'k TrustedKey, SignatureFault> {
    match one {
        Err(SignatureFault::OtherKey) => other,
        Ok(_) => one,
        Err(_) if other.is_ok() => other,
        Err(_) => one,
    }
}

fn verify_by(key: &PublicKey, list: &[u8], signature: &Signature) -> Result<(), SignatureFault> {
    use minisign_verify::Error;
    key.verify(list, signature, false)
        .map_err(|error| match error {
            Error::UnexpectedKeyId => SignatureFault::OtherKey,
            Error::UnexpectedAlgorithm | Error::UnsupportedLegacyMode => {
                SignatureFault::NotPrehashed
            }
            Error::UnsupportedAlgorithm | Error::InvalidEncoding | Error::IoError(_) => {
                SignatureFault::NotASignature
            }
            Error::InvalidSignature => SignatureFault::WrongSignature,
        })
}

#[cfg(test)]
mod tests;
