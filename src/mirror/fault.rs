//! The errors of files in a mirror.

use std::io;
use std::path::Path;

use crate::error::{Error, ErrorId, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;

/// `file-unreadable`
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnreadable,
        message!("mirror-read", path = printable_path(path)),
        describe_io_error(error),
        message!("mirror-read-next"),
    )
}

/// `file-unwritable`
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        message!("mirror-write", path = printable_path(path)),
        describe_io_error(error),
        message!("mirror-write-next"),
    )
}

/// `file-unparsable`
pub(super) fn unparsable(path: &Path, observed: Message) -> Error {
    Error::new(
        ErrorId::FileUnparsable,
        message!("mirror-read", path = printable_path(path)),
        observed,
        message!("mirror-read-next"),
    )
}

/// `digest-mismatch` for the manifest of a mirror.
pub(super) fn damaged(manifest: &Path) -> Error {
    Error::new(
        ErrorId::DigestMismatch,
        message!("mirror-read", path = printable_path(manifest)),
        message!("mirror-manifest-damaged"),
        message!("mirror-manifest-damaged-next"),
    )
}

/// `usage`
pub(super) fn usage(observed: Message, next: Message) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("mirror-create-tried"),
        observed,
        next,
    )
}

/// `interrupted`
pub(super) fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        message!("mirror-finish"),
        message!("mirror-interrupted"),
        Message::default(),
    )
}
