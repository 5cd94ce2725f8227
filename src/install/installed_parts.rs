//! `--only`: the parts of a client after an installation. A version has one directory in the store whatever parts it has, because
//! `use`, `env`, `current`, and the journal name a client by its version.

use std::fs;
use std::io;
use std::path::Path;

use super::InstallRequest;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::store::{Client, Parts, Receipt};
use crate::unpack::Unpacked;

/// The parts that a client has after `request`: the requested ones and the installed ones `there`. `--repair` alone keeps the
/// installed ones.
pub(super) fn after(request: &InstallRequest, there: Option<&Receipt>) -> Parts {
    match (request.parts, there) {
        (None, Some(there)) if request.repair => there.parts,
        (asked, Some(there)) => asked.unwrap_or_default().max(there.parts),
        (asked, None) => asked.unwrap_or_default(),
    }
}

/// [`after`] for `client` as it is installed now.
pub(super) fn of(request: &InstallRequest, client: &Client) -> Parts {
    let there = client.receipt().ok();
    after(request, there.filter(|there| there.is_of(client)).as_ref())
}

/// Removes everything outside `parts` from the tree below `root`, and returns the rest of `unpacked`. Error
/// `file-unwritable`.
pub(super) fn keep(
    root: &Path,
    client: &Client,
    parts: Parts,
    mut unpacked: Unpacked,
) -> Result<Unpacked> {
    let unwritable = |path: &Path, error: &io::Error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("store-write", path = printable_path(path)),
            describe_io_error(error),
            Message::default(),
        )
    };
    let holds = |path: &str| parts.hold(client.platform, path);
    let mut gone = Vec::new();
    unpacked.files.retain(|file| {
        let held = holds(&file.path);
        gone.extend((!held).then(|| file.path.clone()));
        held
    });
    for path in gone.drain(..) {
        let path = root.join(path);
        fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
    }
    // A link goes with what it leads to.
    unpacked.links.retain(|link| {
        let held = holds(&link.path) && fs::metadata(root.join(&link.path)).is_ok();
        gone.extend((!held).then(|| link.path.clone()));
        held
    });
    for path in gone {
        let path = root.join(path);
        fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
    }
    if parts != Parts::All {
        remove_empty(root).map_err(|error| unwritable(root, &error))?;
    }
    Ok(unpacked)
}

/// Removes the folders below `folder` that hold nothing.
fn remove_empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_empty(&entry.path())?;
            match fs::remove_dir(entry.path()) {
                Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => {
                    return Err(error);
                }
                _ => {}
            }
        }
    }
    Ok(())
}
