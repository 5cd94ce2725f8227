//! Languages, as the folders of `templates/` describe them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::example::{BASIC, ExampleTemplate, ProgramLayout};
use super::{lock_file::LockFormat, manifest::ManifestFormat};
use crate::catalog::connectors::Transport;
use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::LocalizedText;
use crate::message::{Message, message};

/// Every file under `templates/`: language, file name, text.
const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// What the names of files with this start are: parts that templates include.
const PART: &str = "part-";

/// The folder of the parts of every language.
const SHARED: &str = "shared";

/// What stands for the directory of a Java package in the paths of a layout.
const PACKAGE_DIRECTORY: &str = "{{ package_directory }}";

/// What stands for the name of a new project in the names of manifests.
const PROJECT_NAME: &str = "{{ name }}";

/// What stands for the manifest in the paths of a layout.
const MANIFEST: &str = "{{ manifest }}";

/// The files that are looked at, if projects choose the name of their manifest.
const MOST_CANDIDATES: usize = 20;

/// The file of a language's folder that describes the rest.
const DESCRIPTION: &str = "template.toml";

/// A language's `template.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectLanguage {
    /// The word that `--lang` takes: the folder's name.
    #[serde(skip)]
    pub id: &'static str,
    /// Whether new projects can have the chosen manifest.
    #[serde(skip, default = "yes")]
    pub has_new: bool,
    /// Other words for the language.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name in prose.
    pub title: String,
    /// The program that shows that this machine builds such projects. `None` for a language whose program is on most machines.
    pub tool: Option<String>,
    /// The port that the examples dial when `TAOS_PORT` is not set.
    pub default_port: u16,
    /// The file that names the project's dependencies.
    pub manifest: ManifestFile,
    /// The transport of projects that name none; without it, the first that the language has.
    pub preferred: Option<Transport>,
    /// By transport, texts of which one stands in every program that uses the connector over it.
    pub uses: BTreeMap<String, UsageMarks>,
    /// By transport that the language does not have, the reason, as a sentence without a full stop.
    #[serde(default)]
    pub refused: BTreeMap<String, LocalizedText>,
    /// The reason if its example does not connect to TDengine Cloud: a sentence without a full stop.
    pub without_cloud: Option<LocalizedText>,
    /// What `--dist` asks the registry for: the file that holds the connector and all that it needs.
    pub dist: Option<String>,
    /// By package, where `--source git` takes it from.
    #[serde(default)]
    pub git: BTreeMap<String, GitSource>,
    /// Settings that a framework wants.
    #[serde(default)]
    pub settings: Vec<SettingsTemplate>,
    /// The examples beside `basic`, by the word that `--example` takes.
    #[serde(default)]
    pub examples: BTreeMap<String, ExampleTemplate>,
    /// The native connector that each machine compiles.
    pub native_module: Option<NativeModule>,
    /// What a new project gets.
    pub new: ProjectLayout,
    /// How a project is built that has a manifest already.
    pub existing: ProjectLayout,
    /// The example that a project with a manifest gets on demand.
    pub example: ProjectLayout,
    /// Files that go stale when the manifest changes.
    #[serde(default)]
    pub locks: Vec<LockTool>,
    /// Other manifests that existing projects of the language have.
    #[serde(default)]
    pub also: Vec<OtherManifest>,
    /// Endings of files that show a project of the language, if nothing else does.
    #[serde(default)]
    pub signs: Vec<String>,
    /// The files in which nginx may be told to run programs of the language.
    #[serde(default)]
    pub nginx: Vec<String>,
    /// What else builds projects of the language. No new project is started beside it.
    #[serde(default)]
    pub builders: Vec<BuildTool>,
}

const fn yes() -> bool {
    true
}

/// A native connector that each machine compiles from its source, which is never shipped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NativeModule {
    /// A file at the top of its source.
    pub source: String,
    /// The source's public address.
    pub address: String,
    /// By release, the commit that its tag means.
    #[serde(default)]
    pub commits: BTreeMap<String, String>,
    /// The script of the language's folder that compiles it, in the source's directory; `TAOS_CLIENT` is that of the client.
    pub script: String,
    /// What the script makes, in the source's directory.
    pub built: String,
    /// Its path in the project.
    pub path: String,
    /// The tools that the script needs, as a sentence without a full stop.
    pub needs: LocalizedText,
    /// What is left to do for programs other than those of the project: a sentence without a full stop.
    pub elsewhere: LocalizedText,
    /// The settings of the machine that load it for other programs.
    pub settings: Option<ModuleSettings>,
}

/// Settings of a machine that load a native connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleSettings {
    /// `php.ini` of each kind of PHP.
    PhpIni,
}

/// A tool that builds projects, and whose files are not edited.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildTool {
    /// Its name in prose.
    pub title: String,
    /// The files of which a project that it builds has one.
    pub files: Vec<String>,
    /// The word that such a file contains if it lists the dependencies; another file may list them instead.
    pub holds: Option<String>,
    /// The line to add to such a project: a template.
    pub line: Option<String>,
    /// The place for that line; the file without it.
    pub place: Option<LocalizedText>,
    /// The command that adds the connector instead: a template.
    pub command: Option<String>,
}

/// Another manifest than the one that new projects get.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherManifest {
    /// The file.
    pub manifest: ManifestFile,
    /// What a new project with it gets; without it, new projects have another manifest.
    pub new: Option<ProjectLayout>,
    /// How a project is built that has it.
    pub existing: ProjectLayout,
    /// The example that such a project gets on demand.
    pub example: ProjectLayout,
    /// Files that go stale when it changes.
    #[serde(default)]
    pub locks: Vec<LockTool>,
}

/// The file that names a project's dependencies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its path in the project.
    pub file: String,
    /// How it is written.
    pub format: ManifestFormat,
    /// Other names of it, which its tool looks for before that one.
    #[serde(default)]
    pub before: Vec<String>,
    /// The end of its name, if projects choose the rest.
    pub ending: Option<String>,
    /// The files of the language's folder with the sections that it is to have, and the files that it includes: templates.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Whether it is a user's own file and no project's: only `--manifest` chooses it.
    #[serde(default)]
    pub personal: bool,
}

impl ManifestFile {
    /// The name as lists of files show it: `*.csproj` if projects choose it.
    pub fn pattern(&self) -> String {
        match &self.ending {
            Some(ending) if self.file.contains(PROJECT_NAME) => format!("*{ending}"),
            Some(_) | None => self.file.clone(),
        }
    }

    /// Which of the files `there` can be it, sorted.
    pub fn candidates(&self, there: &[String]) -> Vec<String> {
        let Some(ending) = &self.ending else {
            return vec![self.file.clone()];
        };
        let is_one = |name: &&String| name.len() > ending.len() && name.ends_with(ending.as_str());
        let mut names: Vec<_> = there.iter().filter(is_one).cloned().collect();
        names.sort();
        names.truncate(MOST_CANDIDATES);
        names
    }
}

/// The files of a project, and how it is built and run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectLayout {
    /// Commands that build it, templates.
    pub build: Vec<String>,
    /// Commands that run it, templates.
    pub run: Vec<String>,
    /// The files.
    pub files: Vec<TemplateFile>,
    /// A script that projects bring along in place of a tool.
    pub wrapper: Option<Wrapper>,
    /// The place of the examples beside `basic`, and how they are built and run.
    pub programs: Option<ProgramLayout>,
}

/// A script in a project, or in that of a manifest that it inherits from, which stands for a tool that need not be installed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrapper {
    /// Its name.
    pub file: String,
    /// Its name on Windows.
    pub windows_file: String,
    /// What it makes way for at the start of a command.
    pub replaces: String,
}

/// A file to render.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateFile {
    /// Its path in the project, with `/`.
    pub path: String,
    /// The file of the language's folder that it is rendered from.
    pub template: String,
    /// Whether it is the program that talks to the server.
    #[serde(default)]
    pub program: bool,
}

/// A package's public repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitSource {
    /// Its address.
    pub url: String,
    /// The package's folder in it, where not the top.
    pub subdirectory: Option<String>,
    /// A note about building it, as a sentence without a full stop.
    pub needs: LocalizedText,
}

/// A file that a tool makes from the manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockTool {
    /// Its path in the project.
    pub file: String,
    /// How it is written; without it, it is taken for stale whenever the manifest changes.
    pub format: Option<LockFormat>,
    /// The command that refreshes it, a template: `--lock` runs it. Its words are split at spaces.
    pub refresh: String,
    /// Whether that command is also how a project with this file is built, in place of the first command of its layout.
    #[serde(default)]
    pub builds: bool,
    /// How a project with this file is built, where that is another command.
    pub build: Option<String>,
    /// What the commands that run it then start with, in place of what `python` or the like stands for.
    pub runner: Option<Runner>,
}

/// A tool that runs a project's programs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runner {
    /// What it makes way for at the start of a command, one of these.
    pub replaces: Vec<String>,
    /// What comes there.
    pub by: String,
}

/// One text, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum UsageMarks {
    /// One text.
    One(String),
    /// Several.
    Any(Vec<String>),
}

impl UsageMarks {
    /// Whether one of them stands in `text`.
    pub fn any_in(&self, text: &str) -> bool {
        match self {
            Self::One(word) => text.contains(word),
            Self::Any(words) => words.iter().any(|word| text.contains(word)),
        }
    }
}

/// Settings that a framework wants, for its user to paste.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsTemplate {
    /// The framework, as [`super::edit::Framework::as_str`] calls it.
    pub framework: String,
    /// Its name in prose.
    pub title: String,
    /// The file of the language's folder that they are rendered from.
    pub template: String,
    /// The class that declares a second data source: the file's name, and the file of the language's folder that it is rendered from.
    pub class: ClassTemplate,
}

/// A class that a framework wants, for its user to paste.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassTemplate {
    /// The file's name.
    pub file: String,
    /// The file of the language's folder that it is rendered from.
    pub template: String,
}

impl ProjectLanguage {
    /// Whether its dependency is the example itself: a target of a build that names no packages.
    pub fn example_is_dependency(&self) -> bool {
        !self.existing.files.is_empty()
    }

    /// The manifests that its projects have, the one of new projects first.
    pub fn manifests(&self) -> impl Iterator<Item = &ManifestFile> {
        let also = self.also.iter().map(|also| &also.manifest);
        std::iter::once(&self.manifest).chain(also)
    }

    /// The language with every manifest under the name that its tool takes, where the project has the files `there`.
    pub fn with_names(mut self, there: &[String]) -> Self {
        let also = self.also.iter_mut().map(|also| &mut also.manifest);
        for manifest in std::iter::once(&mut self.manifest).chain(also) {
            let chosen = match manifest.ending {
                Some(_) => manifest.candidates(there).into_iter().next(),
                None => {
                    let mut before = manifest.before.iter();
                    before.find(|name| there.contains(name)).cloned()
                }
            };
            manifest.file = chosen.unwrap_or_else(|| manifest.file.clone());
        }
        self
    }

    /// The language with `name` in the name of a new project's manifest, and the manifest's name in the paths of layouts.
    pub fn with_project_name(mut self, name: &str) -> Self {
        self.manifest.file = self.manifest.file.replace(PROJECT_NAME, name);
        for file in &mut self.new.files {
            file.path = file.path.replace(MANIFEST, &self.manifest.file);
        }
        self
    }

    /// Which of the files `there` says that another tool builds the project, and that tool's name.
    pub fn builder_of<'a>(&'a self, there: &[String]) -> Option<(&'a str, &'a BuildTool)> {
        self.builders_of(there).next()
    }

    /// Which of the files `there` say that other tools build the project, and those tools.
    pub fn builders_of<'a>(
        &'a self,
        there: &[String],
    ) -> impl Iterator<Item = (&'a str, &'a BuildTool)> {
        self.builders.iter().filter_map(|builder| {
            let file = builder.files.iter().find(|file| there.contains(file))?;
            Some((file.as_str(), builder))
        })
    }

    /// The language with the programs of new projects in the package `package`.
    pub fn with_package(mut self, package: &str) -> Self {
        let directory = package.replace('.', "/");
        let also = self.also.iter_mut().filter_map(|also| also.new.as_mut());
        for layout in also.chain([&mut self.new]) {
            let files = layout.files.iter_mut().map(|file| &mut file.path);
            let programs = layout.programs.iter_mut().map(|it| &mut it.path);
            for path in files.chain(programs) {
                *path = path.replace(PACKAGE_DIRECTORY, &directory);
            }
        }
        self
    }

    /// Whether `package` and `group_id` mean anything for its projects.
    pub fn has_packages(&self) -> bool {
        let mut paths = self.new.files.iter().map(|file| &file.path);
        paths.any(|path| path.contains(PACKAGE_DIRECTORY))
    }

    /// The language as projects with the manifest `file` have it.
    pub fn with_manifest(mut self, file: &str) -> Self {
        let also = self.also.iter().position(|it| it.manifest.file == file);
        if let Some(index) = also {
            let also = self.also.swap_remove(index);
            self.manifest = also.manifest;
            self.has_new = also.new.is_some();
            if let Some(new) = also.new {
                self.new = new;
            }
            self.existing = also.existing;
            self.example = also.example;
            self.locks = also.locks;
        }
        self
    }
}

impl ProjectLayout {
    /// The program among the files.
    pub fn program(&self) -> Option<&TemplateFile> {
        self.files.iter().find(|file| file.program)
    }
}

/// The words that `--example` takes, `basic` first, and whether a word is one language's own.
pub fn example_names() -> Vec<(&'static str, bool)> {
    let mut names = vec![(BASIC, false)];
    for language in languages().map_or(&[][..], |all| all) {
        for (name, example) in &language.examples {
            if !names.iter().any(|(known, _)| known == name) {
                names.push((name, example.own_name));
            }
        }
    }
    names
}

/// The words that `--lang` takes.
pub fn ids() -> impl Iterator<Item = &'static str> + Clone {
    FILES
        .iter()
        .filter(|(_, file, _)| *file == DESCRIPTION)
        .map(|(language, _, _)| *language)
}

/// The language that `--lang` names by `id`.
pub fn load(id: &str) -> Result<ProjectLanguage> {
    let unknown = |observed: Message| {
        let lines = ids().map(|id| format!("taos-setup init --lang {id}"));
        Error::new(
            ErrorId::Usage,
            message!("project-templates", language = id),
            observed,
            Message::joined(lines.map(Message::quoted), "\n"),
        )
    };
    let mut all = languages()?.iter();
    all.find(|language| language.id == id)
        .cloned()
        .ok_or_else(|| unknown(message!("project-templates-none")))
}

fn languages() -> Result<&'static [ProjectLanguage]> {
    static LANGUAGES: BuiltIn<Vec<ProjectLanguage>> =
        BuiltIn::new("templates/", || parsed(parse_all()));
    LANGUAGES.get().map(Vec::as_slice)
}

fn parse_all() -> std::result::Result<Vec<ProjectLanguage>, toml::de::Error> {
    let files = FILES.iter().filter(|(_, file, _)| *file == DESCRIPTION);
    let parse = |(id, _, text): &(&'static str, &str, &str)| {
        toml::from_str(text).map(|language: ProjectLanguage| ProjectLanguage { id, ..language })
    };
    files.map(parse).collect()
}

/// The names and texts of the parts that templates of the language `id` include.
pub fn parts(id: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .iter()
        .filter(move |(language, file, _)| {
            [SHARED, id].contains(language) && file.starts_with(PART)
        })
        .map(|(_, file, text)| (*file, *text))
}

/// The text of the file `name` in the folder of the language `id`.
pub fn template(id: &str, name: &str) -> Option<&'static str> {
    FILES
        .iter()
        .find(|(language, file, _)| *language == id && *file == name)
        .map(|(_, _, text)| *text)
}

#[cfg(test)]
mod tests;
