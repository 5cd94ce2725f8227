//! Arguments of `taos-setup ci`.

use std::path::PathBuf;

use clap::builder::PossibleValue;

use crate::commands::data_words::DataWords;
use crate::pipeline;
use crate::project::language;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

/// Print what a pipeline needs: the client, the connectors, and a verified connection
///
/// The piece gets taos-setup, installs the client that matches the server, checks the project's connectors, waits until a real
/// query succeeds, and runs the project's tests. taos-setup.toml and its lock decide if no option does. The piece starts a server of its own
/// unless one is named; passwords come from the secrets of the system.
#[derive(Debug, clap::Args)]
#[command(
    disable_version_flag = true,
    after_help = "Examples:\n  taos-setup ci github --version 3.3.7.5 --write\n  taos-setup ci github --into .github/workflows/build.yml --dry-run"
)]
pub struct Args {
    /// System that runs the pipeline
    #[arg(value_name = "SYSTEM", value_parser = DataWords::only(systems))]
    pub(super) system: String,
    /// Languages of the project, separated by commas [default: the projects of taos-setup.toml, else that of the manifest in the directory]
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',', value_parser = DataWords::only(languages))]
    pub(super) lang: Vec<String>,
    /// How the programs connect [default: as in taos-setup.toml, else ws]
    #[arg(long, value_name = "TRANSPORT", value_parser = transport)]
    pub(super) transport: Option<Transport>,
    /// Version of the client to install, and of the server to start [default: that of taos-setup.lock or taos-setup.toml]
    #[arg(long, value_name = "VERSION")]
    pub(super) version: Option<Version>,
    /// Server that is asked for its version now, and that the pipeline uses
    #[arg(long, value_name = "HOST", conflicts_with = "version")]
    pub(super) r#match: Option<String>,
    /// Server that the pipeline uses instead of starting one [default: that of taos-setup.toml]
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(super) host: Option<String>,
    /// Mirror that the pipeline installs the client from, for networks without internet
    #[arg(long, value_name = "URL|DIR", value_parser = mirror)]
    pub(super) mirror: Option<String>,
    /// Directory of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
    /// Put the piece into this file of the project
    #[arg(long, value_name = "FILE", conflicts_with = "separate")]
    pub(super) into: Option<String>,
    /// Give the piece a file of its own, although the project has one for this system
    #[arg(long)]
    pub(super) separate: bool,
    /// Write the piece: into the project's file for this system, or as a new file; nothing that is there changes
    #[arg(long, conflicts_with_all = ["dry_run", "check"])]
    pub(super) write: bool,
    /// Print the change as a diff and write nothing
    #[arg(long, conflicts_with = "check")]
    pub(super) dry_run: bool,
    /// Write nothing; exit with 7 and a diff if the piece is missing or differs
    #[arg(long)]
    pub(super) check: bool,
}

fn systems() -> Vec<PossibleValue> {
    pipeline::ids().map(PossibleValue::new).collect()
}

fn languages() -> Vec<PossibleValue> {
    language::ids().map(PossibleValue::new).collect()
}

fn transport(text: &str) -> Result<Transport, String> {
    text.parse()
}

/// A host name or address: it is written into files, so nothing else is taken.
pub(super) fn host(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    match !text.is_empty() && text.len() <= 255 && text.chars().all(allowed) {
        true => Ok(text.to_owned()),
        false => Err("expected a host name or an address".into()),
    }
}

/// An address or a directory. It is written into files of several syntaxes, so characters that mean something there are not taken.
fn mirror(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_:/~%+@".contains(c);
    let has_login = text
        .split_once("://")
        .is_some_and(|(_, rest)| rest.contains('@'));
    match !text.is_empty() && text.len() <= 1024 && text.chars().all(allowed) && !has_login {
        true => Ok(text.to_owned()),
        false => {
            Err("expected an address without a login, or a directory, in plain characters".into())
        }
    }
}
