//! What another program prints about itself, within limits.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::process_group::ProcessGroup;

/// The most bytes that are read.
const MOST: u64 = 1 << 20;
/// How long the program may take.
const LONGEST: Duration = Duration::from_secs(10);
/// The pause between two looks at it.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs `command` without input, and returns what it printed to stdout, of which at most 1 MiB is read.
///
/// # Errors
/// Why it cannot be run. `TimedOut` if it takes longer than 10 s, `Other` if it fails.
pub fn read(mut command: Command) -> io::Result<String> {
    let (reader, writer) = io::pipe()?;
    command.stdout(writer).stderr(Stdio::null());
    run(command, reader, LONGEST)
}

/// The same with what it printed to stderr, within `limit`.
///
/// # Errors
/// As for [`read`].
pub fn read_both(mut command: Command, limit: Duration) -> io::Result<String> {
    let (reader, writer) = io::pipe()?;
    command.stderr(writer.try_clone()?).stdout(writer);
    run(command, reader, limit)
}

fn run(mut command: Command, reader: io::PipeReader, limit: Duration) -> io::Result<String> {
    command.stdin(Stdio::null());
    let mut group = ProcessGroup::spawn(&mut command)?;
    // It holds the writing end of the pipe.
    drop(command);
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .name("output".into())
        .spawn(move || {
            let mut bytes = Vec::new();
            let read = reader.take(MOST).read_to_end(&mut bytes);
            let _ = sender.send(read.map(|_| bytes));
        })?;
    let end = Instant::now() + limit;
    // A program that prints more ends with a broken pipe, and one that waits at its end is not waited for.
    let bytes = match receiver.recv_timeout(limit) {
        Ok(read) => read?,
        Err(_) => return Err(io::ErrorKind::TimedOut.into()),
    };
    while Instant::now() < end {
        if let Some(status) = group.try_wait()? {
            return match status.success() {
                true => Ok(String::from_utf8_lossy(&bytes).into_owned()),
                false => Err(io::ErrorKind::Other.into()),
            };
        }
        std::thread::sleep(PAUSE);
    }
    Err(io::ErrorKind::TimedOut.into())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
