//! The programs that the environment's search path names.

use std::ffi::OsStr;
use std::path::PathBuf;

/// The endings of programs on Windows, without a dot.
const WINDOWS_ENDINGS: [&str; 3] = ["exe", "cmd", "bat"];

/// The most directories that are looked at.
const MOST_DIRECTORIES: usize = 16_384;

/// Returns the file of the program `name` in the first directory of `path`, a value of PATH, that has it. Nothing is run.
pub fn find_program(path: Option<&OsStr>, name: &str) -> Option<PathBuf> {
    let mut directories = std::env::split_paths(path?).take(MOST_DIRECTORIES);
    directories.find_map(|directory| {
        let file = directory.join(name);
        let endings = WINDOWS_ENDINGS.iter().filter(|_| cfg!(windows));
        let ended = endings.map(|ending| file.with_extension(ending));
        let mut files = std::iter::once(file.clone()).chain(ended);
        files.find(|file| file.is_file())
    })
}

/// Whether a directory of `path`, a value of PATH, has the program `name`. Nothing is run.
pub fn has_program(path: Option<&OsStr>, name: &str) -> bool {
    find_program(path, name).is_some()
}

#[cfg(test)]
mod tests;
