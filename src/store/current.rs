//! `current`: which client is used where none is named. A relative symbolic link into `clients/`; on Windows, where links
//! need a privilege, a file that holds the name of the client's folder.

use std::io;
use std::path::Path;

use super::{unreadable, unwritable};
use crate::error::Result;

const NAME: &str = "current";

/// The name of the current client's folder, `None` where none is chosen.
pub(super) fn read(home: &Path) -> Result<Option<String>> {
    let path = home.join(NAME);
    match read_name(&path) {
        Ok(name) => Ok(name),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

/// Makes the client in the folder `name` the current one, in one step.
pub(super) fn write(home: &Path, name: &str) -> Result<()> {
    let path = home.join(NAME);
    write_name(&path, name).map_err(|error| unwritable(&path, &error))
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
    let target = Path::new(super::CLIENTS).join(name);
    if std::fs::read_link(path).is_ok_and(|now| now == target) {
        return Ok(());
    }
    let beside = path.with_file_name(format!(".current-{}", std::process::id()));
    let _ = std::fs::remove_file(&beside);
    std::os::unix::fs::symlink(target, &beside)?;
    std::fs::rename(&beside, path).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

#[cfg(not(unix))]
fn read_name(path: &Path) -> io::Result<Option<String>> {
    let text = std::fs::read_to_string(path)?;
    Ok(Some(text.trim().to_owned()))
}

#[cfg(not(unix))]
fn write_name(path: &Path, name: &str) -> io::Result<()> {
    crate::atomic_file::write(path, format!("{name}\n").as_bytes())
}
