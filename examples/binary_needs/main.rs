//! Prints what a built program needs of a machine, read with the program's own reader: `cargo run --example binary_needs -- FILE`.
//! `release/build` checks its programs with it. One JSON object: the machine, the newest glibc, and the libraries.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints"
)]

use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use taos_setup::fuzzing::{machine, needs};

/// The bytes that a header is searched in.
const HEAD: u64 = 64 * 1024;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: binary_needs FILE");
        return ExitCode::from(2);
    };
    match describe(Path::new(&path)) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("could not read {}: {error}", Path::new(&path).display());
            ExitCode::from(8)
        }
    }
}

fn describe(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    let made_for =
        machine::read(&head, fs::metadata(path)?.len()).map_err(|fault| format!("{fault:?}"))?;
    let found = needs::of(path)?;
    let described = serde_json::json!({
        "machine": made_for.to_string(),
        "glibc": found.glibc.map(|glibc| glibc.to_string()),
        "executable_stack": found.executable_stack.is_some(),
        "libraries": needs::needed_libraries(path),
    });
    Ok(described.to_string())
}
