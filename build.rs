//! Lists the files of `templates/` for the program to carry, so that a new language needs no code.

#![allow(clippy::print_stdout, reason = "how a build script talks to cargo")]

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("templates");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut list = String::from("&[\n");
    for language in sorted(&root)? {
        if !language.is_dir() {
            continue;
        }
        for file in sorted(&language)? {
            println!("cargo::rerun-if-changed={}", file.display());
            let _ = writeln!(
                list,
                "    ({:?}, {:?}, include_str!({file:?})),",
                name(&language),
                name(&file)
            );
        }
    }
    list.push_str("]\n");
    fs::write(
        PathBuf::from(variable("OUT_DIR")?).join("templates.rs"),
        list,
    )
}

fn variable(name: &str) -> io::Result<String> {
    std::env::var(name).map_err(io::Error::other)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
