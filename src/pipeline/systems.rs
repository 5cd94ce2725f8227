//! The systems that run pipelines (templates/ci/systems.toml).

use serde::Deserialize;

use super::DIRECTORY;
use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::LocalizedText;
use crate::message::{Message, message};
use crate::project::language;
use crate::project::pipeline_file::PieceForm;

/// A system that runs pipelines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PipelineSystem {
    /// The word on the command line.
    pub(super) id: String,
    /// Where its file is in a project, with `/`.
    pub(super) file: String,
    /// The template of the file.
    pub(super) template: String,
    /// Files that belong to it; only for a system that has no place in the user's own files.
    #[serde(default)]
    pub(super) more: Vec<PipelineFile>,
    /// Whether it is nothing without a language.
    #[serde(default)]
    pub(super) needs_language: bool,
    /// Whether the machine has its client already, or none.
    #[serde(default)]
    pub(super) installs_nothing: bool,
    /// The user's own files that get the piece instead, if one is there.
    #[serde(default)]
    pub(super) existing: Vec<String>,
    /// How the piece is put into them.
    #[serde(default)]
    pub(super) piece: Option<PieceForm>,
    /// The user's own file that must name the system's one.
    #[serde(default)]
    pub(super) include: Option<PipelineInclude>,
    /// What is left to do.
    #[serde(default)]
    pub(super) next: Option<LocalizedText>,
    /// Whether that is left to do after the piece was put into the user's own file, too.
    #[serde(default)]
    pub(super) next_is_for_all: bool,
    /// What is left to do if the pipeline uses a server that it does not start.
    #[serde(default)]
    pub(super) next_of_host: Option<LocalizedText>,
}

/// A file of a system, beside its first one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PipelineFile {
    /// Where it is in a project, with `/`.
    pub(super) file: String,
    /// The template of the file.
    pub(super) template: String,
}

/// A user's file that must name another one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PipelineInclude {
    /// The user's file.
    pub(super) file: String,
    /// A part of the line that names the other.
    pub(super) line: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PipelineSystems {
    system: Vec<PipelineSystem>,
}

static SYSTEMS: BuiltIn<PipelineSystems> = BuiltIn::new("templates/ci/systems.toml", || {
    parsed(toml::from_str(
        language::template(DIRECTORY, "systems.toml").unwrap_or_default(),
    ))
});

/// Checks the built-in tables.
///
/// # Errors
/// `unexpected` if one is damaged.
pub fn check_built_in() -> Result<()> {
    SYSTEMS.get()?;
    super::toolchains::check_built_in()
}

/// The words for the systems, in the order in which they are listed.
pub fn ids() -> impl Iterator<Item = &'static str> {
    SYSTEMS
        .checked()
        .system
        .iter()
        .map(|system| system.id.as_str())
}

/// Whether the piece of the system `id` installs a client.
///
/// # Errors
/// `usage` for a system that there is not.
pub fn installs_client(id: &str) -> Result<bool> {
    Ok(!system(id)?.installs_nothing)
}

/// The system that `id` names.
pub(super) fn system(id: &str) -> Result<&'static PipelineSystem> {
    let mut all = SYSTEMS.get()?.system.iter();
    all.find(|system| system.id == id).ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            message!("pipeline-render", system = id),
            message!("pipeline-no-system"),
            Message::quoted("taos-setup ci --help"),
        )
    })
}
