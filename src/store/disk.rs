//! The store's changes to the disk, one function a step. In debug builds tests make a step fail or end the process at it.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::system::atomic_file;

/// Pauses before a busy rename is tried again: virus scanners and indexers hold a folder for moments.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(20),
    Duration::from_millis(40),
    Duration::from_millis(80),
    Duration::from_millis(160),
];

/// Renames `from` to `to`, again where it is busy.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let once = || step().and_then(|()| fs::rename(from, to));
    for pause in AGAIN {
        match once() {
            Err(error) if is_busy(&error) => std::thread::sleep(pause),
            ended => return ended,
        }
    }
    once()
}

fn is_busy(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::ResourceBusy
        || (cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied)
}

/// Replaces the file `path` with `content`, whole or not at all, and on the disk before it returns.
pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    step()?;
    atomic_file::write(path, content)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Removes the file or link `path`; it may be gone already.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    step()?;
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        ended => ended,
    }
}

/// Makes `to` another name of the file `from`.
pub(super) fn hard_link(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::hard_link(from, to)
}

/// Makes a symbolic link at `path`.
#[cfg(unix)]
pub(super) fn link(target: &Path, path: &Path) -> io::Result<()> {
    step()?;
    std::os::unix::fs::symlink(target, path)
}

/// Brings every file and folder below `folder` to the disk, links not followed.
pub(super) fn sync_tree(folder: &Path) -> io::Result<()> {
    step()?;
    sync_below(folder)
}

fn sync_below(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            sync_below(&entry.path())?;
        } else if kind.is_file() {
            // Windows flushes only what is open for writing.
            let mut options = File::options();
            options.read(true).write(cfg!(windows));
            options.open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
}

/// Brings the names in `folder` to the disk. Windows has no such call and needs none.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Told before every step; see [`fault`].
#[cfg(not(debug_assertions))]
pub(super) fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(debug_assertions)]
pub(super) use fault::step;

/// `TAOS_SETUP_TEST_FAULT=WHAT@N`: at the process's Nth step `WHAT` happens; `N+` means at every step from there. `WHAT` is
/// `kill` (as by kill -9) or the name of a system error. Release builds have none of this.
#[cfg(debug_assertions)]
mod fault {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static STEPS: AtomicUsize = AtomicUsize::new(0);

    pub(in crate::store) fn step() -> io::Result<()> {
        let Ok(fault) = std::env::var("TAOS_SETUP_TEST_FAULT") else {
            return Ok(());
        };
        let now = STEPS.fetch_add(1, Ordering::Relaxed) + 1;
        let Some((what, at)) = fault.split_once('@') else {
            return Ok(());
        };
        let (at, on) = at.strip_suffix('+').map_or((at, false), |at| (at, true));
        match at.parse::<usize>() {
            Ok(at) if now == at || (on && now > at) => happen(what),
            _ => Ok(()),
        }
    }

    #[cfg(unix)]
    fn happen(what: &str) -> io::Result<()> {
        use rustix::io::Errno;
        use rustix::process::{Signal, getpid, kill_process};
        let errno = match what {
            "EBUSY" => Errno::BUSY,
            "EIO" => Errno::IO,
            "EXDEV" => Errno::XDEV,
            "ENOSPC" => Errno::NOSPC,
            _ => {
                kill_process(getpid(), Signal::KILL)?;
                Errno::INTR
            }
        };
        Err(errno.into())
    }

    #[cfg(not(unix))]
    fn happen(what: &str) -> io::Result<()> {
        let kind = match what {
            "EBUSY" => io::ErrorKind::ResourceBusy,
            "EIO" => io::ErrorKind::Other,
            "EXDEV" => io::ErrorKind::CrossesDevices,
            "ENOSPC" => io::ErrorKind::StorageFull,
            _ => std::process::abort(),
        };
        Err(kind.into())
    }
}
