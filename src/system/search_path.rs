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

/// Returns the program `name` of PATH. Directories that are not absolute are passed over: they would depend on where it is started.
pub fn find_executable(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories = std::env::split_paths(&path).filter(|it| it.is_absolute());
    let mut files = directories.flat_map(|directory| {
        let file = directory.join(name);
        let endings = WINDOWS_ENDINGS.iter().filter(|_| cfg!(windows));
        let with_endings = endings.map(|ending| directory.join(format!("{name}.{ending}")));
        let mut files: Vec<PathBuf> = with_endings.collect();
        files.push(file);
        files
    });
    files.find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(file);
    found.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &std::path::Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests;
