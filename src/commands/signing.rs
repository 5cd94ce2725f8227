//! The key with which commands sign what they write. Its password is never an argument.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::safety::secret::Secret;
use crate::signature::{SigningKey, SigningKeyFault};
use crate::system::{env_vars, files};

/// The largest file of a key or a password, in bytes.
const LARGEST_FILE: u64 = 4 << 10;

/// Options of commands that sign.
#[derive(Debug, clap::Args)]
pub(super) struct SigningArgs {
    /// Sign with the minisign secret key in this file [env: TAOS_SETUP_SIGN_KEY has its contents]
    #[arg(long, value_name = "FILE")]
    sign_key: Option<PathBuf>,
    /// File with the password of the key [env: TAOS_SETUP_SIGN_PASSWORD]
    #[arg(long, value_name = "FILE")]
    sign_password_file: Option<PathBuf>,
    /// Days until the signature expires
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(super) expires_days: u32,
}

impl SigningArgs {
    /// The key, if one was given.
    ///
    /// # Errors
    /// `file-unreadable` if a file cannot be read, `usage` if the key or the password is wrong.
    pub(super) fn key(&self) -> Result<Option<SigningKey>> {
        let text = match &self.sign_key {
            Some(path) => Some(read(path)?),
            None => env_vars::SIGN_KEY.checked_text()?.map(Secret::new),
        };
        let Some(text) = text else { return Ok(None) };
        let password = match &self.sign_password_file {
            Some(path) => {
                let password = read(path)?;
                let line = password.reveal().trim_end_matches(['\r', '\n']);
                Some(Secret::new(line))
            }
            None => env_vars::SIGN_PASSWORD.checked_text()?.map(Secret::new),
        };
        SigningKey::parse(&text, password.as_ref())
            .map(Some)
            .map_err(describe)
    }
}

fn read(path: &Path) -> Result<Secret> {
    files::read_named_text(path, LARGEST_FILE)
        .map(Secret::new)
        .map_err(|error| {
            Error::new(
                ErrorId::FileUnreadable,
                message!("signing-read", path = printable_path(path)),
                describe_io_error(&error),
                Message::default(),
            )
        })
}

fn describe(fault: SigningKeyFault) -> Error {
    let (observed, next) = match fault {
        SigningKeyFault::NotAKey => (
            message!("signing-not-a-key"),
            message!("signing-not-a-key-next"),
        ),
        SigningKeyFault::PasswordMissing => (
            message!("signing-no-password"),
            message!(
                "signing-password-next",
                variable = env_vars::SIGN_PASSWORD.name
            ),
        ),
        SigningKeyFault::PasswordWrong => (
            message!("signing-wrong-password"),
            message!(
                "signing-password-next",
                variable = env_vars::SIGN_PASSWORD.name
            ),
        ),
    };
    Error::new(ErrorId::Usage, message!("signing-use-key"), observed, next)
}
