//! The use case of `ci`: the piece of a pipeline that provides the client, checks the connectors, and verifies the connection. What is
//! written is data in templates/ci/.

mod systems;
mod toolchains;
mod values;

use std::path::PathBuf;

use crate::error::{Error, ErrorId, Result};
use crate::message::locale::LocalizedText;
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::plan::apply::apply;
use crate::project::plan::{Action, FileChange, Plan, diff};
use crate::project::{language, template};
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

use systems::{PipelineSystem, system};
pub use systems::{check_built_in, ids};
use toolchains::toolchain;
use values::PipelineValues;

/// The name of the directory in templates/.
const DIRECTORY: &str = "ci";

/// What happens to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineMode {
    /// It is printed.
    Print,
    /// It is written into the project.
    Write,
    /// The change is shown.
    DryRun,
    /// The change is shown, and one is a failure.
    Check,
}

/// A piece of a pipeline to make.
#[derive(Debug)]
pub struct PipelineRequest {
    /// The system, one of [`ids`].
    pub system: String,
    /// The languages of the project, as `--lang` names them. None is a pipeline that only verifies.
    pub languages: Vec<String>,
    /// The transport of the project's programs.
    pub transport: Transport,
    /// The client to install, which is the server's version.
    pub client: Option<Version>,
    /// The server that the pipeline uses instead of one that it starts.
    pub host: Option<String>,
    /// The project.
    pub dir: PathBuf,
    /// What happens to the file.
    pub mode: PipelineMode,
}

/// A piece of a pipeline, and what was done with it.
#[derive(Debug)]
pub struct PipelinePiece {
    /// The system's id.
    pub system: &'static str,
    /// The path of its file in the project, with `/`.
    pub path: &'static str,
    /// The text of the file.
    pub text: String,
    /// What happened to it, or would happen.
    pub action: Action,
    /// The change, for a dry run and a check.
    pub diff: Option<String>,
    /// What was asked for.
    pub mode: PipelineMode,
    /// What is left to do, if anything.
    pub next: Option<&'static LocalizedText>,
}

/// Makes the piece of a pipeline for `request`, and writes it if that is asked for.
///
/// # Errors
/// `usage` for a system or language that has none; `would-overwrite` if another file is in its place; those of reading and writing files.
pub fn run(request: &PipelineRequest) -> Result<PipelinePiece> {
    let system = system(&request.system)?;
    let root = ProjectRoot::open(&request.dir)?;
    let there = root.names();
    let tools = request
        .languages
        .iter()
        .map(|language| toolchain(language, &there))
        .collect::<Result<Vec<_>>>()?;
    if tools.is_empty() && system.needs_language {
        return Err(Error::new(
            ErrorId::Usage,
            message!("pipeline-render", system = system.id),
            message!("pipeline-no-language"),
            message!("pipeline-no-language-next", system = system.id),
        ));
    }
    let values = PipelineValues::new(request, &tools);
    let text = language::template(DIRECTORY, &system.template).unwrap_or_default();
    let text = template::render(&format!("{DIRECTORY}/{}", system.template), text, &values)?;
    let change = FileChange {
        path: system.file.clone(),
        before: match request.mode {
            PipelineMode::Print => None,
            PipelineMode::Write | PipelineMode::DryRun | PipelineMode::Check => {
                root.read(&system.file)?
            }
        },
        after: text.clone().into_bytes(),
    };
    let action = change.action();
    let plan = Plan {
        changes: vec![change],
    };
    let shown = match request.mode {
        PipelineMode::Print => None,
        PipelineMode::DryRun | PipelineMode::Check => Some(diff::unified(&plan)),
        PipelineMode::Write if action == Action::Edit => return Err(taken(system)),
        PipelineMode::Write => {
            apply(&plan, &root)?;
            None
        }
    };
    Ok(PipelinePiece {
        system: &system.id,
        path: &system.file,
        text,
        action,
        diff: shown,
        mode: request.mode,
        next: match &system.next_of_host {
            Some(next) if request.host.is_some() => Some(next),
            Some(_) | None if is_open(system, &root)? => system.next.as_ref(),
            Some(_) | None => None,
        },
    })
}

/// Whether something is left to do: the user's own file does not name the system's one yet.
fn is_open(system: &PipelineSystem, root: &ProjectRoot) -> Result<bool> {
    let Some(include) = &system.include else {
        return Ok(true);
    };
    let text = root.read(&include.file)?.unwrap_or_default();
    Ok(!String::from_utf8_lossy(&text).contains(&include.line))
}

/// The refusal of a system whose file was made by other options, or by a person.
fn taken(system: &PipelineSystem) -> Error {
    Error::new(
        ErrorId::WouldOverwrite,
        message!("pipeline-write", path = system.file),
        message!("pipeline-differs"),
        Message::quoted(format!(
            "taos-setup ci {} --dry-run    # {}",
            system.id, system.file
        )),
    )
}

#[cfg(test)]
mod tests;
