//! `taos-setup env`

use std::path::PathBuf;

use clap::ValueEnum;

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::output::human::EnvForm;
use crate::output::{self, Report};
use crate::store::Store;
use crate::tdengine::version::Request;

/// Print the variables that make an installed client work
///
/// They lead the loader, the vendor's programs, compilers and connectors to the client. Lists that you have already are
/// kept behind the client's folders: by the shell that reads the lines, or, in the forms that know no variables (github,
/// dotenv, systemd), with what they hold now. After "use system" nothing is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    eval \"$(taos-setup env)\"\n  \
    taos-setup env --shell fish | source\n  \
    taos-setup env --shell powershell | Out-String | Invoke-Expression\n  \
    taos-setup env --shell cmd > taos.cmd && call taos.cmd\n  \
    taos-setup env --shell github >> \"$GITHUB_ENV\"")]
pub(super) struct Args {
    /// Who reads the lines
    #[arg(long, value_name = "SHELL", default_value = "sh")]
    shell: Shell,
    /// Use this installed version, or the newest of a series, in place of the current one
    #[arg(long, value_name = "VERSION")]
    client: Option<Request>,
    /// Use the client that install --prefix put into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "client")]
    prefix: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    /// POSIX shells: sh, bash, zsh, dash, ksh
    Sh,
    /// fish
    Fish,
    /// PowerShell, of Windows and newer
    Powershell,
    /// A batch file of the Windows command processor
    Cmd,
    /// The file that GITHUB_ENV names, for the next steps of a GitHub Actions job
    Github,
    /// A .env file
    Dotenv,
    /// A file for EnvironmentFile= of a systemd unit
    Systemd,
}

impl Shell {
    fn form(self) -> EnvForm {
        match self {
            Self::Sh => EnvForm::Sh,
            Self::Fish => EnvForm::Fish,
            Self::Powershell => EnvForm::Powershell,
            Self::Cmd => EnvForm::Cmd,
            Self::Github => EnvForm::Github,
            Self::Dotenv => EnvForm::Dotenv,
            Self::Systemd => EnvForm::Systemd,
        }
    }
}

/// Runs the command.
pub(super) fn run(args: Args, _context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    if args.client.is_none() && args.prefix.is_none() && store.uses_system()? {
        return Ok(Report {
            stderr: "note: the machine's own driver is in use; it needs no variables\n".into(),
            data: output::json::env_system(),
            ..Report::default()
        });
    }
    let client = match &args.prefix {
        Some(prefix) => store.client_in(prefix)?,
        None => store.choose(args.client.as_ref())?,
    };
    // The log folder of a user who did not install the client may not be there yet; where this fails, `run` says so.
    let _ = std::fs::create_dir_all(client.log_dir());
    let variables = client.variables();
    let existing = |name: &str| std::env::var_os(name);
    let written = output::human::env(args.shell.form(), &client, &variables, existing);
    let stdout = written.map_err(|name| {
        Error::new(
            ErrorId::Usage,
            "print the variables",
            format!(
                "{name} holds characters that this form cannot say; the client is in {}",
                client.prefix.display()
            ),
            "taos-setup run -- COMMAND sets them for one command",
        )
    })?;
    Ok(Report {
        stdout,
        data: output::json::env(&client, &variables),
        ..Report::default()
    })
}
