//! `current`: which client is used where none is named. A relative symbolic link into `clients/`; on Windows, where links
//! need a privilege, a file that holds the name of the client's folder. The name `system` in its place says that the
//! machine's own driver is used.

use std::io;
use std::path::Path;

use super::{disk, unreadable, unwritable};
use crate::error::{Error, ErrorId, Result};
use crate::system::shell::quoted;

const NAME: &str = "current";
/// In place of a client's folder: the machine's own driver.
pub(super) const SYSTEM: &str = "system";

/// The name of the current client's folder, or [`SYSTEM`]; `None` where nothing is chosen.
pub(super) fn read(home: &Path) -> Result<Option<String>> {
    let path = home.join(NAME);
    match read_name(&path) {
        Ok(name) => Ok(name),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // What the system says of reading a link that is none.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Err(Error::new(
            ErrorId::FileUnreadable,
            format!("read {}", path.display()),
            "it is no symbolic link, so taos-setup did not make it",
            format!("mv {0} {0}.old", quoted(&path.to_string_lossy())),
        )),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

/// Makes the client in the folder `name` the current one, or [`SYSTEM`], or with `None` nothing; in one step.
pub(super) fn write(home: &Path, name: Option<&str>) -> Result<()> {
    let path = home.join(NAME);
    match name {
        Some(name) => write_name(&path, name),
        None => disk::remove_file(&path),
    }
    .map_err(|error| unwritable(&path, &error))
}

#[cfg(unix)]
fn read_name(path: &Path) -> io::Result<Option<String>> {
    let target = std::fs::read_link(path)?;
    Ok(target
        .file_name()
        .and_then(|name| name.to_str())
        .map(str::to_owned))
}

#[cfg(unix)]
fn write_name(path: &Path, name: &str) -> io::Result<()> {
    let target = match name {
        SYSTEM => SYSTEM.into(),
        _ => Path::new(super::CLIENTS).join(name),
    };
    if std::fs::read_link(path).is_ok_and(|now| now == target) {
        return Ok(());
    }
    let beside = path.with_file_name(BESIDE);
    let _ = std::fs::remove_file(&beside);
    disk::link(&target, &beside)?;
    disk::rename(&beside, path).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

/// The link that takes the name `current`; only the holder of the lock makes it, so one name will do.
#[cfg(unix)]
const BESIDE: &str = ".current-new";

/// Removes what a process that died between two steps left.
pub(super) fn sweep(home: &Path) {
    #[cfg(unix)]
    let _ = std::fs::remove_file(home.join(BESIDE));
    #[cfg(not(unix))]
    let _ = home;
}

#[cfg(not(unix))]
fn read_name(path: &Path) -> io::Result<Option<String>> {
    let text = std::fs::read_to_string(path)?;
    Ok(Some(text.trim().to_owned()))
}

#[cfg(not(unix))]
fn write_name(path: &Path, name: &str) -> io::Result<()> {
    disk::write(path, format!("{name}\n").as_bytes())
}
