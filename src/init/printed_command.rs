//! Runs commands that init prints, in the project's directory.

use std::io::{self, ErrorKind, PipeReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};

/// The most bytes of a command's output that are kept: the last ones, which have the error.
const MOST_KEPT: usize = 64 << 10;

/// How long output is awaited after a command ended: a process that it left behind may hold the pipe open.
const PATIENCE: Duration = Duration::from_secs(1);

/// A command that did not succeed.
#[derive(Debug)]
pub struct FailedCommand {
    /// The command, as it was printed.
    pub command: String,
    /// What happened.
    pub observed: Message,
    /// The end of what it printed.
    pub output: String,
}

/// The end of a command.
struct EndedCommand {
    status: ExitStatus,
    /// The end of what it printed.
    output: Vec<u8>,
}

/// Runs `line`, words that blanks separate, or several such commands that `&&` joins, after a note that names it. They have no stdin;
/// what they print goes to stderr, if `quiet` only that of one that fails.
///
/// # Errors
/// What happened if one cannot be started or does not succeed.
pub(super) fn run(
    root: &Path,
    line: &str,
    quiet: bool,
    events: &EventSink,
) -> std::result::Result<(), FailedCommand> {
    events.emit(Event::note(message!("init-running", command = line)));
    let failed = |observed: Message, output: &[u8]| FailedCommand {
        command: line.to_owned(),
        observed,
        output: String::from_utf8_lossy(output).into_owned(),
    };
    for command in line.split(" && ") {
        let ended = run_one(root, command, quiet)
            .map_err(|error| failed(describe_start_error(command, &error), &[]))?;
        match ended.status.code() {
            Some(0) => {}
            Some(code) => {
                let observed = message!("init-exit-code", code = code);
                return Err(failed(observed, &ended.output));
            }
            None => return Err(failed(message!("init-killed"), &ended.output)),
        }
    }
    Ok(())
}

fn describe_start_error(command: &str, error: &io::Error) -> Message {
    let program = command.split(' ').next().unwrap_or_default();
    match error.kind() {
        ErrorKind::NotFound => message!("init-program-missing", program = program),
        _ => message!(
            "init-program-failed",
            program = program,
            error = describe_io_error(error)
        ),
    }
}

/// Runs `command`, which is ended after `longest`; what it prints goes to stderr, if `quiet` only if it fails.
///
/// # Errors
/// What happened if it cannot be started or does not succeed.
pub(super) fn run_limited(
    command: Command,
    quiet: bool,
    longest: Duration,
) -> std::result::Result<(), Message> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = run_to_end(command, quiet, Some(longest))
        .map_err(|error| describe_start_error(&program, &error))?;
    match ended.status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(message!("init-exit-code", code = code)),
        None => Err(message!("init-killed")),
    }
}

fn run_one(root: &Path, line: &str, quiet: bool) -> io::Result<EndedCommand> {
    let mut command = command(line)?;
    command.current_dir(root);
    run_to_end(command, quiet, None)
}

/// Runs `command` until it ends, or is ended after `longest`.
fn run_to_end(
    mut command: Command,
    quiet: bool,
    longest: Option<Duration>,
) -> io::Result<EndedCommand> {
    let (reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command.spawn()?;
    // It holds the writing ends of the pipe.
    drop(command);
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (at_end, end) = mpsc::channel::<()>();
    let tail = Arc::clone(&kept);
    std::thread::Builder::new()
        .name("output".into())
        .spawn(move || {
            copy(reader, quiet, &tail);
            drop(at_end);
        })?;
    let status = match longest {
        None => child.wait()?,
        Some(longest) => wait_at_most(&mut child, longest)?,
    };
    // Nothing is sent: the channel closes at the end of the output.
    let _ = end.recv_timeout(PATIENCE);
    let output = kept
        .lock()
        .map(|mut kept| std::mem::take(&mut *kept))
        .unwrap_or_default();
    if quiet && !status.success() {
        let _ = io::stderr().lock().write_all(&output);
    }
    Ok(EndedCommand { status, output })
}

/// Waits for `child`, which is killed after `longest`.
fn wait_at_most(child: &mut Child, longest: Duration) -> io::Result<ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(20);
    let end = Instant::now() + longest;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            child.kill()?;
            return child.wait();
        }
        std::thread::sleep(PAUSE);
    }
}

fn command(line: &str) -> io::Result<Command> {
    let mut words = words(line).into_iter();
    let program = words.next().unwrap_or_default();
    let mut command = if program == "taos-setup" {
        // It need not be in PATH.
        Command::new(std::env::current_exe()?)
    } else if cfg!(windows) {
        // npm, yarn and pnpm are scripts there, which only the shell finds.
        let mut shell = Command::new("cmd");
        shell.args(["/D", "/C", &program]);
        shell
    } else {
        Command::new(program)
    };
    command.args(words);
    Ok(command)
}

/// The words of `line`, which blanks separate. Double quotes hold words together, as in shells.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut in_quotes = false;
    for c in line.chars() {
        match c {
            '"' => {
                in_quotes = !in_quotes;
                word.get_or_insert_default();
            }
            ' ' if !in_quotes => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Copies what comes from `reader` to stderr unless `quiet`, and keeps the last [`MOST_KEPT`] bytes in `kept`.
fn copy(mut reader: PipeReader, quiet: bool, kept: &Mutex<Vec<u8>>) {
    let mut chunk = [0; 8 << 10];
    while let Ok(count @ 1..) = reader.read(&mut chunk) {
        if !quiet {
            let _ = io::stderr().lock().write_all(&chunk[..count]);
        }
        let Ok(mut kept) = kept.lock() else { return };
        kept.extend_from_slice(&chunk[..count]);
        let excess = kept.len().saturating_sub(MOST_KEPT);
        kept.drain(..excess);
    }
}

#[cfg(test)]
mod tests;
