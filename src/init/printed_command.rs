//! Runs commands that init prints, in the project's directory.

use std::io::{self, ErrorKind, PipeReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::system::process_group::ProcessGroup;
use crate::system::runtime;

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

/// Runs `command`, which is ended after `longest` with all that it started; what it prints goes to stderr, if `quiet` only if it fails.
/// Returns what happened if it cannot be started or does not succeed.
///
/// # Errors
/// `interrupted` after Ctrl-C or a request to terminate; the command has ended then, too.
pub(super) fn run_limited(
    mut command: Command,
    quiet: bool,
    longest: Duration,
) -> Result<std::result::Result<(), Message>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = runtime::run(interrupted, async |stop| {
        let started = start(&mut command, quiet, ProcessGroup::spawn);
        // It holds the writing ends of the pipe.
        drop(command);
        let (mut group, output) = match started {
            Ok(started) => started,
            Err(error) => return Ok(Err(error)),
        };
        let status = wait_at_most(&mut group, longest, stop).await?;
        Ok(status.map(|status| output.end(status, quiet)))
    })?;
    Ok(match ended {
        Err(error) => Err(describe_start_error(&program, &error)),
        Ok(ended) => match ended.status.code() {
            Some(0) => Ok(()),
            Some(code) => Err(message!("init-exit-code", code = code)),
            None => Err(message!("init-killed")),
        },
    })
}

fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        message!("init-build-run"),
        message!("init-build-interrupted"),
        Message::default(),
    )
}

fn run_one(root: &Path, line: &str, quiet: bool) -> io::Result<EndedCommand> {
    let mut command = command(line)?;
    command.current_dir(root);
    let (mut child, output) = start(&mut command, quiet, Command::spawn)?;
    drop(command);
    let status = child.wait()?;
    Ok(output.end(status, quiet))
}

/// What a command prints, which another thread reads.
struct CommandOutput {
    /// The end of it.
    kept: Arc<Mutex<Vec<u8>>>,
    /// Nothing is sent: the channel closes at the end of the output.
    end: mpsc::Receiver<()>,
}

impl CommandOutput {
    /// The command with its output, after it ended with `status`.
    fn end(self, status: ExitStatus, quiet: bool) -> EndedCommand {
        let _ = self.end.recv_timeout(PATIENCE);
        let output = self
            .kept
            .lock()
            .map(|mut kept| std::mem::take(&mut *kept))
            .unwrap_or_default();
        if quiet && !status.success() {
            let _ = io::stderr().lock().write_all(&output);
        }
        EndedCommand { status, output }
    }
}

/// Starts `command` by `spawn`, and a thread that reads what it prints. The caller drops `command`, which holds the pipe open.
fn start<Started>(
    command: &mut Command,
    quiet: bool,
    spawn: impl FnOnce(&mut Command) -> io::Result<Started>,
) -> io::Result<(Started, CommandOutput)> {
    let (reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let started = spawn(command)?;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (at_end, end) = mpsc::channel::<()>();
    let tail = Arc::clone(&kept);
    std::thread::Builder::new()
        .name("output".into())
        .spawn(move || {
            copy(reader, quiet, &tail);
            drop(at_end);
        })?;
    Ok((started, CommandOutput { kept, end }))
}

/// Waits for `group`, which is ended after `longest`.
///
/// # Errors
/// `interrupted`; the caller drops the group, which ends it.
async fn wait_at_most(
    group: &mut ProcessGroup,
    longest: Duration,
    stop: &Interrupts,
) -> Result<io::Result<ExitStatus>> {
    const PAUSE: Duration = Duration::from_millis(20);
    let end = Instant::now() + longest;
    loop {
        stop.check()?;
        match group.try_wait() {
            Ok(Some(status)) => return Ok(Ok(status)),
            Ok(None) if Instant::now() >= end => return Ok(group.end()),
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Err(error) => return Ok(Err(error)),
        }
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
