//! The use case of `run`: runs a command with a client's variables.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use super::client_variables::find_variables;
use super::env::ClientChoice;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::store::{Client, Store, may_write, resolved};
use crate::system::events::{Event, EventSink};
use crate::tdengine::platform::Os;

/// The end of a command that was run in a child process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOutcome {
    /// The exit code to pass on.
    pub exit: u8,
}

impl RunOutcome {
    /// The outcome of a process that ended with `status`: a code that does not fit into a byte, and a signal, become 1.
    pub fn of(status: ExitStatus) -> Self {
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Self {
            exit: code.unwrap_or(1),
        }
    }
}

/// The search path of an environment without PATH: the system's own default would be lost, because the client's directory
/// makes it a PATH.
const DEFAULT_PATH: &str = if cfg!(unix) {
    "/usr/local/bin:/usr/bin:/bin"
} else {
    ""
};

/// The directories whose programs macOS protects from the variables of its loader (System Integrity Protection).
const PROTECTED: [&str; 6] = [
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/libexec",
    "/System/Library",
];

/// The bytes of a file that are read to find its interpreter.
const HEAD: u64 = 256;

/// Runs `program` with the client that `choice` names; on Unix this process becomes the program and does not return.
///
/// # Errors
/// `nothing-installed`; `file-unwritable` if the client's log directory cannot be used; `command-missing`,
/// `command-unrunnable`; those of reading the store.
pub fn run(
    store: &Store,
    choice: &ClientChoice,
    program: &OsString,
    arguments: &[OsString],
    events: &EventSink,
) -> Result<RunOutcome> {
    let mut command = Command::new(program);
    command.args(arguments);
    if let Some(client) = choice.find(store)? {
        make_log_directory(&client.log_dir())?;
        set_variables(&mut command, &client);
        if client.platform.os == Os::Macos
            && let Some(protected) = find_file(&command).and_then(|file| protected(&file))
        {
            let protected = printable_path(&protected);
            events.emit(Event::note(message!("run-protected", program = protected)));
        }
    }
    start(&mut command).map_err(|error| describe_failure(&command, &error))
}

fn set_variables(command: &mut Command, client: &Client) {
    let variables = find_variables(client);
    command.envs(resolved(&variables, |name| {
        std::env::var_os(name).or_else(|| (name == "PATH").then(|| DEFAULT_PATH.into()))
    }));
}

/// Becomes the command: signals, terminal and exit code are then its own.
#[cfg(unix)]
fn start(command: &mut Command) -> io::Result<RunOutcome> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Runs the command and passes its exit code on.
#[cfg(not(unix))]
fn start(command: &mut Command) -> io::Result<RunOutcome> {
    command.status().map(RunOutcome::of)
}

fn describe_failure(command: &Command, error: &io::Error) -> Error {
    let shown = command.get_program().to_string_lossy();
    let tried = message!("run-tried", program = printable(&shown));
    let file = (error.kind() == ErrorKind::NotFound)
        .then(|| find_file(command))
        .flatten();
    if let Some(file) = file {
        // The system reports "not found" for the file's interpreter, too.
        let (observed, next) = describe_interpreter(&file);
        Error::new(ErrorId::CommandUnrunnable, tried, observed, next)
    } else if error.kind() == ErrorKind::NotFound {
        Error::new(
            ErrorId::CommandMissing,
            tried,
            message!("run-missing"),
            message!("run-missing-next"),
        )
    } else {
        Error::new(
            ErrorId::CommandUnrunnable,
            tried,
            describe_io_error(error),
            message!("run-unrunnable-next"),
        )
    }
}

/// Finds the file of `command` where the system looks for it.
fn find_file(command: &Command) -> Option<PathBuf> {
    let program = Path::new(command.get_program());
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    let own = command.get_envs().find(|(name, _)| *name == "PATH");
    let path = match own {
        Some((_, value)) => value.map(OsString::from),
        None => std::env::var_os("PATH"),
    };
    std::env::split_paths(&path?)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}

/// The program that macOS starts for `file`, if it removes the loader's variables from its environment: the file itself, or the
/// interpreter of a script.
fn protected(file: &Path) -> Option<PathBuf> {
    let started = match interpreter(file) {
        Some(line) => PathBuf::from(line),
        None => file.to_owned(),
    };
    let inside = PROTECTED
        .iter()
        .any(|directory| started.starts_with(directory));
    inside.then_some(started)
}

/// The interpreter that a script names, with the carriage return of a line that ends with one; `None` if `file` is not a script.
fn interpreter(file: &Path) -> Option<String> {
    let mut head = Vec::new();
    let opened = std::fs::File::open(file).ok()?;
    opened.take(HEAD).read_to_end(&mut head).ok()?;
    let line = head.strip_prefix(b"#!")?;
    let line = String::from_utf8_lossy(line.split(|byte| *byte == b'\n').next()?);
    let mut words = line.trim_start().split([' ', '\t']);
    words.next().map(str::to_owned)
}

/// Describes a program whose interpreter or loader is missing: the observation and the next action.
fn describe_interpreter(file: &Path) -> (Message, Message) {
    let shown = printable_path(file);
    let Some(interpreter) = interpreter(file) else {
        return (
            message!("run-loader", file = shown),
            message!("run-loader-next"),
        );
    };
    let observed = message!(
        "run-interpreter",
        file = shown,
        interpreter = printable(&interpreter)
    );
    let next = match interpreter.ends_with('\r') {
        true => message!("run-line-ends-next"),
        false => message!("run-interpreter-next"),
    };
    (observed, next)
}

fn make_log_directory(log: &Path) -> Result<()> {
    let made = std::fs::create_dir_all(log).and_then(|()| may_write(log));
    made.map_err(|error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("run-log-tried", log = printable_path(log)),
            match error.kind() {
                ErrorKind::AlreadyExists => message!("run-log-file"),
                _ => describe_io_error(&error),
            },
            message!("run-log-next"),
        )
    })
}
