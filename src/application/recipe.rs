//! How the smallest program of each language is built and run: `templates/LANGUAGE/probe.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::language;

/// The file of a language's directory.
const FILE: &str = "probe.toml";

/// One language's recipe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeRecipe {
    /// The seconds that the language's runtime may take to start, in addition to `--timeout`.
    pub start_seconds: u64,
    /// By transport, texts in programs that use it, in addition to those of `init`, which only knows its own programs.
    #[serde(default)]
    pub uses: BTreeMap<String, Vec<String>>,
    /// The tools that build such projects, the more specific first.
    pub tool: Vec<ProbeTool>,
}

/// A tool that builds projects.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeTool {
    /// Its name.
    pub name: String,
    /// Files of a project that it builds: names, `*` with an ending, or nothing for the tool that is used without a project.
    #[serde(default)]
    pub chosen_by: Vec<String>,
    /// The programs that it needs.
    pub programs: Vec<String>,
    /// Commands that print what decides the result: the versions of compilers and runtimes.
    #[serde(default)]
    pub versions: Vec<Vec<String>>,
    /// Files of the project that choose registries and toolchains, and that are copied: paths, or a directory and `/*`.
    #[serde(default)]
    pub copied: Vec<String>,
    /// Parts of the project's files that are taken over.
    #[serde(default)]
    pub excerpt: Vec<ExcerptRule>,
    /// The script that projects bring along instead of the tool.
    pub wrapper: Option<ToolWrapper>,
    /// Variables that choose registries and toolchains.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Variables to set: templates.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// Variables that are not passed on.
    #[serde(default)]
    pub unset: Vec<String>,
    /// Whether it always needs the client library.
    #[serde(default)]
    pub with_client: bool,
    /// The files of the program.
    pub files: Vec<ProbeFile>,
    /// Commands that build it; words are templates, and those that come out empty are left out.
    #[serde(default)]
    pub build: Vec<Vec<String>>,
    /// The command that runs it.
    pub run: Vec<String>,
}

/// A file of the program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeFile {
    /// Its path.
    pub path: String,
    /// The file of the language's directory that it is rendered from.
    pub template: String,
    /// The file that it is rendered from if rows are to be written.
    pub writing: Option<String>,
}

/// A script in place of a tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolWrapper {
    /// Its name.
    pub file: String,
    /// Its name on Windows.
    pub windows_file: String,
    /// The program that it replaces.
    pub replaces: String,
}

/// A part of a project's file that templates name as `excerpts.NAME`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExcerptRule {
    /// The name.
    pub name: String,
    /// The file.
    pub file: String,
    /// The way in which parts are found.
    pub kind: ExcerptKind,
    /// The parts that are wanted.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// The way in which parts of a file are found.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExcerptKind {
    /// Elements of XML.
    Xml,
    /// Values of TOML.
    Toml,
    /// Lines that start with an option.
    Options,
    /// The repositories of a script of Gradle, in Groovy.
    Gradle,
    /// The repositories of a script of Gradle, in Kotlin.
    GradleKts,
}

/// Returns the recipe of the language `id`.
///
/// # Errors
/// `unexpected` if the built-in data is damaged.
pub fn of_language(id: &str) -> Result<&'static ProbeRecipe> {
    static RECIPES: BuiltIn<BTreeMap<&'static str, ProbeRecipe>> =
        BuiltIn::new("templates/", || parsed(parse_all()));
    RECIPES.get()?.get(id).ok_or_else(|| {
        Error::new(
            ErrorId::Unexpected,
            message!("project-templates", language = id),
            message!("application-no-recipe", file = FILE),
            Message::default(),
        )
    })
}

fn parse_all() -> std::result::Result<BTreeMap<&'static str, ProbeRecipe>, toml::de::Error> {
    let texts = language::ids().filter_map(|id| Some((id, language::template(id, FILE)?)));
    texts
        .map(|(id, text)| Ok((id, toml::from_str(text)?)))
        .collect()
}

impl ProbeRecipe {
    /// Returns the tool of a project with the files `there`; without a project, the usual one.
    pub fn tool_for(&self, there: Option<&[String]>) -> &ProbeTool {
        let is_chosen = |tool: &&ProbeTool| match there {
            None => tool.chosen_by.iter().any(String::is_empty),
            Some(there) => tool.chosen_by.iter().any(|pattern| {
                let ending = pattern.strip_prefix('*');
                there.iter().any(|name| match ending {
                    Some(ending) => name.len() > ending.len() && name.ends_with(ending),
                    None => name == pattern,
                })
            }),
        };
        let usual = || {
            let mut tools = self.tool.iter();
            tools.find(|tool| tool.chosen_by.iter().any(String::is_empty))
        };
        let chosen = self.tool.iter().find(is_chosen).or_else(usual);
        chosen.unwrap_or(&self.tool[0])
    }
}

#[cfg(test)]
mod tests;
