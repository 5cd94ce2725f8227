//! Moving what is at one path to another, as it is: in one step where both are on one file system, else as a copy that is whole
//! before the original goes.

use std::fs::File;
use std::io;

use super::place::{self, SystemPlace};
use crate::store::disk;
use crate::system::directory::{Directory, EntryType};
use crate::tdengine::digest::Sha256;

/// A copy that is not whole yet has a name that begins with this.
pub(super) const PART: &str = ".taos-setup-part-";

/// Moves what is at `from` to `to`, where nothing is; a copy has a name behind `part` until it is whole. A folder or a device goes only within its file system.
pub(super) fn shift(from: &SystemPlace, to: &SystemPlace, part: &str) -> io::Result<()> {
    if to.kind()?.is_some() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let renamed = disk::step().and_then(|()| from.folder.rename(&from.name, &to.folder, &to.name));
    match renamed {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            copy(from, to, part)?;
            disk::step()?;
            from.remove()
        }
        ended => ended,
    }
}

fn copy(from: &SystemPlace, to: &SystemPlace, part: &str) -> io::Result<()> {
    let part = to.beside(part);
    place::remove(&to.folder, &part)?;
    disk::step()?;
    match from.kind()? {
        Some(EntryType::File(_)) => {
            let mut source = from.folder.open_file(&from.name)?;
            let mut copy = to.folder.create(&part)?;
            io::copy(&mut source, &mut copy)?;
            alike(&copy, &source)?;
            copy.set_modified(source.metadata()?.modified()?)?;
            copy.sync_all()?;
        }
        Some(EntryType::Link(target)) => to.folder.symlink(&target, &part)?,
        Some(_) => return Err(io::ErrorKind::CrossesDevices.into()),
        None => return Err(io::ErrorKind::NotFound.into()),
    }
    disk::step()?;
    to.folder.rename(&part, &to.folder, &to.name)?;
    to.folder.sync()
}

/// Gives `copy` the owner and the permissions of `source`.
pub(super) fn alike(copy: &File, source: &File) -> io::Result<()> {
    let found = source.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        fchown(copy, Some(found.uid()), Some(found.gid()))?;
    }
    // A user's special bits are not taken over: the copy is not the file that the user gave them.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = crate::system::files::without_special_bits(&found);
        copy.set_permissions(PermissionsExt::from_mode(mode))
    }
    #[cfg(not(unix))]
    copy.set_permissions(found.permissions())
}

/// Whether two places hold the same: of a move that was interrupted, a copy and its original.
pub(super) fn same(one: &SystemPlace, other: &SystemPlace) -> io::Result<bool> {
    let digest = |folder: &Directory, name| Sha256::of(folder.open_file(name)?);
    Ok(match (one.kind()?, other.kind()?) {
        (Some(EntryType::File(size)), Some(EntryType::File(other_size))) => {
            size == other_size
                && digest(&one.folder, &one.name)? == digest(&other.folder, &other.name)?
        }
        (Some(EntryType::Link(target)), Some(EntryType::Link(other))) => target == other,
        _ => false,
    })
}
