//! This program's own file: installed by its installation script, updated from a signed release, removed. The script leaves a receipt
//! next to the program; without one that names the running program, a package manager owns the file.

mod decision;
mod package_manager;
mod receipt;
mod release;
mod replacement;
pub mod uninstall;
pub mod update;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::system::directory::Directory;
use crate::system::files;
use crate::tdengine::digest::Sha256;

use receipt::{LARGEST_RECEIPT, OwnReceipt};

/// The name of the receipt that install.sh or install.ps1 writes.
const RECEIPT: &str = match cfg!(windows) {
    true => "taos-setup-receipt.txt",
    false => ".taos-setup-receipt",
};

/// What a command does with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OwnPurpose {
    Update,
    Uninstall,
}

impl OwnPurpose {
    /// The phrase that follows "could not".
    fn tried(self) -> Message {
        match self {
            Self::Update => message!("self-update"),
            Self::Uninstall => message!("self-uninstall"),
        }
    }
}

/// The running program, installed by its installation script.
#[derive(Debug)]
struct OwnInstallation {
    /// The program's path.
    program: PathBuf,
    /// The name of its file.
    name: OsString,
    directory: Directory,
    receipt: OwnReceipt,
}

impl OwnInstallation {
    /// Finds the running program and its receipt.
    ///
    /// # Errors
    /// `installed-otherwise` if a package manager installed it, or if nothing is known of it; `would-overwrite` if the receipt is
    /// that of another program; `file-unreadable`, `file-unparsable`.
    fn find(purpose: OwnPurpose) -> Result<Self> {
        let tried = purpose.tried();
        let unreadable = |path: &Path, error: &io::Error| {
            Error::new(
                ErrorId::FileUnreadable,
                tried.clone(),
                message!(
                    "self-read",
                    path = printable_path(path),
                    reason = describe_io_error(error)
                ),
                message!("self-read-next"),
            )
        };
        let program =
            running_program().map_err(|error| unreadable(Path::new("taos-setup"), &error))?;
        let (Some(parent), Some(name)) = (program.parent(), program.file_name()) else {
            let error = io::Error::from(io::ErrorKind::InvalidInput);
            return Err(unreadable(&program, &error));
        };
        let directory =
            Directory::open_named(parent).map_err(|error| unreadable(parent, &error))?;
        let path = parent.join(RECEIPT);
        let receipt = match read_receipt(&directory) {
            Ok(bytes) => OwnReceipt::parse(&bytes).ok_or_else(|| {
                Error::new(
                    ErrorId::FileUnparsable,
                    tried.clone(),
                    message!("self-receipt-invalid", path = printable_path(&path)),
                    message!("self-install-again"),
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(installed_otherwise(&program, purpose));
            }
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let file = files::open_named(&program).map_err(|error| unreadable(&program, &error))?;
        let digest = Sha256::of(file).map_err(|error| unreadable(&program, &error))?;
        let Some(receipt) = receipt.settled(&digest) else {
            // A package manager may have replaced it later.
            return Err(match package_manager::find(&program) {
                Some(_) => installed_otherwise(&program, purpose),
                None => Error::new(
                    ErrorId::WouldOverwrite,
                    tried.clone(),
                    message!("self-changed", path = printable_path(&program)),
                    message!("self-install-again"),
                ),
            });
        };
        let name = name.to_owned();
        Ok(Self {
            program,
            name,
            directory,
            receipt,
        })
    }
}

/// Returns the path of the running program, without links.
fn running_program() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    match cfg!(windows) {
        // It is the real path already, and in a form that people know.
        true => Ok(program),
        false => program.canonicalize(),
    }
}

fn read_receipt(directory: &Directory) -> io::Result<Vec<u8>> {
    directory.read_own(OsStr::new(RECEIPT), LARGEST_RECEIPT)
}

/// The error that names the package manager which installed `program`.
fn installed_otherwise(program: &Path, purpose: OwnPurpose) -> Error {
    let path = printable_path(program);
    let (observed, next) = match package_manager::find(program) {
        Some(manager) => (
            message!("self-other", manager = manager.name, path = path),
            match purpose {
                OwnPurpose::Update => manager.next,
                OwnPurpose::Uninstall => message!("self-remove-next", manager = manager.name),
            },
        ),
        None => (
            message!("self-unknown", path = path),
            message!("self-unknown-next"),
        ),
    };
    Error::new(ErrorId::InstalledOtherwise, purpose.tried(), observed, next)
}

/// The error of a command that was interrupted before it changed anything.
fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        message!("self-update"),
        message!("self-interrupted"),
        Message::default(),
    )
}
