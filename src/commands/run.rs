//! `taos-setup run`

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Context;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::output::Report;
use crate::safety::printable::printable;
use crate::store::{Client, Store, may_write, resolved};
use crate::tdengine::version::Request;

/// Run a command with an installed client
///
/// The command gets the variables that env prints, and its client's log folder is made. Its exit code is passed on; 127
/// means that there is no such command and 126 that it cannot be run, as with env(1). After "use system" the command runs
/// as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup run -- taos -s \"show databases;\"")]
pub(super) struct Args {
    /// Use this installed version, or the newest of a series, in place of the current one
    #[arg(long, value_name = "VERSION")]
    client: Option<Request>,
    /// Use the client that install --prefix put into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "client")]
    prefix: Option<PathBuf>,
    /// The command and its arguments, after --
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    if args.client.is_none()
        && args.prefix.is_none()
        && store.uses_system()?
        && let Some((program, arguments)) = args.command.split_first()
    {
        let mut command = Command::new(program);
        return start(command.args(arguments)).map_err(|error| not_run(&command, &error));
    }
    let client = match &args.prefix {
        Some(prefix) => store.client_in(prefix)?,
        None => store.choose(args.client.as_ref())?,
    };
    let log = client.log_dir();
    std::fs::create_dir_all(&log)
        .and_then(|()| may_write(&log))
        .map_err(|error| log_folder(&log, &error))?;
    let Some((program, arguments)) = args.command.split_first() else {
        return Ok(Report::default());
    };
    let mut command = command(&client, program, arguments);
    start(&mut command).map_err(|error| not_run(&command, &error))
}

/// Where commands are looked for in an environment without PATH: what the system itself assumes then would be lost, because
/// the client's folder makes it a PATH.
const SEARCHED: &str = if cfg!(unix) {
    "/usr/local/bin:/usr/bin:/bin"
} else {
    ""
};

fn command(client: &Client, program: &OsString, arguments: &[OsString]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    let variables = client.variables();
    command.envs(resolved(&variables, |name| {
        std::env::var_os(name).or_else(|| (name == "PATH").then(|| SEARCHED.into()))
    }));
    command
}

/// Becomes the command: signals, terminal and exit code are then its own.
#[cfg(unix)]
fn start(command: &mut Command) -> io::Result<Report> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Runs the command and passes its exit code on; one that does not fit into a byte becomes 1.
#[cfg(not(unix))]
fn start(command: &mut Command) -> io::Result<Report> {
    let code = command.status()?.code();
    Ok(Report {
        exit: code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1),
        passthrough: true,
        ..Report::default()
    })
}

fn not_run(command: &Command, error: &io::Error) -> Error {
    let shown = command.get_program().to_string_lossy();
    let tried = format!("run {}", printable(&shown));
    let file = (error.kind() == ErrorKind::NotFound)
        .then(|| found(command))
        .flatten();
    if let Some(file) = file {
        // The system says "not found" of what the file asks for, too.
        let (observed, next) = interpreter_missing(&file);
        Error::new(ErrorId::CommandUnrunnable, tried, observed, next)
    } else if error.kind() == ErrorKind::NotFound {
        Error::new(
            ErrorId::CommandMissing,
            tried,
            "there is no such command, neither in the client nor on PATH",
            "check its name; taos-setup list shows where the client's programs are",
        )
    } else {
        Error::new(
            ErrorId::CommandUnrunnable,
            tried,
            describe_io_error(error),
            "check the file's mode and format",
        )
    }
}

/// The file that `command` names, where the system looks for it; `None` where there is none.
fn found(command: &Command) -> Option<PathBuf> {
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
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// What to say of a program that is there and whose interpreter, or loader, is not: what was seen, and what to do.
fn interpreter_missing(file: &Path) -> (String, String) {
    let shown = printable(&file.to_string_lossy());
    let mut head = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(256).read_to_end(&mut head));
    let script = read.ok().and_then(|_| head.strip_prefix(b"#!"));
    let Some(line) = script.and_then(|rest| rest.split(|byte| *byte == b'\n').next()) else {
        return (
            format!("{shown} is there, and the loader that it asks for is not: it was built for another C library, glibc for one"),
            "use a system with glibc, or connect over WebSocket, which needs no client: taos-setup init".into(),
        );
    };
    let line = String::from_utf8_lossy(line);
    let named = line
        .trim_start()
        .split([' ', '\t'])
        .next()
        .unwrap_or_default();
    let observed = format!(
        "{shown} is there, and the interpreter that it names is not: {}",
        printable(named)
    );
    let next = match named.ends_with('\r') {
        true => "its lines end as on Windows: sed -i 's/\\r$//' FILE",
        false => "install the interpreter, or name it: taos-setup run -- INTERPRETER FILE",
    };
    (observed, next.into())
}

fn log_folder(log: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorId::FileUnwritable,
        format!("write into the log folder {}", log.display()),
        match error.kind() {
            ErrorKind::AlreadyExists => "a file stands in its place".into(),
            _ => describe_io_error(error),
        },
        "the client does not start without one: mend the folder's permissions, or set XDG_STATE_HOME or TAOS_SETUP_HOME to a folder of yours",
    )
}
