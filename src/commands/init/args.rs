//! Arguments of `taos-setup init`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::catalog::connectors::{Connectors, Transport};
use crate::commands::data_words::DataWords;
use crate::init::PackageSource;
use crate::project::language;

/// Put the right connector into a project, with an example that writes and reads rows
///
/// In an empty folder, or one that does not exist yet, a whole project is made. In a folder that has the language's
/// manifest (Cargo.toml, go.mod, package.json, pom.xml, pyproject.toml, requirements.txt) the connector is added to it, and
/// nothing else changes; --example basic adds a program, too. A second run changes nothing; a file that is in the way is
/// never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup init --lang go --dir hello")]
pub struct Args {
    /// The project's language; without it, that of the one manifest in the folder
    #[arg(long, value_name = "LANGUAGE", value_parser = PossibleValuesParser::new(language::ids()), ignore_case = true)]
    pub(super) lang: Option<String>,
    /// How the program talks to the server: WebSocket; REST, which is slower and can do less; or native, with the client
    /// library of `taos-setup install`
    #[arg(long, value_name = "TRANSPORT", default_value = "ws", value_parser = transports())]
    pub(super) transport: Transport,
    /// The project's folder; it is created where it does not exist
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
    /// The manifest that the connector is added to, in a project that has several
    #[arg(long, value_name = "FILE")]
    pub(super) manifest: Option<String>,
    /// Add an example to an existing project; new projects have `basic`
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = PossibleValuesParser::new(["basic"]))]
    pub(super) example: Vec<String>,
    /// For Java: take the connector as one jar that holds all that it needs
    #[arg(long)]
    pub(super) dist: bool,
    /// The project's name, for Go the module's path; the folder's name without it
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// The server that it is for: its version, or its host, which is asked; without it, the host that TAOS_HOST names
    ///
    /// The newest connector that works with that server is taken. With no server known, the newest that works with all, or the
    /// newer one that the project has already.
    #[arg(long, value_name = "HOST|VERSION")]
    pub(super) server: Option<String>,
    /// Make the example for TDengine Cloud alone: TDENGINE_CLOUD_URL, TDENGINE_CLOUD_TOKEN, TLS
    #[arg(long)]
    pub(super) cloud: bool,
    /// What the connection must be able to do besides running statements; one that cannot is refused
    #[arg(long, value_name = "ABILITY", value_delimiter = ',', value_parser = DataWords(abilities))]
    pub(super) needs: Vec<String>,
    /// For Python: take the connector from its public repository, at a branch, tag or commit
    #[arg(long, value_name = "git[@REV]", value_parser = source)]
    pub(super) source: Option<PackageSource>,
    /// Replace an older version of the connector, and take retired connectors out of the manifest
    #[arg(long)]
    pub(super) upgrade: bool,
    /// Run the commands that make stale lock files anew
    #[arg(long, conflicts_with_all = ["dry_run", "check"])]
    pub(super) lock: bool,
    /// Write nothing; exit with 7 and a diff where something would change, or a lock file is stale
    #[arg(long)]
    pub(super) check: bool,
    /// Print the changes as a diff and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn transports() -> impl TypedValueParser<Value = Transport> {
    PossibleValuesParser::new(Transport::ALL.map(Transport::as_str))
        .try_map(|word| word.parse::<Transport>())
}

fn abilities() -> Vec<PossibleValue> {
    let abilities = Connectors::built_in().abilities().iter();
    abilities
        .map(|it| PossibleValue::new(&*it.name).help(&it.title))
        .collect()
}

/// `git` or `git@REV`. A revision is what git and pip take without quoting.
fn source(text: &str) -> std::result::Result<PackageSource, String> {
    let revision = match text.strip_prefix("git") {
        Some("") => None,
        Some(rest) => Some(rest.strip_prefix('@').ok_or("say git or git@REV")?),
        None => return Err("say git or git@REV".into()),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./+".contains(c);
    match revision {
        Some(revision)
            if revision.is_empty()
                || revision.starts_with('-')
                || revision.contains("..")
                || !revision.chars().all(allowed) =>
        {
            Err("a revision is a branch, a tag or a commit".into())
        }
        revision => Ok(PackageSource {
            revision: revision.map(str::to_owned),
        }),
    }
}

#[cfg(test)]
mod tests;
