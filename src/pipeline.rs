//! The use case of `ci`: the piece of a pipeline that provides the client, checks the connectors, and verifies the connection. What is
//! written is data in templates/ci/.

mod placement;
mod systems;
mod toolchains;
mod unused_options;
mod values;

use std::path::PathBuf;

use crate::error::{Error, ErrorId, Result};
use crate::message::locale::LocalizedText;
use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::files::ProjectRoot;
use crate::project::plan::apply::apply;
use crate::project::plan::{Action, FileChange, Plan, diff};
use crate::project::{language, pipeline_file, template};
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

use placement::PiecePlace;
use systems::{PipelineSystem, system};
pub use systems::{check_built_in, ids, installs_client};
use toolchains::toolchain;
pub use unused_options::PipelineOption;
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

/// A project that the pipeline builds and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineProject {
    /// Its language, as `--lang` names it.
    pub language: String,
    /// Its directory, relative to the pipeline's, with `/`; `.` for that itself.
    pub dir: String,
    /// How its programs connect.
    pub transport: Transport,
}

/// The client that the pipeline installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineClient {
    /// This version.
    Version(Version),
    /// The one of `taos-setup.toml`.
    Setup,
    /// What `taos-setup.lock` holds, and the version of its client, if it has one.
    Lock(Option<Version>),
}

/// A piece of a pipeline to make.
#[derive(Clone, Debug)]
pub struct PipelineRequest {
    /// The system, one of [`ids`].
    pub system: String,
    /// The projects. None is a pipeline that only verifies.
    pub projects: Vec<PipelineProject>,
    /// Whether a program connects natively.
    pub native: bool,
    /// The client to install.
    pub client: Option<PipelineClient>,
    /// The version of the server that the pipeline starts, if it is known.
    pub server: Option<Version>,
    /// The server that the pipeline uses instead of one that it starts.
    pub host: Option<String>,
    /// The address of that server, if its name alone does not say how it is reached.
    pub target: Option<String>,
    /// Where packages come from instead of the vendor.
    pub mirror: Option<String>,
    /// The options that the user gave.
    pub given: Vec<PipelineOption>,
    /// The project.
    pub dir: PathBuf,
    /// The user's own file that gets the piece.
    pub into: Option<String>,
    /// Whether the piece gets a file of its own, although the user has one.
    pub separate: bool,
    /// What happens to the file.
    pub mode: PipelineMode,
}

/// A piece of a pipeline, and what was done with it.
#[derive(Debug)]
pub struct PipelinePiece {
    /// The system's id.
    pub system: &'static str,
    /// The path of its file in the project, with `/`.
    pub path: String,
    /// The text of the file, or of what is put into it.
    pub text: String,
    /// What happened to it, or would happen.
    pub action: Action,
    /// The files that belong to it.
    pub more: Vec<PieceFile>,
    /// The change, for a dry run and a check.
    pub diff: Option<String>,
    /// What was asked for.
    pub mode: PipelineMode,
    /// The options that this system does not use.
    pub unused: Vec<PipelineOption>,
    /// Why the piece was not put into the file.
    pub refusal: Option<Error>,
    /// What is left to do, if anything.
    pub next: Option<&'static LocalizedText>,
}

/// A file that belongs to a piece.
#[derive(Debug)]
pub struct PieceFile {
    /// Its path in the project, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What happened to it, or would happen.
    pub action: Action,
}

/// Makes the piece of a pipeline for `request`, and writes it if that is asked for. A piece that does not fit into the user's file is
/// returned with the reason.
///
/// # Errors
/// `usage` for a system or language that has none; `would-overwrite` if another file is in its place; those of reading and writing files.
pub fn run(request: &PipelineRequest) -> Result<PipelinePiece> {
    let system = system(&request.system)?;
    let root = ProjectRoot::open(&request.dir)?;
    if request.projects.is_empty() && system.needs_language {
        return Err(Error::new(
            ErrorId::Usage,
            message!("pipeline-render", system = system.id),
            message!("pipeline-no-language"),
            message!("pipeline-no-language-next", system = system.id),
        ));
    }
    let mut texts = render(request, &root)?;
    let unused = unused_options::unused_options(request, &root, &texts)?;
    let more = texts.split_off(1);
    let place = placement::find(request, system, &root)?;
    let mut piece = PipelinePiece {
        system: &system.id,
        path: place.path().to_owned(),
        text: texts.concat(),
        action: Action::None,
        more: Vec::new(),
        diff: None,
        mode: request.mode,
        unused,
        refusal: None,
        next: None,
    };
    let change = match &place {
        PiecePlace::Own(before, _) => own_change(&piece.path, before.clone(), &piece.text),
        PiecePlace::Existing { form, before, .. } => {
            let splices = pipeline_file::splice(form, before, &piece.text);
            piece.text = pipeline_file::fragment(form, &piece.text);
            match splices {
                Ok(splices) => FileChange {
                    path: piece.path.clone(),
                    before: Some(before.clone()),
                    after: crate::project::edit::apply_splices(before, splices.iter().collect()),
                },
                Err(refusal) => {
                    piece.refusal = Some(refused(&piece.path, refusal));
                    return Ok(piece);
                }
            }
        }
    };
    piece.action = change.action();
    piece.next = next(request, system, &place, &root)?;
    let mut changes = vec![change];
    for (file, text) in system.more.iter().zip(more) {
        let before = match request.mode {
            PipelineMode::Print => None,
            PipelineMode::Write | PipelineMode::DryRun | PipelineMode::Check => {
                root.read(&file.file)?
            }
        };
        let change = own_change(&file.file, before, &text);
        piece.more.push(PieceFile {
            path: file.file.clone(),
            text,
            action: change.action(),
        });
        changes.push(change);
    }
    let edited = changes
        .iter()
        .find(|change| change.action() == Action::Edit)
        .map(|change| change.path.clone());
    let plan = Plan { changes };
    match request.mode {
        PipelineMode::Print => {}
        PipelineMode::DryRun | PipelineMode::Check => piece.diff = Some(diff::unified(&plan)),
        PipelineMode::Write => match (&place, edited) {
            (PiecePlace::Own(..), Some(path)) => return Err(differs(system, &path)),
            (PiecePlace::Own(..) | PiecePlace::Existing { .. }, _) => apply(&plan, &root)?,
        },
    }
    Ok(piece)
}

/// The change of a file that is this program's alone. One that Git checked out with the line ends of Windows is the same file.
fn own_change(path: &str, before: Option<Vec<u8>>, text: &str) -> FileChange {
    let is_same = before
        .as_ref()
        .is_some_and(|before| String::from_utf8_lossy(before).replace("\r\n", "\n") == text);
    FileChange {
        path: path.to_owned(),
        after: match &before {
            Some(before) if is_same => before.clone(),
            Some(_) | None => text.as_bytes().to_vec(),
        },
        before,
    }
}

/// The text of the piece, and of the files that belong to it.
fn render(request: &PipelineRequest, root: &ProjectRoot) -> Result<Vec<String>> {
    let system = system(&request.system)?;
    let tools = request
        .projects
        .iter()
        .map(|project| match project.dir.as_str() {
            "." => toolchain(&project.language, &root.names()),
            dir => toolchain(&project.language, &root.names_in(dir)),
        })
        .collect::<Result<Vec<_>>>()?;
    let values = PipelineValues::new(request, &tools);
    let more = system.more.iter().map(|file| &file.template);
    std::iter::once(&system.template)
        .chain(more)
        .map(|name| {
            let text = language::template(DIRECTORY, name).unwrap_or_default();
            template::render(&format!("{DIRECTORY}/{name}"), text, &values)
        })
        .collect()
}

/// What is left to do: nothing if the user's own file has the piece, or names the system's file.
fn next(
    request: &PipelineRequest,
    system: &'static PipelineSystem,
    place: &PiecePlace,
    root: &ProjectRoot,
) -> Result<Option<&'static LocalizedText>> {
    if let Some(next) = &system.next_of_host
        && request.host.is_some()
    {
        return Ok(Some(next));
    }
    let is_open = match (place, &system.include) {
        (PiecePlace::Existing { .. }, _) => system.next_is_for_all,
        (PiecePlace::Own(..), None) => true,
        (PiecePlace::Own(..), Some(include)) => {
            let text = root.read(&include.file)?.unwrap_or_default();
            // `- local: "/.gitlab/tdengine.yml"` names the same file.
            let text = String::from_utf8_lossy(&text).replace(['"', '\''], "");
            let text = text.replace("local: /", "local: ");
            !text.contains(&include.line)
        }
    };
    Ok(system.next.as_ref().filter(|_| is_open))
}

/// The refusal of a system whose file `path` was made by other options, or by a person.
fn differs(system: &PipelineSystem, path: &str) -> Error {
    Error::new(
        ErrorId::WouldOverwrite,
        message!("pipeline-write", path = path),
        message!("pipeline-differs"),
        Message::quoted(format!("taos-setup ci {} --dry-run    # {path}", system.id)),
    )
}

/// The refusal of a user's file.
fn refused(path: &str, refusal: EditRefusal) -> Error {
    let observed = refusal.message();
    let (id, next) = match refusal {
        EditRefusal::Conflict { next, .. } => (ErrorId::WouldOverwrite, next),
        EditRefusal::Unparsable { .. } | EditRefusal::Aggregator { .. } => {
            (ErrorId::FileUnparsable, message!("splice-by-hand"))
        }
    };
    Error::new(
        id,
        message!("pipeline-put-into", path = path),
        observed,
        next,
    )
}

#[cfg(test)]
mod tests;
