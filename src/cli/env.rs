//! `taos-setup env`

use clap::ValueEnum;

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::report::{self, Report};
use crate::store::Store;
use crate::version::Request;

/// Print the variables that make an installed client work
///
/// They lead the loader, the vendor's programs, compilers and connectors to the client. Lists that you have already are
/// kept behind the client's folders.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: eval \"$(taos-setup env)\"")]
pub(super) struct Args {
    /// The shell to write for
    #[arg(long, value_name = "SHELL", default_value = "sh")]
    shell: Shell,
    /// Use this installed version, or the newest of a series, in place of the current one
    #[arg(long, value_name = "VERSION")]
    client: Option<Request>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    /// POSIX shells: sh, bash, zsh, dash, ksh
    Sh,
}

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let Shell::Sh = args.shell;
    let store = Store::from_environment()?;
    if args.client.is_none() && store.uses_system()? {
        return Ok(Report {
            stderr: "note: the machine's own driver is in use; it needs no variables\n".into(),
            data: report::json::env_system(),
            ..Report::default()
        });
    }
    let client = store.choose(args.client.as_ref())?;
    let variables = client.variables();
    let stdout = report::human::env_sh(&client, &variables).ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            "print the variables",
            format!("the path {} is not Unicode", client.prefix.display()),
            "set TAOS_SETUP_HOME to a folder whose name is, or use taos-setup run",
        )
    })?;
    Ok(Report {
        stdout,
        data: report::json::env(&client, &variables),
        ..Report::default()
    })
}
