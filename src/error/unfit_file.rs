//! Files that are found where a file is expected, and are not accepted.

use std::fmt;
use std::io::{self, ErrorKind};

use crate::message::{Message, message};

/// A file that was found and is not accepted. As an [`io::Error`] its kind is `InvalidData`, or `IsADirectory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfitFile {
    /// A directory.
    Directory,
    /// A symbolic link, where none is followed.
    Link,
    /// Not a symbolic link, where this program makes one.
    NotALink,
    /// A socket, a FIFO, a device.
    Special,
    /// A file of more bytes than this.
    TooLarge(u64),
    /// A record of more values than this program writes.
    TooManyValues,
    /// A file that is not UTF-8.
    NotUtf8,
    /// A file or directory that belongs to the user with this number.
    Owner(u32),
    /// A directory that other users can write.
    WritableByOthers,
    /// A file with more than one name (hard links).
    SeveralNames,
    /// A link, or a file or directory of another user.
    NotOwn,
    /// A file that this program did not write.
    Foreign,
    /// A file of another user or group, which writing it would change.
    OwnerWouldChange,
    /// A directory that another process moved while it was read.
    Moved,
}

impl UnfitFile {
    /// Returns the reason that `error` carries, if it is one of these.
    pub fn find(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl UnfitFile {
    /// Returns the reason in words.
    pub fn describe(self) -> Message {
        match self {
            Self::Directory => message!("io-is-a-directory"),
            Self::Link => message!("io-link"),
            Self::NotALink => message!("io-not-a-link"),
            Self::Special => message!("io-not-regular"),
            Self::TooLarge(most) if most >= 1 << 20 => {
                message!("io-too-large-mib", most = most >> 20)
            }
            Self::TooLarge(most) => message!("io-too-large", most = most),
            Self::TooManyValues => message!("io-too-many-values"),
            Self::NotUtf8 => message!("io-not-utf8-text"),
            Self::Owner(uid) => message!("io-other-owner", uid = uid),
            Self::WritableByOthers => message!("io-writable-by-others"),
            Self::SeveralNames => message!("io-several-names"),
            Self::NotOwn => message!("io-not-own"),
            Self::Foreign => message!("io-foreign"),
            Self::OwnerWouldChange => message!("io-owner-would-change"),
            Self::Moved => message!("io-moved"),
        }
    }
}

impl fmt::Display for UnfitFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe().fmt(f)
    }
}

impl std::error::Error for UnfitFile {}

impl From<UnfitFile> for io::Error {
    fn from(unfit: UnfitFile) -> Self {
        let kind = match unfit {
            UnfitFile::Directory => ErrorKind::IsADirectory,
            UnfitFile::Link
            | UnfitFile::NotALink
            | UnfitFile::Special
            | UnfitFile::TooLarge(_)
            | UnfitFile::TooManyValues
            | UnfitFile::NotUtf8
            | UnfitFile::Owner(_)
            | UnfitFile::WritableByOthers
            | UnfitFile::SeveralNames
            | UnfitFile::NotOwn
            | UnfitFile::Foreign
            | UnfitFile::OwnerWouldChange
            | UnfitFile::Moved => ErrorKind::InvalidData,
        };
        Self::new(kind, unfit)
    }
}
