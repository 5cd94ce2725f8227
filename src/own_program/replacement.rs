//! Puts another program into this one's place: as a whole or not at all, with a receipt that is true at every moment.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use semver::Version;

use super::{OwnInstallation, RECEIPT, read_receipt};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::own_program::receipt::OwnReceipt;
use crate::safety::printable::{printable, printable_path};
use crate::system::directory::ignore_missing;
use crate::system::{program_output, test_fault};
use crate::tdengine::digest::Sha256;

/// The new program until it takes its name. On Windows only such a name can be run.
const NEW: &str = match cfg!(windows) {
    true => "taos-setup-new.exe",
    false => ".taos-setup-new",
};
/// The running program on Windows, which can be renamed but not replaced.
pub(super) const OLD: &str = "taos-setup-old.exe";

impl OwnInstallation {
    /// Replaces the program by `content`, which must report `version`. After an error, also one of a process that is killed, the old
    /// or the new program is installed, and the receipt names it.
    ///
    /// # Errors
    /// `store-busy` if another update is running, `would-overwrite` if one has just ended; `package-mismatch` if the new program does
    /// not run or reports another version; `file-unwritable`.
    pub(super) fn replace(&self, version: &Version, content: &[u8]) -> Result<()> {
        let _lock = self.lock()?;
        let current = read_receipt(&self.directory)
            .ok()
            .and_then(|it| OwnReceipt::parse(&it));
        if current.and_then(|it| it.version()) != self.receipt.version() {
            return Err(Error::new(
                ErrorId::WouldOverwrite,
                message!("self-update"),
                message!("self-changed", path = printable_path(&self.program)),
                message!("self-busy-next"),
            ));
        }
        let staged = self
            .stage(content)
            .map_err(|error| self.unwritable(&error))
            .and_then(|()| self.check_new(version));
        let ended = staged.and_then(|()| {
            let digest = Sha256::of(content).map_err(|error| self.unwritable(&error))?;
            self.publish(version, &digest)
                .map_err(|error| self.unwritable(&error))
        });
        ended.inspect_err(|_| {
            let _ = self.directory.remove(OsStr::new(NEW));
        })
    }

    /// Writes the receipt, which an update that was killed has left in two forms, and removes what it left.
    pub(super) fn settle(&self) -> Result<()> {
        let text = self.receipt.render();
        if read_receipt(&self.directory).is_ok_and(|bytes| bytes == text.as_bytes()) {
            return Ok(());
        }
        // CRLF, as PowerShell writes it, is no second form.
        let is_begun = read_receipt(&self.directory)
            .is_ok_and(|bytes| bytes.windows(5).any(|five| five == b"next-"));
        if !is_begun {
            return Ok(());
        }
        let _lock = self.lock()?;
        let settle = || {
            ignore_missing(self.directory.remove(OsStr::new(NEW)))?;
            self.directory.replace(OsStr::new(RECEIPT), text.as_bytes())
        };
        settle().map_err(|error| self.unwritable(&error))
    }

    fn stage(&self, content: &[u8]) -> io::Result<()> {
        let new = OsStr::new(NEW);
        ignore_missing(self.directory.remove(new))?;
        if cfg!(windows) {
            // It may still be running, and goes with the next update.
            let _ = self.directory.remove(OsStr::new(OLD));
        }
        let mut file = self.directory.create(new)?;
        file.write_all(content)?;
        self.make_executable(&file)?;
        file.sync_all()?;
        test_fault::step()
    }

    /// The permissions are those of the program that it replaces.
    #[cfg(unix)]
    fn make_executable(&self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let found = self.directory.open_file(&self.name)?.metadata()?;
        let mode = (found.permissions().mode() & 0o777) | 0o100;
        file.set_permissions(PermissionsExt::from_mode(mode))
    }

    #[cfg(not(unix))]
    fn make_executable(&self, _file: &File) -> io::Result<()> {
        Ok(())
    }

    /// Checks that the new program runs here and is what the release says.
    fn check_new(&self, version: &Version) -> Result<()> {
        let mut command = Command::new(self.sibling(NEW));
        command.arg("--version");
        let observed = match program_output::read(command) {
            Ok(printed) if printed.trim() == format!("taos-setup {version}") => return Ok(()),
            Ok(printed) => message!(
                "self-new-version",
                version = version,
                printed = printable(printed.trim())
            ),
            Err(error) => message!(
                "self-new-fails",
                version = version,
                reason = match error.kind() {
                    io::ErrorKind::Other => message!("self-new-ended"),
                    io::ErrorKind::TimedOut => message!("self-new-hangs"),
                    _ => describe_io_error(&error),
                }
            ),
        };
        Err(Error::new(
            ErrorId::PackageMismatch,
            message!("self-update"),
            observed,
            message!("self-new-next"),
        ))
    }

    fn publish(&self, version: &Version, digest: &Sha256) -> io::Result<()> {
        let receipt = OsStr::new(RECEIPT);
        let write =
            |content: &OwnReceipt| self.directory.replace(receipt, content.render().as_bytes());
        let version = version.to_string();
        write(&self.receipt.announcing(&version, digest))?;
        test_fault::step()
            .and_then(|()| self.swap())
            .inspect_err(|_| {
                let _ = write(&self.receipt);
            })?;
        // From here on the new program is installed. A receipt that cannot be written again is true, too.
        if test_fault::step().is_ok() {
            let _ = write(&self.receipt.with(&version, digest));
        }
        self.directory.sync()
    }

    #[cfg(not(windows))]
    fn swap(&self) -> io::Result<()> {
        self.directory
            .rename(OsStr::new(NEW), &self.directory, &self.name)
    }

    /// Windows keeps the file of a running program, whatever its name.
    #[cfg(windows)]
    fn swap(&self) -> io::Result<()> {
        let (new, old) = (OsStr::new(NEW), OsStr::new(OLD));
        self.directory.rename(&self.name, &self.directory, old)?;
        self.directory
            .rename(new, &self.directory, &self.name)
            .inspect_err(|_| {
                let _ = self.directory.rename(old, &self.directory, &self.name);
            })
    }

    /// Keeps other updates out until it is dropped.
    pub(super) fn lock(&self) -> Result<UpdateLock> {
        UpdateLock::take(self.program.parent().unwrap_or(Path::new("."))).map_err(|error| {
            match error.kind() {
                io::ErrorKind::WouldBlock => Error::new(
                    ErrorId::StoreBusy,
                    message!("self-update"),
                    message!("self-busy"),
                    message!("self-busy-next"),
                ),
                _ => self.unwritable(&error),
            }
        })
    }

    pub(super) fn sibling(&self, name: &str) -> std::path::PathBuf {
        self.program.with_file_name(OsString::from(name))
    }

    pub(super) fn unwritable(&self, error: &io::Error) -> Error {
        Error::new(
            ErrorId::FileUnwritable,
            message!("self-replace", path = printable_path(&self.program)),
            describe_io_error(error),
            match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    message!("self-owner-next")
                }
                _ => Message::default(),
            },
        )
    }
}

/// The lock of the program's directory.
pub(super) struct UpdateLock {
    _file: File,
}

impl UpdateLock {
    /// Locks the directory itself, so that nothing is left.
    #[cfg(not(windows))]
    fn take(directory: &Path) -> io::Result<Self> {
        let file = File::open(directory)?;
        match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            // Some network file systems do not lock directories. Each step is atomic, with or without the lock.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(Self { _file: file }),
        }
    }

    /// Locks a file that goes with the process that has it open.
    #[cfg(windows)]
    fn take(directory: &Path) -> io::Result<Self> {
        use std::os::windows::fs::OpenOptionsExt;

        use crate::error::SHARING_VIOLATION;
        /// `FILE_FLAG_DELETE_ON_CLOSE`
        const DELETE_ON_CLOSE: u32 = 0x0400_0000;
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        options.share_mode(0).custom_flags(DELETE_ON_CLOSE);
        match options.open(directory.join("taos-setup-update.lock")) {
            Ok(file) => Ok(Self { _file: file }),
            Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => {
                Err(io::ErrorKind::WouldBlock.into())
            }
            Err(error) => Err(error),
        }
    }
}
