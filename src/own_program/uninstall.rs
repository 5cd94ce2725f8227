//! `self uninstall`: deletes this program and its receipt, and nothing else.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::{OwnInstallation, OwnPurpose, RECEIPT};
use crate::error::Result;
use crate::system::directory::ignore_missing;

/// What was deleted, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRemoval {
    /// The program's file.
    pub program: PathBuf,
    /// Its receipt.
    pub receipt: PathBuf,
    /// The file that a running program on Windows leaves, for its user to delete.
    pub left: Option<PathBuf>,
    /// Whether nothing was changed.
    pub is_dry_run: bool,
}

/// Deletes this program.
///
/// # Errors
/// Those of `self update` for a program that its own script did not install; `file-unwritable`.
pub fn uninstall(is_dry_run: bool) -> Result<OwnRemoval> {
    let own = OwnInstallation::find(OwnPurpose::Uninstall)?;
    let mut left = None;
    if !is_dry_run {
        let lock = own.lock()?;
        remove_program(&own, &mut left).map_err(|error| own.unwritable(&error))?;
        // Without the program it says nothing.
        let receipt = own.directory.remove(OsStr::new(RECEIPT));
        ignore_missing(receipt).map_err(|error| own.unwritable(&error))?;
        drop(lock);
    }
    Ok(OwnRemoval {
        receipt: own.sibling(RECEIPT),
        program: own.program,
        left,
        is_dry_run,
    })
}

#[cfg(not(windows))]
fn remove_program(own: &OwnInstallation, _left: &mut Option<PathBuf>) -> std::io::Result<()> {
    own.directory.remove(&own.name)
}

/// Windows keeps the file of a running program; it can only get another name.
#[cfg(windows)]
fn remove_program(own: &OwnInstallation, left: &mut Option<PathBuf>) -> std::io::Result<()> {
    let old = OsStr::new(super::replacement::OLD);
    let _ = own.directory.remove(old);
    own.directory.rename(&own.name, &own.directory, old)?;
    *left = Some(own.sibling(super::replacement::OLD));
    Ok(())
}
