//! The secret key with which a user signs lists, in minisign's form.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use minisign::{SecretKey, SecretKeyBox};

use crate::safety::secret::Secret;

/// A secret key of minisign, decrypted.
#[derive(Clone)]
pub struct SigningKey(SecretKey);

/// The reason why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeyFault {
    /// The text is not a secret key of minisign.
    NotAKey,
    /// The key is encrypted, and no password was given.
    PasswordMissing,
    /// The password is wrong, or the key is damaged.
    PasswordWrong,
}

impl SigningKey {
    /// Reads the contents of a secret key file.
    ///
    /// # Errors
    /// The reason why it cannot be used.
    pub fn parse(text: &Secret, password: Option<&Secret>) -> Result<Self, SigningKeyFault> {
        let is_encrypted = is_encrypted(text.reveal()).ok_or(SigningKeyFault::NotAKey)?;
        let read =
            || SecretKeyBox::from_string(text.reveal()).map_err(|_| SigningKeyFault::NotAKey);
        if !is_encrypted {
            let key = read()?.into_unencrypted_secret_key();
            return key.map(Self).map_err(|_| SigningKeyFault::NotAKey);
        }
        // Without a password, the library would ask on the terminal.
        let password = password.ok_or(SigningKeyFault::PasswordMissing)?;
        read()?
            .into_secret_key(Some(password.reveal().to_owned()))
            .map(Self)
            .map_err(|_| SigningKeyFault::PasswordWrong)
    }

    /// Signs `bytes`, the contents of the file `file`, as docs/signatures.md describes.
    ///
    /// # Errors
    /// The library's own words; a key that was read can sign.
    pub fn sign(
        &self,
        bytes: &[u8],
        file: &str,
        version: u64,
        expires: Timestamp,
    ) -> Result<String, String> {
        let comment = format!("file:{file} version:{version} expires:{expires}");
        minisign::sign(
            None,
            &self.0,
            bytes,
            Some(&comment),
            Some("signature of taos-setup"),
        )
        .map(|signature| signature.into_string())
        .map_err(|error| error.to_string())
    }
}

/// Whether the key in `text`, a comment and a line of base64, is encrypted; `None` if it is not a secret key. Its bytes begin with the
/// algorithm of signatures, `Ed`, and that of the password, `Sc` or zeros.
fn is_encrypted(text: &str) -> Option<bool> {
    let bytes = STANDARD.decode(text.lines().nth(1)?.trim()).ok()?;
    match bytes.get(..4)? {
        b"EdSc" => Some(true),
        b"Ed\0\0" => Some(false),
        _ => None,
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}
