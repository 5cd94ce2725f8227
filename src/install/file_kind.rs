//! Detects a file's kind from its first bytes, to report what was received instead of a package.

use crate::message::{Message, message};

/// First bytes of the vendor's packages: gzip for Linux, xar for macOS, an executable for Windows; zip for repacked ones.
const PACKAGES: [&[u8]; 4] = [b"\x1f\x8b", b"xar!", b"MZ", b"PK\x03\x04"];

/// First bytes of other files.
const OTHERS: [(&[u8], ReceivedKind); 9] = [
    (b"\xfd7zXZ\0", ReceivedKind::Archive("xz")),
    (b"BZh", ReceivedKind::Archive("bzip2")),
    (b"\x28\xb5\x2f\xfd", ReceivedKind::Archive("zstd")),
    (b"7z\xbc\xaf\x27\x1c", ReceivedKind::Archive("7z")),
    (b"!<arch>\n", ReceivedKind::DebianPackage),
    (b"\xed\xab\xee\xdb", ReceivedKind::RpmPackage),
    (b"\x7fELF", ReceivedKind::Program),
    (b"version https://git-lfs", ReceivedKind::GitLfsPointer),
    (b"{", ReceivedKind::Json),
];

/// The name of tar and its position in the first header (POSIX.1-1988).
const TAR: (usize, &[u8]) = (257, b"ustar");

/// The kind of a file that is not a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceivedKind {
    /// An archive in this format.
    Archive(&'static str),
    /// A tar archive that is not compressed.
    PlainTar,
    /// A Debian package.
    DebianPackage,
    /// An RPM package.
    RpmPackage,
    /// A program or library.
    Program,
    /// A pointer of Git LFS.
    GitLfsPointer,
    /// JSON.
    Json,
    /// A web page.
    WebPage,
}

/// Whether `head`, the first bytes of a file, are those of any package.
pub(super) fn is_package(head: &[u8]) -> bool {
    PACKAGES.iter().any(|bytes| head.starts_with(bytes))
}

impl ReceivedKind {
    /// The kind of the file that begins with `head`, if it is known.
    pub(super) fn find(head: &[u8]) -> Option<Self> {
        if head
            .get(TAR.0..)
            .is_some_and(|rest| rest.starts_with(TAR.1))
        {
            return Some(Self::PlainTar);
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if text.trim_ascii_start().first() == Some(&b'<') {
            return Some(Self::WebPage);
        }
        OTHERS
            .iter()
            .find(|(bytes, _)| head.starts_with(bytes))
            .map(|(_, kind)| *kind)
    }

    /// A noun phrase.
    pub(super) fn describe(self) -> Message {
        match self {
            Self::Archive(format) => message!("install-kind-archive", format = format),
            Self::PlainTar => message!("install-kind-tar"),
            Self::DebianPackage => message!("install-kind-debian"),
            Self::RpmPackage => message!("install-kind-rpm"),
            Self::Program => message!("install-kind-program"),
            Self::GitLfsPointer => message!("install-kind-git-lfs"),
            Self::Json => message!("install-kind-json"),
            Self::WebPage => message!("install-kind-web-page"),
        }
    }
}

#[cfg(test)]
mod tests;
