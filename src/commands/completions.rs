//! `taos-setup completions`

mod args;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap_complete::env::Shells;
use serde_json::{Value, json};

use super::Context;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::locale::Locale;
use crate::message::message;
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::system::env_vars::COMPLETION_SHELL;
pub(super) use args::Args;

/// The name that shells complete.
const PROGRAM: &str = "taos-setup";

/// The lines that make a shell ask this program for completions.
struct CompletionScript {
    shell: &'static str,
    text: String,
}

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let shell = args.shell.name();
    let called = called_as(std::env::args_os().next().as_deref());
    let text = written(|buffer| match Shells::builtins().completer(shell) {
        Some(completer) => completer.write_registration(
            COMPLETION_SHELL.name,
            PROGRAM,
            PROGRAM,
            &called.to_string_lossy(),
            buffer,
        ),
        None => Err(std::io::ErrorKind::Unsupported.into()),
    })?;
    Ok(Box::new(CompletionScript { shell, text }))
}

/// The program as its script calls it: by the name that the shell found it by, or by its absolute path.
fn called_as(name: Option<&OsStr>) -> PathBuf {
    let name = Path::new(name.unwrap_or(OsStr::new(PROGRAM)));
    if name.components().count() < 2 {
        return name.to_owned();
    }
    std::path::absolute(name).unwrap_or_else(|_| name.to_owned())
}

/// The completions of the command line in `words`, which begins with the program, in the form that `shell` reads; nothing for an
/// unknown shell, because what asks is a script and no person.
pub(super) fn candidates(shell: &OsStr, words: Vec<std::ffi::OsString>) -> String {
    let name = Path::new(shell).file_stem().unwrap_or(shell);
    let shells = Shells::builtins();
    let Some(completer) = shells.completer(&name.to_string_lossy()) else {
        return String::new();
    };
    let mut command = super::command_line();
    command.build();
    let directory = std::env::current_dir().ok();
    written(|buffer| completer.write_complete(&mut command, words, directory.as_deref(), buffer))
        .unwrap_or_default()
}

/// The text that `write` writes.
fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<String> {
    let mut buffer = Vec::new();
    write(&mut buffer).map_err(|error| {
        Error::new(
            ErrorId::Unexpected,
            message!("completions-tried"),
            describe_io_error(&error),
            message!("completions-next"),
        )
    })?;
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}

impl CommandResult for CompletionScript {
    fn human(&self, _options: &HumanOptions) -> HumanText {
        HumanText {
            stdout: self.text.clone(),
            stderr: String::new(),
        }
    }

    fn json(&self, _locale: Locale) -> Value {
        json!({ "shell": self.shell, "script": self.text })
    }
}
