//! The programs that the environment's search path names.

use std::ffi::OsStr;

/// The endings of programs on Windows, without a dot.
const WINDOWS_ENDINGS: [&str; 3] = ["exe", "cmd", "bat"];

/// Whether a directory of `path`, a value of PATH, has the program `name`. Nothing is run.
pub fn has_program(path: Option<&OsStr>, name: &str) -> bool {
    let directories = path.map(|path| std::env::split_paths(path).collect::<Vec<_>>());
    directories.into_iter().flatten().any(|directory| {
        let file = directory.join(name);
        file.is_file()
            || cfg!(windows)
                && WINDOWS_ENDINGS
                    .iter()
                    .any(|ending| file.with_extension(ending).is_file())
    })
}

#[cfg(test)]
mod tests;
