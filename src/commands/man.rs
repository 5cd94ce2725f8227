//! `taos-setup man`

mod args;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Context;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::{CommandResult, HumanOptions, HumanText, Report};
use crate::safety::printable::printable_path;
use crate::safety::redaction::redact;
use crate::system::atomic_file;
pub(super) use args::Args;

/// Manual pages, printed or written.
enum ManualPages {
    Printed(String),
    Written(Vec<PathBuf>),
}

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let mut command = super::command_line();
    command.build();
    let Some(directory) = args.dir else {
        let page = render(&wanted(&command, args.command.as_deref())?)?;
        return Ok(Box::new(ManualPages::Printed(page)));
    };
    let unwritable = |path: &Path, error: &std::io::Error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("man-written", path = shown(path)),
            describe_io_error(error),
            message!("man-written-next"),
        )
    };
    std::fs::create_dir_all(&directory).map_err(|error| unwritable(&directory, &error))?;
    let shown = command.get_subcommands().filter(|one| !one.is_hide_set());
    let mut written = Vec::new();
    for one in std::iter::once(&command).chain(shown) {
        let page = render(one)?;
        let path = directory.join(format!("{}.1", page_name(one)));
        atomic_file::write(&path, page.as_bytes()).map_err(|error| unwritable(&path, &error))?;
        written.push(path);
    }
    Ok(Box::new(ManualPages::Written(written)))
}

/// `path` as it can be printed.
fn shown(path: &Path) -> String {
    redact(&printable_path(path))
}

/// The command whose page is wanted.
fn wanted(command: &clap::Command, name: Option<&str>) -> Result<clap::Command> {
    let Some(name) = name else {
        return Ok(command.clone());
    };
    let mut shown = command.get_subcommands().filter(|one| !one.is_hide_set());
    let found = shown.find(|one| one.get_name() == name).cloned();
    found.ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            message!("man-found", name = name),
            message!("man-found-observed"),
            Message::quoted("taos-setup --help"),
        )
    })
}

/// The name of a command's page: `taos-setup-install`.
fn page_name(command: &clap::Command) -> String {
    command.get_bin_name().map_or_else(
        || command.get_name().to_owned(),
        |name| name.replace(' ', "-"),
    )
}

/// The page of `command` as roff.
fn render(command: &clap::Command) -> Result<String> {
    let mut page = Vec::new();
    // The name of the page, which the name of the program and its command form.
    let named: &'static str = String::leak(page_name(command));
    clap_mangen::Man::new(command.clone().name(named))
        .render(&mut page)
        .map_err(|error| {
            Error::new(
                ErrorId::Unexpected,
                message!("man-rendered"),
                describe_io_error(&error),
                Message::quoted("taos-setup --help"),
            )
        })?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

impl CommandResult for ManualPages {
    fn human(&self, _options: &HumanOptions) -> HumanText {
        let stdout = match self {
            Self::Printed(page) => page.clone(),
            Self::Written(paths) => paths
                .iter()
                .map(|path| format!("{}\n", shown(path)))
                .collect(),
        };
        HumanText {
            stdout,
            stderr: String::new(),
        }
    }

    fn json(&self, _locale: Locale) -> Value {
        match self {
            Self::Printed(page) => json!({ "page": page }),
            Self::Written(paths) => {
                let names = paths.iter().map(|path| redact(&path.to_string_lossy()));
                json!({ "written": names.collect::<Vec<_>>() })
            }
        }
    }
}
