//! Arguments of `taos-setup env`.

use std::path::PathBuf;

use crate::clients::env::Shell;
use crate::commands::completion_values;
use crate::tdengine::version::Request;

/// Print the variables that make an installed client work
///
/// They make the loader, the vendor's programs, compilers, and connectors find the client. Values of lists that are set already are kept
/// behind the client's: a shell adds them when it reads the lines, and the formats without variables (github, dotenv, systemd)
/// contain the present values. After `use system` nothing is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    eval \"$(taos-setup env)\"\n  \
    taos-setup env --shell fish | source\n  \
    taos-setup env --shell powershell | Out-String | Invoke-Expression\n  \
    taos-setup env --shell cmd > taos.cmd && call taos.cmd\n  \
    taos-setup env --shell github >> \"$GITHUB_ENV\"")]
pub struct Args {
    /// Reader of the lines
    #[arg(long, value_name = "SHELL", default_value = "sh")]
    pub(super) shell: Shell,
    /// Installed version, or prefix for the newest of a series [default: that of taos-setup.toml, else the current client]
    #[arg(long, value_name = "VERSION", add = completion_values::installed_versions())]
    pub(super) client: Option<Request>,
    /// Directory of a client that install --prefix created
    #[arg(long, value_name = "DIR", conflicts_with = "client")]
    pub(super) prefix: Option<PathBuf>,
}
