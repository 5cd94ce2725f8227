//! Putting what comes beside its place, whole and on the disk, before anything of the system changes.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256 as Hasher};

use super::change::Comes;
use super::place::{self, SystemPlace};
use super::{shift, unreadable, unwritable};
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::store::disk;
use crate::system::directory::{Directory, EntryType, open_roots_directory};
use crate::tdengine::digest::Sha256;

/// What waits for its place has a name that begins with this; the loader takes no such name for a library.
pub(super) const NEW: &str = ".taos-setup-new-";

/// Makes the folder `path`, for all to enter, where it is missing.
pub(super) fn folder(path: &str, mode: u32) -> Result<()> {
    let made = disk::step().and_then(|()| {
        let place = SystemPlace::of(Path::new(path))?;
        match place.folder.create_directory(&place.name, mode) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            ended => ended,
        }
    });
    made.map_err(|error| unwritable(Path::new(path), &error))
}

/// Puts what comes to `path` next to it, under its name behind `new`.
pub(super) fn stage(path: &str, comes: &Comes, new: &str) -> Result<()> {
    let failed = |error: io::Error| unwritable(Path::new(path), &error);
    let place = SystemPlace::of(Path::new(path)).map_err(failed)?;
    let name = place.beside(new);
    let fresh = || {
        disk::step()?;
        place::remove(&place.folder, &name)?;
        place.folder.create(&name)
    };
    match comes {
        Comes::Nothing | Comes::Restored(_) => Ok(()),
        Comes::Link(target) => disk::step()
            .and_then(|()| place::remove(&place.folder, &name))
            .and_then(|()| place.folder.symlink(target.as_ref(), &name))
            .map_err(failed),
        Comes::Bytes(bytes) => fresh()
            .and_then(|mut file| {
                file.write_all(bytes)?;
                match place.kind()? {
                    Some(EntryType::File(_)) => {
                        shift::alike(&file, &place.folder.open_file(&place.name)?)?;
                    }
                    _ => own(&file, 0o644)?,
                }
                file.sync_all()
            })
            .map_err(failed),
        Comes::Copy { from, sha256 } => {
            let source = open_source(from)?;
            let mode = if is_executable(&source) { 0o755 } else { 0o644 };
            let file = fresh().map_err(failed)?;
            let found = copy(source, &file).map_err(failed)?;
            if found != *sha256 {
                return Err(Error::new(
                    ErrorId::DigestMismatch,
                    message!("system-copy", path = printable_path(from)),
                    message!("system-copy-changed"),
                    message!("system-receipt-next"),
                ));
            }
            own(&file, mode)
                .and_then(|()| file.sync_all())
                .map_err(failed)
        }
    }
}

/// Opens a file that becomes root's: no other user could have written it, or exchanged a directory on the way.
fn open_source(path: &Path) -> Result<File> {
    let parent = path.parent().unwrap_or(path);
    let name = path.file_name().unwrap_or_default();
    open_roots_directory(parent)
        .map_err(|untrusted| unreadable(&untrusted.path, &untrusted.error))?
        .open_roots_file(name)
        .map_err(|error| unreadable(path, &error))
}

/// Copies all of `source`, and gives its digest.
fn copy(mut source: File, mut to: &File) -> io::Result<Sha256> {
    let mut hasher = Hasher::new();
    let mut chunk = vec![0; 128 << 10];
    loop {
        match source.read(&mut chunk) {
            Ok(0) => return Ok(Sha256(hasher.finalize().into())),
            Ok(read) => {
                hasher.update(&chunk[..read]);
                to.write_all(&chunk[..read])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Makes `file` root's, with exactly these permissions, whatever the umask and the folder's group are.
#[cfg(unix)]
fn own(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::{PermissionsExt, fchown};
    fchown(file, Some(0), Some(0))?;
    file.set_permissions(PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn own(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_executable(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|found| found.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_file: &File) -> bool {
    false
}

/// Writes `bytes` to `path` in one step, for all to read.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = || -> io::Result<()> {
        disk::step()?;
        let place = SystemPlace::of(path)?;
        let name = place.beside(NEW);
        place::remove(&place.folder, &name)?;
        let mut file = place.folder.create(&name)?;
        file.write_all(bytes)?;
        own(&file, 0o644)?;
        file.sync_all()?;
        disk::step()?;
        place.folder.rename(&name, &place.folder, &place.name)?;
        place.folder.sync()
    };
    written().map_err(|error| {
        let _ = discard(path);
        unwritable(path, &error)
    })
}

/// Removes what [`write()`] left that was killed.
pub(super) fn discard(path: &Path) -> Result<()> {
    let place = SystemPlace::of(path).map_err(|error| unwritable(path, &error))?;
    place::remove(&place.folder, &place.beside(NEW)).map_err(|error| unwritable(path, &error))
}

/// Removes the folder `path` where it is empty; it may be gone already.
pub(super) fn remove_if_empty(path: &Path) -> Result<()> {
    let removed = disk::step().and_then(|()| {
        let place = SystemPlace::of(path)?;
        match place.kind()? {
            // Where nothing may be written the system does not say that there is nothing to remove.
            None => Ok(()),
            Some(_) => place.folder.remove_directory(&place.name),
        }
    });
    match removed {
        Err(error) if is_still_needed(&error) => Ok(()),
        ended => ended.map_err(|error| unwritable(path, &error)),
    }
}

fn is_still_needed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            // What the system says of a folder that something is mounted on.
            | io::ErrorKind::ResourceBusy
    )
}

/// Opens the directory `path`, which must not be a link.
pub(super) fn open(path: &Path) -> io::Result<Directory> {
    let place = SystemPlace::of(path)?;
    place::enter(&place.folder, &place.name)
}
