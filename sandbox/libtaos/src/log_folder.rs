//! The library does not start without a log folder that it can write: the first thing that breaks for an ordinary user.
//!
//! Recorded: 3.3.7.5 without `TAOS_LOG_DIR` needs /var/log/taos, whatever logDir in taos.cfg says; 3.2.2.2 takes logDir.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config;
use crate::error::Error;
use crate::marker;

/// The folder of the system.
const DEFAULT: &str = if cfg!(windows) {
    r"C:\TDengine\log"
} else {
    "/var/log/taos"
};

/// Makes sure that logs can be written, as the real library does when it starts.
///
/// A folder that somebody chose is created and written to. The system's own is only asked for: the real library, run as
/// root, creates it open to everybody; a stand-in has no business there.
pub(crate) fn check() -> Result<(), Error> {
    match chosen() {
        Some(folder) => write_log(&folder),
        None => may_be_written(Path::new(DEFAULT)),
    }
    .map_err(|error| Error::system(&error))
}

/// The folder of `TAOS_LOG_DIR`; before 3.3.6 also that of the configuration.
fn chosen() -> Option<PathBuf> {
    if let Some(folder) = env::var_os("TAOS_LOG_DIR").filter(|folder| !folder.is_empty()) {
        return Some(folder.into());
    }
    if marker::at_least([3, 3, 6]) {
        return None;
    }
    config::value(&config::text(), "logDir").map(PathBuf::from)
}

/// Creates the folder and a log in it.
fn write_log(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(
        folder.join("taoslog0.0"),
        "taos-sandbox: the stand-in driver started\n",
    )
}

/// Whether the folder can be written or, if it is not there, created.
#[cfg(unix)]
fn may_be_written(folder: &Path) -> io::Result<()> {
    use std::ffi::{CString, c_char, c_int};
    use std::os::unix::ffi::OsStrExt;

    /// Permission to write and to enter, as access(2) is asked.
    const WRITE_AND_ENTER: c_int = 2 | 1;
    unsafe extern "C" {
        fn access(path: *const c_char, mode: c_int) -> c_int;
    }
    let nearest = folder
        .ancestors()
        .find(|ancestor| ancestor.exists())
        .unwrap_or(folder);
    let path = CString::new(nearest.as_os_str().as_bytes())?;
    // SAFETY: the path is a C string that outlives the call; access(2) reads it and keeps nothing.
    match unsafe { access(path.as_ptr(), WRITE_AND_ENTER) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Not asked on other systems: their installer makes the folder.
#[cfg(not(unix))]
fn may_be_written(_folder: &Path) -> io::Result<()> {
    Ok(())
}
