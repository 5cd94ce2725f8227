//! Writes a file as a whole or not at all.

use std::ffi::OsString;
use std::fs::Permissions;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::Path;

use super::directory::Directory;

/// Replaces `path` with `content`: a file next to it, flushed to disk, takes its name in one rename. The directory is held open, and a
/// link in the place of `path` is replaced, not followed. The permissions of an existing file are kept, without special bits. After
/// an error nothing of `path` has changed and no temporary file is left.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let directory = Directory::open_named(parent)?;
    let temporary = temporary_name();
    let mut file = directory.create_shared(&temporary)?;
    let mut publish = || -> io::Result<()> {
        file.write_all(content)?;
        if let Ok(existing) = directory.open_file(name) {
            file.set_permissions(plain(existing.metadata()?.permissions()))?;
        }
        file.sync_all()?;
        directory.rename(&temporary, &directory, name)
    };
    publish().inspect_err(|_| {
        let _ = directory.remove(&temporary);
    })
}

/// A name that no other process uses.
fn temporary_name() -> OsString {
    let process = std::process::id();
    let random = RandomState::new().hash_one(process);
    format!(".taos-setup-{process}-{random:x}").into()
}

/// `permissions` without set-user-ID, set-group-ID, and sticky bits.
#[cfg(unix)]
fn plain(permissions: Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    Permissions::from_mode(permissions.mode() & 0o777)
}

#[cfg(not(unix))]
fn plain(permissions: Permissions) -> Permissions {
    permissions
}

#[cfg(test)]
mod tests;
