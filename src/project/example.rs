//! Examples beside `basic`, as `templates/LANGUAGE/template.toml` describes them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::language::TemplateFile;
use crate::message::locale::LocalizedText;
use crate::tdengine::version::Version;

/// The example that every new project has.
pub const BASIC: &str = "basic";

/// An example of a language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleTemplate {
    /// The file of the language's folder that its program is rendered from; none if every transport refuses it.
    pub template: Option<String>,
    /// By transport that cannot run it, the reason, as a sentence without a full stop.
    #[serde(default)]
    pub refused: BTreeMap<String, LocalizedText>,
    /// Whether it has its name in this language only, so that the words of `--example` do not list it.
    #[serde(default)]
    pub own_name: bool,
    /// The oldest server that has it, if that is a later one than the connector's.
    pub server: Option<Version>,
    /// By transport, a feature of the connector's release that it needs there (`manifests/connectors.toml`).
    #[serde(default)]
    pub feature: BTreeMap<String, String>,
    /// The reason if that release does not have it.
    pub without_feature: Option<LocalizedText>,
    /// Parts of the connector's package that it needs beside the usual ones.
    #[serde(default)]
    pub parts: Vec<String>,
}

/// Where the examples of a layout are put, and how they are built and run: templates over `example`, the example's name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramLayout {
    /// The program's path in the project.
    pub path: String,
    /// Commands that build it, after those of the layout.
    #[serde(default)]
    pub build: Vec<String>,
    /// Commands that run it.
    pub run: Vec<String>,
    /// Whether it needs the files of the layout that are not programs.
    #[serde(default)]
    pub with_files: bool,
    /// Files that build it, unless they are there.
    #[serde(default)]
    pub files: Vec<TemplateFile>,
}
