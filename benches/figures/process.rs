//! Programs, run to their ends: how long they take, and how much memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program under measurement.
const PROGRAM: &str = env!("CARGO_BIN_EXE_taos-setup");

/// `taos-setup` with `args`, its store in `home`, and nothing else in its environment.
pub fn program(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("TAOS_SETUP_HOME", home)
        .env("TAOS_SETUP_NO_PROGRESS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Runs `command` to its end. An exit code other than 0 is an error with its output.
pub fn run(mut command: Command) -> io::Result<Duration> {
    let start = Instant::now();
    let child = command.spawn()?;
    let output = child.wait_with_output()?;
    let took = start.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!("{command:?}: {said}")))
}

/// Runs `command` and gives the most memory that it had at once, in bytes, asked for every millisecond.
pub fn peak_memory(mut command: Command) -> io::Result<u64> {
    let mut child = command.stderr(Stdio::null()).spawn()?;
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        peak = peak.max(high_water(&child).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}

fn high_water(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

/// A Rust program that does nothing, compiled into `folder`.
pub fn empty_program(folder: &Path) -> io::Result<PathBuf> {
    let source = folder.join("empty.rs");
    let program = folder.join("empty");
    fs::write(&source, "fn main() {}\n")?;
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.arg("-O").arg("-o").arg(&program).arg(&source);
    run(command)?;
    Ok(program)
}
