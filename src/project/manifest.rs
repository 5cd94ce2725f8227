//! Manifests: files in which a project names its dependencies, one module a format. An edit is one splice on a lossless
//! reading, so everything outside the inserted bytes stays as it was (design, decision 11).

pub mod cargo_toml;
pub mod cmake_lists;
pub mod go_mod;
pub mod makefile;
mod members;
pub mod package_json;
pub mod pep440;
pub mod pom_xml;
pub mod pyproject_toml;
pub mod requirements_txt;
mod standing;
pub mod text;
mod toml_document;

use serde::Deserialize;

use crate::catalog::connectors::Companion;
use crate::error::{Error, ErrorId, Result};

/// How a manifest is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Cargo's `Cargo.toml`.
    CargoToml,
    /// CMake's `CMakeLists.txt`.
    #[serde(rename = "cmake-lists")]
    CMakeLists,
    /// Go's `go.mod`.
    GoMod,
    /// make's `Makefile`.
    Makefile,
    /// npm's `package.json`.
    PackageJson,
    /// Maven's `pom.xml`.
    PomXml,
    /// `pyproject.toml` (PEP 621, Poetry).
    PyprojectToml,
    /// pip's `requirements.txt`.
    RequirementsTxt,
}

/// The dependency that a manifest is to name.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'a> {
    /// The package, as its registry names it.
    pub package: &'a str,
    /// The version, as this format writes it.
    pub version: &'a str,
    /// The oldest version of the language that the package builds with.
    pub runtime: &'a str,
    /// The version of the language from which on the package refuses to be installed, where it names one.
    pub runtime_below: Option<&'a str>,
    /// Which of the package's files is wanted, where not the usual one: Maven's classifier.
    pub classifier: Option<&'a str>,
    /// The parts of the package that are wanted, where it has parts that can be left out: Cargo's features.
    pub parts: &'a [String],
    /// Parts that do as well as those.
    pub or_parts: &'a [String],
    /// Other packages that the project needs beside it.
    pub companions: &'a [Companion],
    /// Packages that should not be there any more, each with the reason and what to use instead.
    pub retired: &'a [(&'a str, &'a str)],
    /// The manifests that the project inherits from, nearest first, or that it includes: their paths, as they are shown, and their
    /// texts.
    pub parents: &'a [(String, String)],
    /// Whether an older version makes way for this one.
    pub upgrade: bool,
    /// Where the package comes from instead of its registry, as this format writes it.
    pub location: Option<&'a str>,
}

/// What an edit comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to insert, and where; `None` where the manifest already names the dependency.
    pub insertion: Option<Insertion>,
    /// What makes way for what: versions that are upgraded.
    pub replacements: Vec<Insertion>,
    /// What the manifest asks of the package then, as this format writes it; `None` where that is not known.
    pub asked: Option<String>,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The frameworks that the project is built on.
    pub frameworks: Vec<Framework>,
}

/// A framework that wants settings of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framework {
    /// Spring Boot.
    SpringBoot {
        /// Where the parent or list that chooses the versions of the libraries is named, as `FILE:LINE`, and its name.
        managed_by: Option<(String, String)>,
    },
}

impl Framework {
    /// The word for it in template.toml.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SpringBoot { .. } => "spring-boot",
        }
    }
}

/// Bytes to insert at an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The offset in bytes.
    pub at: usize,
    /// How many bytes from there on make way: those of `/>`, where an empty XML element gets its first child.
    pub removes: usize,
    /// The text.
    pub text: String,
}

/// Why a manifest cannot be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not parse.
    Unparsable {
        /// The line, from 1.
        line: usize,
        /// Why, as a phrase.
        reason: String,
    },
    /// It asks for something else.
    Conflict {
        /// The line, from 1.
        line: usize,
        /// What it asks for, as a sentence without a full stop.
        found: String,
        /// What the user can do.
        next: String,
    },
    /// It holds other projects together and has no program of its own.
    Aggregator {
        /// The line, from 1.
        line: usize,
        /// What it is, as a sentence without a full stop.
        found: String,
        /// The folders of its members, as it names them; patterns stay patterns.
        members: Vec<String>,
    },
}

impl Edit {
    /// `old` with the insertion and the replacements made.
    pub fn apply(&self, old: &str) -> String {
        let mut splices: Vec<_> = self.insertion.iter().chain(&self.replacements).collect();
        splices.sort_by_key(|splice| splice.at);
        let mut new = String::new();
        let mut done = 0;
        for Insertion { at, removes, text } in splices {
            new.push_str(old.get(done..*at).unwrap_or_default());
            new.push_str(text);
            done = at + removes;
        }
        new.push_str(old.get(done..).unwrap_or_default());
        new
    }
}

impl Format {
    /// The edit that makes `text` name `requirement`.
    pub fn edit(self, text: &str, requirement: Requirement) -> std::result::Result<Edit, Refusal> {
        match self {
            Self::CargoToml => cargo_toml::edit(text, requirement),
            Self::CMakeLists => cmake_lists::edit(text, requirement),
            Self::GoMod => go_mod::edit(text, requirement),
            Self::Makefile => makefile::edit(text, requirement),
            Self::PackageJson => package_json::edit(text, requirement),
            Self::PomXml => pom_xml::edit(text, requirement),
            Self::PyprojectToml => pyproject_toml::edit(text, requirement),
            Self::RequirementsTxt => requirements_txt::edit(text, requirement),
        }
    }

    /// Where the manifest that `text` inherits from, or is locked together with, may be, relative to its own folder and with `/`:
    /// files or folders, of which the first is meant that is there and [`Self::is_parent`]. An empty text stands for a manifest that
    /// is not there yet.
    pub fn parents(self, text: &str) -> Vec<String> {
        match self {
            Self::CargoToml => cargo_toml::workspace_folders(text),
            Self::PackageJson => package_json::workspace_roots(text),
            Self::PomXml => pom_xml::parent(text).into_iter().collect(),
            Self::PyprojectToml => pyproject_toml::workspace_folders(text),
            _ => Vec::new(),
        }
    }

    /// The project's name, as lock files give it that list projects; `None` where it has none, or no such lock files.
    pub fn project_name(self, text: &str) -> Option<String> {
        match self {
            Self::CargoToml => toml_document::text_at(text, &["package", "name"])
                .or_else(|| toml_document::text_at(text, &["project", "name"])),
            Self::PyprojectToml => toml_document::text_at(text, &["project", "name"]),
            _ => None,
        }
    }

    /// The files that the manifest `text` includes, relative to its own folder and with `/`.
    pub fn includes(self, text: &str) -> Vec<String> {
        match self {
            Self::RequirementsTxt => requirements_txt::included(text),
            _ => Vec::new(),
        }
    }

    /// Whether the file `text` at `path` is the parent of the project in its folder `member`, given with `/`. What a `pom.xml` makes of
    /// it is decided by its own edit.
    pub fn is_parent(self, path: &str, text: &str, member: &str) -> bool {
        match self {
            Self::CargoToml => cargo_toml::counts_member(text, member),
            Self::PackageJson => package_json::counts_member(path, text, member),
            Self::PyprojectToml => pyproject_toml::counts_member(text, member),
            _ => true,
        }
    }

    /// What the user should know about the parent `text`, shown as `path`, of a project that is new in its folder `member`.
    pub fn note_about_new_member(self, path: &str, text: &str, member: &str) -> Option<String> {
        match self {
            Self::CargoToml => cargo_toml::note_about_new_member(path, text, member),
            _ => None,
        }
    }

    /// The program that the manifest `text` says its packages are installed with, where it says one.
    pub fn package_manager(self, text: &str) -> Option<String> {
        match self {
            Self::PackageJson => package_json::package_manager(text),
            _ => None,
        }
    }

    /// Whether the manifest `text` says what its project depends on. Some files of that name have another purpose.
    pub fn holds_dependencies(self, text: &str) -> bool {
        match self {
            Self::Makefile => makefile::is_written_by_hand(text),
            Self::PyprojectToml => pyproject_toml::holds_dependencies(text),
            _ => true,
        }
    }

    /// Whether projects of other languages have such a file, too, so that it tells nothing beside their own.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Makefile)
    }

    /// What the user should know about the lock file `text`, shown as `path`, of a project that uses `companions`.
    pub fn notes_about_lock(self, path: &str, text: &str, companions: &[Companion]) -> Vec<String> {
        match self {
            Self::CargoToml => cargo_toml::notes_about_lock(path, text, companions),
            _ => Vec::new(),
        }
    }

    /// The line, from 1, in which `text` depends on `package`; `None` where it does not, or cannot be read, and for formats whose
    /// registries have no strangers (`manifests/connectors.toml`).
    pub fn line_that_names(self, text: &str, package: &str) -> Option<usize> {
        match self {
            Self::PyprojectToml => pyproject_toml::line_that_names(text, package),
            Self::RequirementsTxt => requirements_txt::line_that_names(text, package),
            _ => None,
        }
    }

    /// The first package among `retired` that `text` names, and the text without it.
    fn without_first_retired<'a>(
        self,
        text: &str,
        retired: &[(&'a str, &str)],
    ) -> std::result::Result<Option<(&'a str, String)>, Refusal> {
        match self {
            Self::GoMod => go_mod::without_retired(text, retired),
            Self::PackageJson => package_json::without_retired(text, retired),
            Self::RequirementsTxt => requirements_txt::without_retired(text, retired),
            Self::CargoToml => cargo_toml::without_retired(text, retired),
            // Java's connector and those of Python have had their names since TDengine 2.
            Self::PomXml | Self::PyprojectToml | Self::CMakeLists | Self::Makefile => Ok(None),
        }
    }

    /// Why `name` cannot be a project's name; `None` where it can.
    pub fn complaint_about_name(self, name: &str) -> Option<String> {
        match self {
            Self::CargoToml => cargo_toml::complaint_about_crate_name(name),
            Self::CMakeLists | Self::Makefile => cmake_lists::complaint_about_project_name(name),
            Self::GoMod => go_mod::complaint_about_module_path(name),
            Self::PackageJson => package_json::complaint_about_package_name(name),
            Self::PomXml => pom_xml::complaint_about_artifact_id(name),
            Self::PyprojectToml | Self::RequirementsTxt => {
                requirements_txt::complaint_about_project_name(name)
            }
        }
    }
}

impl Requirement<'_> {
    /// What is said about the package `name` in line `line` of `file`, where it is retired.
    fn note_about_retired(
        &self,
        file: &str,
        line: impl FnOnce() -> usize,
        name: &str,
    ) -> Option<String> {
        let (_, why) = self.retired.iter().find(|(retired, _)| *retired == name)?;
        let way_out = if self.upgrade {
            "take it out by hand, as it stands where --upgrade does not reach"
        } else {
            "--upgrade takes it out"
        };
        Some(format!(
            "{file}:{} names {name}, which is retired: {why}; {way_out}",
            line()
        ))
    }
}

/// `text` without the packages among `retired`, and which those were. A manifest that does not parse is left alone: the edit
/// that follows says why.
pub fn without_retired<'a>(
    format: Format,
    text: &str,
    retired: &[(&'a str, &str)],
) -> (String, Vec<&'a str>) {
    let mut text = text.to_owned();
    let mut taken = Vec::new();
    while let Ok(Some((name, rest))) = format.without_first_retired(&text, retired) {
        taken.push(name);
        text = rest;
    }
    (text, taken)
}

/// The edit of the manifest `bytes`, which stand in the file shown as `path`; refusals become errors that name the file and
/// the line.
pub fn edit(format: Format, path: &str, bytes: &[u8], requirement: Requirement) -> Result<Edit> {
    let wanted = if requirement.package.is_empty() {
        "an example".to_owned()
    } else {
        format!("{} {}", requirement.package, requirement.version)
    };
    text::decode(bytes)
        .and_then(|text| format.edit(text, requirement))
        .map_err(|refusal| match refusal {
            Refusal::Unparsable { line, reason } => Error::new(
                ErrorId::FileUnparsable,
                format!("add {wanted} to {path}"),
                format!("{path}:{line}: {reason}"),
                "mend that line and run the command again; nothing was written",
            ),
            Refusal::Aggregator {
                line,
                found,
                members,
            } => Error::new(
                ErrorId::Usage,
                format!("add {wanted} to {path}"),
                format!("{path}:{line}: {found}"),
                choose_one(path, &members),
            ),
            Refusal::Conflict { line, found, next } => Error::new(
                ErrorId::VersionConflict,
                format!("add {wanted} to {path}"),
                format!("{path}:{line}: {found}"),
                next,
            ),
        })
}

/// What to do about the manifest at `path`, which holds `members` together.
fn choose_one(path: &str, members: &[String]) -> String {
    /// More than these would hide the message.
    const SHOWN: usize = 20;
    let folder = path.rsplit_once(['/', '\\']).map(|(folder, _)| folder);
    let mut options: Vec<_> = members
        .iter()
        .take(SHOWN)
        .map(|member| {
            let member = match folder {
                Some(folder) => format!("{folder}/{member}"),
                None => member.clone(),
            };
            let is_pattern = member.contains(['*', '?', '{', '!']);
            let word = if is_pattern {
                "--dir with one of "
            } else {
                "--dir "
            };
            word.to_owned() + &member
        })
        .collect();
    if members.len() > SHOWN {
        options.push(format!("one of {} more", members.len() - SHOWN));
    }
    if options.is_empty() {
        "name the folder of the project that is to use it with --dir; nothing was written".into()
    } else {
        format!(
            "name the one that is to use it: {}; nothing was written",
            options.join(" or ")
        )
    }
}
