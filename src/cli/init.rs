//! `taos-setup init`

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::Context;
use crate::catalog::connectors::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::init::{self, Request};
use crate::report::{Report, human, json};
use crate::scaffold::language;

/// Put the right connector into a project, with an example that writes and reads rows
///
/// In an empty folder, or one that does not exist yet, a whole project is made. In a folder that has the language's
/// manifest (Cargo.toml, go.mod, package.json, pom.xml, pyproject.toml, requirements.txt) the connector is added to it,
/// everything else in the file stays as it is, and an example is put beside. A second run changes nothing; a file that is
/// in the way is never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup init --lang go --dir hello")]
pub(super) struct Args {
    /// The project's language
    #[arg(long, value_name = "LANGUAGE", value_parser = PossibleValuesParser::new(language::ids()))]
    lang: Option<String>,
    /// How the program talks to the server: WebSocket; REST, which is slower and can do less; or native, with the client
    /// library of `taos-setup install`
    #[arg(long, value_name = "TRANSPORT", default_value = "ws", value_parser = transports())]
    transport: Transport,
    /// The project's folder; it is created where it does not exist
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The manifest that the connector is added to, in a project that has several
    #[arg(long, value_name = "FILE")]
    manifest: Option<String>,
    /// For Java: take the connector as one jar that holds all that it needs
    #[arg(long)]
    dist: bool,
    /// The project's name, for Go the module's path; the folder's name without it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Print the changes as a diff and write nothing
    #[arg(long)]
    dry_run: bool,
}

fn transports() -> impl TypedValueParser<Value = Transport> {
    PossibleValuesParser::new(Transport::ALL.map(Transport::as_str))
        .try_map(|word| word.parse::<Transport>())
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let language = args.lang.ok_or_else(no_language)?;
    let outcome = init::run(&Request {
        language,
        transport: args.transport,
        dir: args.dir,
        manifest: args.manifest,
        dist: args.dist,
        name: args.name,
        dry_run: args.dry_run,
    })?;
    Ok(Report {
        stdout: human::init::text(&outcome, context.output.stdout_style),
        stderr: human::init::notes(&outcome, context.output.stderr_style),
        data: json::init::data(&outcome),
        ..Report::default()
    })
}

fn no_language() -> Error {
    let choices: Vec<_> = language::ids().map(|id| format!("--lang {id}")).collect();
    Error::new(
        ErrorId::Usage,
        "set up a project",
        "no language is named",
        format!("say {}", choices.join(" or ")),
    )
}
