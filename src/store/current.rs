//! `current`: the client that is used if none is named. A relative symbolic link into `clients/`; on Windows, where links need a
//! privilege, a file that holds the name of the client's directory. The name `system` selects the machine's own driver.

use std::ffi::OsStr;
use std::io;

use super::{Store, disk, not_ours, unreadable, unwritable};
#[cfg(unix)]
use std::path::Path;

use crate::error::Result;
use crate::system::directory::Directory;
#[cfg(unix)]
use crate::system::directory::EntryType;
use crate::system::files::UnfitFile;

const NAME: &str = "current";
/// In place of a client's directory: the machine's own driver.
pub(super) const SYSTEM: &str = "system";

/// Returns the name of the current client's directory, or [`SYSTEM`]; `None` if nothing is chosen.
pub(super) fn read(store: &Store) -> Result<Option<String>> {
    match store.open_home()? {
        Some(home) => read_in(store, &home),
        None => Ok(None),
    }
}

/// As [`read`], in the store's open directory.
pub(super) fn read_in(store: &Store, home: &Directory) -> Result<Option<String>> {
    match read_name(home) {
        Ok(name) => Ok(name),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let path = store.home.join(NAME);
            Err(match UnfitFile::find(&error) {
                Some(_) => not_ours(&path, &error),
                None => unreadable(&path, &error),
            })
        }
    }
}

/// Makes the client in the directory `name` the current one, or [`SYSTEM`], or with `None` nothing; in one step.
pub(super) fn write(store: &Store, home: &Directory, name: Option<&str>) -> Result<()> {
    match name {
        Some(name) => write_name(home, name),
        None => disk::remove(home, OsStr::new(NAME)),
    }
    .map_err(|error| unwritable(&store.home.join(NAME), &error))
}

#[cfg(unix)]
fn read_name(home: &Directory) -> io::Result<Option<String>> {
    match home.entry_type(OsStr::new(NAME))? {
        EntryType::Link(target) => Ok(Path::new(&target)
            .file_name()
            .and_then(OsStr::to_str)
            .map(str::to_owned)),
        EntryType::File(_) | EntryType::Directory | EntryType::Special => {
            Err(UnfitFile::NotALink.into())
        }
    }
}

#[cfg(unix)]
fn write_name(home: &Directory, name: &str) -> io::Result<()> {
    let target = match name {
        SYSTEM => SYSTEM.into(),
        _ => Path::new(super::CLIENTS).join(name),
    };
    let (current, new) = (OsStr::new(NAME), OsStr::new(NEW));
    match home.entry_type(current) {
        Ok(EntryType::Link(now)) if Path::new(&now) == target => return Ok(()),
        Ok(EntryType::Link(_)) => {}
        Ok(EntryType::File(_) | EntryType::Directory | EntryType::Special) => {
            return Err(UnfitFile::NotALink.into());
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let _ = home.remove(new);
    disk::step()?;
    home.symlink(target.as_os_str(), new)?;
    disk::rename(home, new, current).inspect_err(|_| {
        let _ = home.remove(new);
    })
}

/// The link that is renamed to `current`; only the holder of the lock creates it.
#[cfg(unix)]
const NEW: &str = ".current-new";

/// Removes what a process that was killed between two steps left.
pub(super) fn sweep(home: &Directory) {
    #[cfg(unix)]
    let _ = home.remove(OsStr::new(NEW));
    #[cfg(not(unix))]
    let _ = home.remove(&crate::system::directory::replacement_name(OsStr::new(
        NAME,
    )));
}

#[cfg(not(unix))]
fn read_name(home: &Directory) -> io::Result<Option<String>> {
    let bytes = home.read_own(OsStr::new(NAME), 1 << 10)?;
    let text = crate::system::files::text(bytes)?;
    Ok(Some(text.trim().to_owned()))
}

#[cfg(not(unix))]
fn write_name(home: &Directory, name: &str) -> io::Result<()> {
    disk::replace(home, OsStr::new(NAME), format!("{name}\n").as_bytes())
}
