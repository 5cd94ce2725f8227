//! Prints at the end of `cargo test --workspace` which tests could not run and why. Cargo runs the packages and their test targets
//! in alphabetical order, so this one is the last.
#![allow(clippy::print_stdout, missing_docs, reason = "prints a list")]

#[path = "it/support/skipped.rs"]
#[allow(dead_code, reason = "only the list is used here")]
mod skipped;

fn main() {
    let list = skipped::list().and_then(|file| {
        let text = std::fs::read_to_string(&file).ok()?;
        let _ = std::fs::remove_file(file);
        Some(text)
    });
    let text = list.unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    println!("\n{} skipped tests", lines.len());
    for line in lines {
        println!("{line}");
    }
}
