//! What the dynamic loader will do: where it looks for the driver, what it finds there, and whether that is whole.

pub mod cache;
pub mod copies;
pub mod dependencies;
pub mod header;
pub mod loader_path;
pub mod locate;
pub mod machine;
pub mod needs;
pub mod private_libraries;
pub mod process;
pub mod run_path;
pub mod search;
pub mod taos_cfg;
pub mod vc_runtime;
pub mod vendor_installer;

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::describe_io_error;
use crate::system::files::open_named;
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::{FIRST_SPLIT_DRIVER, Version, driver_libraries};
pub use locate::{Located, UnfoundCopy, locate};
pub use machine::{Machine, MachineFault};
pub use search::{Candidate, Source};

/// How much of a library is read to find what it is made for, in bytes.
const HEAD: u64 = 64 * 1024;

/// The driver in one folder, looked at without loading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Driver {
    /// The library itself, under the name that programs ask for.
    pub file: PathBuf,
    /// Why this one is used.
    pub source: Source,
    /// What it is made for, or why that is unknown.
    pub machine: Result<Machine, MachineFault>,
    /// The version in the name of the file that the link leads to, where there is one.
    pub version: Option<Version>,
    /// The libraries that belong to it and are not there, by file name.
    pub missing: Vec<String>,
}

impl Driver {
    /// Looks at `candidate`. `version` is its version where that is known for certain.
    pub fn examine(candidate: &Candidate, platform: Platform, version: Option<Version>) -> Self {
        let version = version.or_else(|| version_in_name(&candidate.file));
        Self {
            machine: machine_of(&candidate.file),
            missing: missing(&candidate.folder, platform, version),
            version,
            file: candidate.file.clone(),
            source: candidate.source,
        }
    }
}

/// The names by which programs ask for the driver, the one that every connector uses first. On Linux `bin/taos` and C programs
/// ask for its SONAME.
pub fn names(platform: Platform) -> Vec<String> {
    let name = platform.library_file("taos");
    match platform.os {
        Os::Linux => vec![name.clone(), format!("{name}.1")],
        Os::Macos | Os::Windows => vec![name],
    }
}

/// The libraries that a driver of `version` needs beside it in `folder` and that are not there. Without a version: where
/// one of the three of a split driver is there, all must be.
pub fn missing(folder: &Path, platform: Platform, version: Option<Version>) -> Vec<String> {
    let whole = platform.library_file("taos");
    let there = |file: &String| folder.join(file).exists();
    let absent = |libraries: &[&str]| -> Vec<String> {
        libraries
            .iter()
            .map(|name| platform.library_file(name))
            .filter(|file| !there(file) && (*file != whole || !names(platform).iter().any(there)))
            .collect()
    };
    match version {
        Some(version) => absent(driver_libraries(version)),
        None => {
            let missing = absent(driver_libraries(FIRST_SPLIT_DRIVER));
            // Alone, it may be a driver from before the split.
            if missing.len() == 2 {
                Vec::new()
            } else {
                missing
            }
        }
    }
}

/// The version in the name of the file that `link` leads to: `libtaos.so.3.3.7.5`.
pub fn version_in_name(link: &Path) -> Option<Version> {
    let real = link.canonicalize().ok()?;
    Version::find(real.file_name()?.to_str()?)
}

/// Returns the libraries that `candidate`, a driver of `version`, needs and that the loader does not find: neither beside it, where
/// they belong, nor by its own search. `path` is the value of [`search::variable`].
pub fn unfound(
    candidate: &Candidate,
    platform: Platform,
    version: Option<Version>,
    path: Option<&OsStr>,
) -> Vec<String> {
    let mut missing = missing(&candidate.folder, platform, version);
    if candidate.source != Source::Store && !missing.is_empty() {
        let own = needs::run_path(&candidate.file);
        // The thin library asks for the others by name.
        missing.retain(|file| {
            let located = locate(platform, path, std::slice::from_ref(file));
            located.chosen.is_none() && !own.iter().any(|folder| folder.join(file).exists())
        });
    }
    missing
}

/// What the library `file` is made for; the error says what is wrong with it, as a sentence.
pub fn machine_of(file: &Path) -> Result<Machine, MachineFault> {
    let read = || -> std::io::Result<(Vec<u8>, u64)> {
        let file = open_named(file)?;
        let length = file.metadata()?.len();
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head)?;
        Ok((head, length))
    };
    let (head, length) =
        read().map_err(|error| MachineFault::Unreadable(describe_io_error(&error)))?;
    machine::read(&head, length)
}

#[cfg(test)]
mod tests;
