//! Arguments of `taos-setup man`.

use std::path::PathBuf;

/// Print a manual page, or write those of all commands
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    taos-setup man install | man -l -\n  \
    taos-setup man --dir ~/.local/share/man/man1")]
pub struct Args {
    /// The command; without it, the page of the program
    #[arg(value_name = "COMMAND")]
    pub(super) command: Option<String>,
    /// Write the pages of the program and of all commands into this directory; it is created if it does not exist
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(super) dir: Option<PathBuf>,
}
