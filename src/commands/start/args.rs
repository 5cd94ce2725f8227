//! Arguments of `taos-setup start`.

use std::path::PathBuf;

use crate::tdengine::transport::Transport;

/// Verify a server, start a project, and write and read its first rows
///
/// Asks for what is not given, and prints each step as the command that does it. Without a terminal, everything must be given.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  taos-setup start
  taos-setup start db.example:6041 --lang python --transport ws --dir hello")]
pub struct Args {
    /// Server: HOST or HOST:PORT
    #[arg(value_name = "TARGET")]
    pub(super) target: Option<String>,
    /// Language of the project
    #[arg(long, value_name = "LANGUAGE")]
    pub(super) lang: Option<String>,
    /// How the program connects: ws, rest, or native
    #[arg(long, value_name = "TRANSPORT")]
    pub(super) transport: Option<Transport>,
    /// Directory of the project
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}
