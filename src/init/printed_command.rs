//! Runs commands that init prints, in the project's directory.

use std::io::{self, PipeReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

/// The most bytes of a command's output that are kept: the last ones, which have the error.
const MOST_KEPT: usize = 64 << 10;

/// How long output is awaited after a command ended: a process that it left behind may hold the pipe open.
const PATIENCE: Duration = Duration::from_secs(1);

/// The end of a command.
pub(super) struct EndedCommand {
    /// Its status.
    pub(super) status: ExitStatus,
    /// The end of what it printed.
    pub(super) output: Vec<u8>,
}

/// Runs `line`, words that blanks separate, or several such commands that `&&` joins. They have no stdin; what they print goes to
/// stderr, if `quiet` only that of one that fails.
///
/// # Errors
/// Those of the system; `NotFound` if there is no such program.
pub(super) fn run(root: &Path, line: &str, quiet: bool) -> io::Result<EndedCommand> {
    let mut commands = line.split(" && ");
    let mut ended = run_one(root, commands.next().unwrap_or_default(), quiet)?;
    for command in commands {
        if !ended.status.success() {
            break;
        }
        ended = run_one(root, command, quiet)?;
    }
    Ok(ended)
}

/// The program that `line` starts.
pub(super) fn program(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

fn run_one(root: &Path, line: &str, quiet: bool) -> io::Result<EndedCommand> {
    let (reader, writer) = io::pipe()?;
    let mut command = command(line)?;
    command
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command.spawn()?;
    // It holds the writing ends of the pipe.
    drop(command);
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .name("output".into())
        .spawn(move || copy(reader, quiet, &sender))?;
    let status = child.wait()?;
    let mut output = Vec::new();
    while let Ok(chunk) = receiver.recv_timeout(PATIENCE) {
        output.extend(chunk);
        let excess = output.len().saturating_sub(MOST_KEPT);
        output.drain(..excess);
    }
    if quiet && !status.success() {
        let _ = io::stderr().lock().write_all(&output);
    }
    Ok(EndedCommand { status, output })
}

fn command(line: &str) -> io::Result<Command> {
    let mut words = line.split(' ');
    let program = words.next().unwrap_or_default();
    let mut command = if program == "taos-setup" {
        // It need not be in PATH.
        Command::new(std::env::current_exe()?)
    } else if cfg!(windows) {
        // npm, yarn and pnpm are scripts there, which only the shell finds.
        let mut shell = Command::new("cmd");
        shell.args(["/D", "/C", program]);
        shell
    } else {
        Command::new(program)
    };
    command.args(words);
    Ok(command)
}

/// Copies what comes from `reader` to stderr unless `quiet`, and to `sender`.
fn copy(mut reader: PipeReader, quiet: bool, sender: &Sender<Vec<u8>>) {
    let mut chunk = [0; 8 << 10];
    while let Ok(count @ 1..) = reader.read(&mut chunk) {
        if !quiet {
            let _ = io::stderr().lock().write_all(&chunk[..count]);
        }
        if sender.send(chunk[..count].to_vec()).is_err() {
            break;
        }
    }
}
