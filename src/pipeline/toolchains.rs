//! How the projects of each language are built and tested in a pipeline (templates/ci/toolchains.toml).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DIRECTORY;
use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::language;

/// The tools of one kind of project.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Toolchain {
    /// The language, as `--lang` names it.
    pub(super) language: String,
    /// The file that shows this kind of project, or its ending.
    pub(super) file: String,
    /// A public image with the tools.
    pub(super) image: String,
    /// GitHub's step for them.
    #[serde(default)]
    pub(super) uses: Option<String>,
    /// The inputs of that step.
    #[serde(default)]
    pub(super) with: BTreeMap<String, String>,
    /// Debian's packages that the image lacks.
    #[serde(default)]
    pub(super) packages: Vec<String>,
    /// The commands that build and test the project.
    pub(super) test: Vec<String>,
    /// The name of the project's job or stage.
    #[serde(default, skip_deserializing)]
    pub(super) job: String,
    /// The command that checks the project's connector.
    #[serde(default, skip_deserializing)]
    pub(super) check: String,
    /// The same as `test`, with the variables of the client.
    #[serde(default, skip_deserializing)]
    pub(super) run: Vec<String>,
    /// The commands that put taos-setup into the image.
    #[serde(default, skip_deserializing)]
    pub(super) prepare: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Toolchains {
    toolchain: Vec<Toolchain>,
}

static TOOLCHAINS: BuiltIn<Toolchains> = BuiltIn::new("templates/ci/toolchains.toml", || {
    parsed(toml::from_str(
        language::template(DIRECTORY, "toolchains.toml").unwrap_or_default(),
    ))
});

pub(super) fn check_built_in() -> Result<()> {
    TOOLCHAINS.get().map(|_| ())
}

/// The tools for projects of `language` that have the files `there`: those of the first kind that shows, else of the last.
///
/// # Errors
/// `usage` for a language without pipelines.
pub(super) fn toolchain(language: &str, there: &[String]) -> Result<Toolchain> {
    let all = TOOLCHAINS.get()?.toolchain.iter();
    let known: Vec<_> = all.filter(|tool| tool.language == language).collect();
    let shows = |tool: &&&Toolchain| there.iter().any(|name| name.ends_with(&tool.file));
    let tool = known.iter().find(shows).or(known.last());
    tool.map(|tool| (*tool).clone()).ok_or_else(|| {
        let mut languages: Vec<_> = TOOLCHAINS.checked().toolchain.iter().collect();
        languages.dedup_by_key(|tool| &tool.language);
        let names: Vec<_> = languages
            .iter()
            .map(|tool| tool.language.as_str())
            .collect();
        Error::new(
            ErrorId::Usage,
            message!("pipeline-language", language = language),
            message!("pipeline-language-none", languages = names.join(", ")),
            Message::quoted("taos-setup ci --help"),
        )
    })
}
