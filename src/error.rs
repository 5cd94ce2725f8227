//! The error type: what was tried, what was observed, and what to do next. An error has a stable id and the
//! documented exit code (docs/decisions.md, "Contracts"). Scripts match on ids: add, never rename.

pub mod built_in;
mod unfit_file;

use std::fmt;

use crate::message::{Message, message};
pub use unfit_file::UnfitFile;

/// What went wrong, by its stable id. Each variant documents the id's meaning and its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorId {
    /// `unexpected` (exit 1): something the program did not foresee; a bug report helps.
    Unexpected,
    /// `usage` (exit 2): the command line or an environment variable is invalid.
    Usage,
    /// `nothing-published` (exit 3): no package matches the version, edition and platform that were asked for.
    NothingPublished,
    /// `platform-unsupported` (exit 3): no client is published for this machine, or it needs a newer one.
    PlatformUnsupported,
    /// `nothing-installed` (exit 3): the command needs an installed client and the store has none that fits.
    NothingInstalled,
    /// `transport-unsupported` (exit 3): no connector of that language supports the requested transport.
    TransportUnsupported,
    /// `nothing-known` (exit 3): `explain` has no entry that fits.
    NothingKnown,
    /// `digest-mismatch` (exit 4): the bytes do not match the digest.
    DigestMismatch,
    /// `digest-unknown` (exit 4): no known digest for this package.
    DigestUnknown,
    /// `signature-invalid` (exit 4): a signed list is missing, its signature is not valid, or it is expired or older than one before.
    SignatureInvalid,
    /// `archive-corrupt` (exit 4): the package is truncated or damaged.
    ArchiveCorrupt,
    /// `archive-unsafe` (exit 4): the package holds an entry that no honest package holds.
    ArchiveUnsafe,
    /// `package-incomplete` (exit 4): the package lacks a library that its version needs.
    PackageIncomplete,
    /// `package-mismatch` (exit 4): the driver in the package is not of the version that the package is taken for.
    PackageMismatch,
    /// `download-failed` (exit 5): the server could not be reached or closed the connection early.
    DownloadFailed,
    /// `download-refused` (exit 5): the server answered, but not with the file (another status than 404, a web page).
    DownloadRefused,
    /// `package-not-found` (exit 5): no source has the package.
    PackageNotFound,
    /// `store-busy` (exit 6): another taos-setup holds the store's lock.
    StoreBusy,
    /// `would-overwrite` (exit 7): an existing file that taos-setup did not write would be lost.
    WouldOverwrite,
    /// `lock-stale` (exit 7): taos-setup.lock is missing, or does not hold what taos-setup.toml asks for.
    LockStale,
    /// `platform-not-locked` (exit 7): taos-setup.lock has no client for this machine's platform.
    PlatformNotLocked,
    /// `version-conflict` (exit 7): the project already asks for another version of the connector.
    VersionConflict,
    /// `installed-otherwise` (exit 7): a package manager, not its own installer, installed this program.
    InstalledOtherwise,
    /// `release-older` (exit 4): the release that was found is older than this program.
    ReleaseOlder,
    /// `file-unreadable` (exit 8): a local file or folder cannot be read.
    FileUnreadable,
    /// `file-unparsable` (exit 8): a local file was read but does not parse.
    FileUnparsable,
    /// `file-unwritable` (exit 8): a local file or folder cannot be written.
    FileUnwritable,
    /// `lock-failed` (exit 8): the tool that regenerates a lock file is missing or failed.
    LockFailed,
    /// `program-failed` (exit 15): a command that builds or runs the project is missing or failed.
    ProgramFailed,
    /// `command-unrunnable` (exit 126): `run` found the command and the system could not start it (POSIX, XCU 2.8.2).
    CommandUnrunnable,
    /// `command-missing` (exit 127): `run` found no such command (POSIX, XCU 2.8.2).
    CommandMissing,
    /// `interrupted` (exit 130): Ctrl-C or a termination signal.
    Interrupted,
    /// A server that cannot be used, by the id and the exit code that its finding has in `manifests/findings.toml` (exit 10
    /// to 14).
    Finding(&'static str, u8),
}

impl ErrorId {
    /// The id as JSON and the human report print it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unexpected => "unexpected",
            Self::Usage => "usage",
            Self::NothingPublished => "nothing-published",
            Self::PlatformUnsupported => "platform-unsupported",
            Self::NothingInstalled => "nothing-installed",
            Self::TransportUnsupported => "transport-unsupported",
            Self::NothingKnown => "nothing-known",
            Self::DigestMismatch => "digest-mismatch",
            Self::DigestUnknown => "digest-unknown",
            Self::SignatureInvalid => "signature-invalid",
            Self::ArchiveCorrupt => "archive-corrupt",
            Self::ArchiveUnsafe => "archive-unsafe",
            Self::PackageIncomplete => "package-incomplete",
            Self::PackageMismatch => "package-mismatch",
            Self::DownloadFailed => "download-failed",
            Self::DownloadRefused => "download-refused",
            Self::PackageNotFound => "package-not-found",
            Self::StoreBusy => "store-busy",
            Self::WouldOverwrite => "would-overwrite",
            Self::LockStale => "lock-stale",
            Self::PlatformNotLocked => "platform-not-locked",
            Self::VersionConflict => "version-conflict",
            Self::InstalledOtherwise => "installed-otherwise",
            Self::ReleaseOlder => "release-older",
            Self::FileUnreadable => "file-unreadable",
            Self::FileUnparsable => "file-unparsable",
            Self::FileUnwritable => "file-unwritable",
            Self::LockFailed => "lock-failed",
            Self::ProgramFailed => "program-failed",
            Self::CommandUnrunnable => "command-unrunnable",
            Self::CommandMissing => "command-missing",
            Self::Interrupted => "interrupted",
            Self::Finding(id, _) => id,
        }
    }

    /// The process's exit code for this error.
    pub const fn exit(self) -> u8 {
        match self {
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::NothingPublished
            | Self::PlatformUnsupported
            | Self::NothingInstalled
            | Self::TransportUnsupported
            | Self::NothingKnown => 3,
            Self::DigestMismatch
            | Self::DigestUnknown
            | Self::SignatureInvalid
            | Self::ArchiveCorrupt
            | Self::ArchiveUnsafe
            | Self::PackageIncomplete
            | Self::PackageMismatch
            | Self::ReleaseOlder => 4,
            Self::DownloadFailed | Self::DownloadRefused | Self::PackageNotFound => 5,
            Self::StoreBusy => 6,
            Self::WouldOverwrite
            | Self::LockStale
            | Self::PlatformNotLocked
            | Self::VersionConflict
            | Self::InstalledOtherwise => 7,
            Self::FileUnreadable
            | Self::FileUnparsable
            | Self::FileUnwritable
            | Self::LockFailed => 8,
            Self::ProgramFailed => 15,
            Self::CommandUnrunnable => 126,
            Self::CommandMissing => 127,
            Self::Interrupted => 130,
            Self::Finding(_, exit) => exit,
        }
    }
}

/// An error as the user reads it: one sentence each for what was tried, what was seen, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which error it is.
    pub id: ErrorId,
    /// What the program was doing, as a phrase that follows "could not": `install 3.3.7.5 from /srv/mirror`.
    pub tried: Message,
    /// What it met, as a sentence without a full stop.
    pub observed: Message,
    /// What the user can do, as one line; a command where there is one. Empty where nothing honest can be said.
    pub next: Message,
}

impl Error {
    /// An error of kind `id`; `tried`, `observed` and `next` as the fields describe them.
    pub fn new(
        id: ErrorId,
        tried: impl Into<Message>,
        observed: impl Into<Message>,
        next: impl Into<Message>,
    ) -> Self {
        Self {
            id,
            tried: tried.into(),
            observed: observed.into(),
            next: next.into(),
        }
    }

    /// The process's exit code for this error.
    pub const fn exit(&self) -> u8 {
        self.id.exit()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: {}", self.tried, self.observed)
    }
}

impl std::error::Error for Error {}

/// What every fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Describes an `io::Error` for users, without Rust's `(os error N)` suffix.
pub fn describe_io_error(error: &std::io::Error) -> Message {
    use std::io::ErrorKind;
    if let Some(unfit) = UnfitFile::find(error) {
        return unfit.describe();
    }
    match error.kind() {
        ErrorKind::NotFound => message!("io-not-found"),
        ErrorKind::PermissionDenied => message!("io-permission-denied"),
        ErrorKind::ReadOnlyFilesystem => message!("io-read-only"),
        ErrorKind::StorageFull => message!("io-storage-full"),
        ErrorKind::QuotaExceeded => message!("io-quota-exceeded"),
        ErrorKind::IsADirectory => message!("io-is-a-directory"),
        ErrorKind::NotADirectory => message!("io-not-a-directory"),
        _ if is_out_of_descriptors(error) => message!("io-out-of-descriptors"),
        _ if is_open_elsewhere(error) => message!("io-open-elsewhere"),
        _ => {
            let text = error.to_string();
            match text.find(" (os error") {
                Some(at) => Message::quoted(&text[..at]),
                None => Message::quoted(text),
            }
        }
    }
}

/// The error of Windows for a file that another program has open, `ERROR_SHARING_VIOLATION`.
pub const SHARING_VIOLATION: i32 = 32;
/// The error of Windows for a locked part of a file, `ERROR_LOCK_VIOLATION`.
const LOCK_VIOLATION: i32 = 33;

/// Another program has the file open.
fn is_open_elsewhere(error: &std::io::Error) -> bool {
    cfg!(windows)
        && matches!(
            error.raw_os_error(),
            Some(SHARING_VIOLATION | LOCK_VIOLATION)
        )
}

/// `EMFILE` and `ENFILE`, which have the same numbers on Linux and macOS and no kind of their own.
fn is_out_of_descriptors(error: &std::io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}
