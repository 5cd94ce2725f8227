//! The log folder: one that this user may write, because the client does not start without (`transcripts/README.md`).

use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// `shared`, the folder in the store, where this user may write it. A store that another user filled, in a container image
/// or under /opt, has one that is not: then the platform's state folder, and for a user without a home a temporary one.
pub(super) fn of_this_user(shared: PathBuf) -> PathBuf {
    // Something else with that name is an error to report.
    if may_write(&shared).is_ok() || shared.is_file() {
        return shared;
    }
    let own = etcetera::base_strategy::choose_native_strategy()
        .ok()
        .and_then(|folders| folders.state_dir())
        .and_then(|state| std::path::absolute(state.join("taos-setup").join("log")).ok());
    own.filter(|own| may_write(own).is_ok())
        .or_else(|| temporary(&std::env::temp_dir()))
        .unwrap_or(shared)
}

/// This user's folder in `around`, where others may write too. It is made here, because only a folder that is known to be
/// theirs alone is used: not a link, and not one that somebody else put in its place.
#[cfg(unix)]
fn temporary(around: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let user = rustix::process::geteuid().as_raw();
    let folder = std::path::absolute(around.join(format!("taos-setup-log-{user}"))).ok()?;
    let _ = std::fs::DirBuilder::new().mode(0o700).create(&folder);
    let found = std::fs::symlink_metadata(&folder).ok()?;
    let theirs = found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0;
    theirs.then_some(folder)
}

#[cfg(not(unix))]
fn temporary(_around: &Path) -> Option<PathBuf> {
    None
}

/// Whether this user may write into the folder `path`, or make it where it is missing. The error is what the system says.
#[cfg(unix)]
pub fn may_write(path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    for folder in path.ancestors() {
        match access(folder, Access::WRITE_OK | Access::EXEC_OK) {
            Err(rustix::io::Errno::NOENT) => {}
            found => return Ok(found?),
        }
    }
    Ok(())
}

/// Whether this user may write into the folder `path`: elsewhere the attempt tells.
#[cfg(not(unix))]
pub fn may_write(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
