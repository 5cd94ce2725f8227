//! Manifests: files in which a project names its dependencies, one module a format, one trait for all of them. An edit is one splice on
//! a lossless reading, so that everything outside the inserted bytes stays unchanged (docs/decisions.md).

use serde::Deserialize;

use super::cargo_toml::CargoToml;
use super::cmake_lists::CMakeLists;
use super::composer_json::ComposerJson;
use super::csharp_file::CsharpFile;
use super::csproj::Csproj;
use super::description_file::DescriptionFile;
use super::dotnet_solution::PROJECT_ENDINGS;
use super::edit::{Edit, EditRefusal};
use super::go_mod::GoMod;
use super::gradle::{Gradle, ScriptLanguage};
use super::makefile::Makefile;
use super::odbc_ini::OdbcIni;
use super::package_json::PackageJson;
use super::pins::Pin;
use super::pom_xml::PomXml;
use super::pyproject_toml::PyprojectToml;
use super::r_script::RScript;
use super::requirement::{DependencyList, Requirement};
use super::requirements_txt::RequirementsTxt;
use super::rockspec::Rockspec;
use super::text;
use crate::catalog::connectors::Companion;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};

/// The formats of manifests, as `templates/LANGUAGE/template.toml` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ManifestFormat {
    /// Cargo's `Cargo.toml`.
    CargoToml,
    /// CMake's `CMakeLists.txt`.
    #[serde(rename = "cmake-lists")]
    CMakeLists,
    /// C# files with `#:package` directives.
    CsharpFile,
    /// .NET's `csproj`, `fsproj` and `vbproj`.
    Csproj,
    /// Composer's `composer.json`.
    ComposerJson,
    /// R's `DESCRIPTION`.
    DescriptionFile,
    /// Go's `go.mod`.
    GoMod,
    /// Gradle's `build.gradle`.
    Gradle,
    /// Gradle's `build.gradle.kts`.
    GradleKts,
    /// make's `Makefile`.
    Makefile,
    /// unixODBC's `odbc.ini`.
    OdbcIni,
    /// npm's `package.json`.
    PackageJson,
    /// Maven's `pom.xml`.
    PomXml,
    /// `pyproject.toml` (PEP 621, Poetry).
    PyprojectToml,
    /// pip's `requirements.txt`.
    RequirementsTxt,
    /// LuaRocks' rockspecs.
    Rockspec,
    /// A script in R.
    RScript,
}

impl ManifestFormat {
    /// The reader of the format.
    pub const fn reader(self) -> &'static dyn ManifestReader {
        match self {
            Self::CargoToml => &CargoToml,
            Self::CMakeLists => &CMakeLists,
            Self::CsharpFile => &CsharpFile,
            Self::Csproj => &Csproj,
            Self::ComposerJson => &ComposerJson,
            Self::DescriptionFile => &DescriptionFile,
            Self::GoMod => &GoMod,
            Self::Gradle => &Gradle(ScriptLanguage::Groovy),
            Self::GradleKts => &Gradle(ScriptLanguage::Kotlin),
            Self::Makefile => &Makefile,
            Self::OdbcIni => &OdbcIni,
            Self::PackageJson => &PackageJson,
            Self::PomXml => &PomXml,
            Self::PyprojectToml => &PyprojectToml,
            Self::RequirementsTxt => &RequirementsTxt,
            Self::Rockspec => &Rockspec,
            Self::RScript => &RScript,
        }
    }
}

/// One format of manifests: `init`, `verify`, and whatever else reads projects use the same reader.
pub trait ManifestReader: Sync {
    /// Returns the edit that makes `text` name `requirement`.
    ///
    /// # Errors
    /// Why the manifest cannot be edited.
    fn edit(&self, text: &str, requirement: Requirement) -> std::result::Result<Edit, EditRefusal>;

    /// Returns the packages that `text` pins; pins carry `file` as the file that names them.
    ///
    /// # Errors
    /// Why the manifest cannot be read.
    fn pins(&self, text: &str, file: &'static str) -> std::result::Result<Vec<Pin>, EditRefusal>;

    /// Returns whether `asked`, in the manifest's words, lets `version` of a package through, as far as the format has ranges.
    fn admits(&self, _asked: &str, _version: &str) -> bool {
        false
    }

    /// Returns the versions of `package` that `text` forbids.
    fn excluded_versions(&self, _text: &str, _package: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns the names of the manifests elsewhere in the repository from which `text` imports versions.
    fn imports(&self, _text: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns the name under which other manifests import versions from `text`.
    fn import_name(&self, _text: &str) -> Option<String> {
        None
    }

    /// Returns why `name` cannot be a project's name; `None` if it can.
    fn complaint_about_name(&self, name: &str) -> Option<Message>;

    /// Returns the first package among `retired` that `text` names, and the text without it.
    ///
    /// # Errors
    /// Why the manifest cannot be read.
    fn without_first_retired<'a>(
        &self,
        _text: &str,
        _retired: &[&'a str],
    ) -> std::result::Result<Option<(&'a str, String)>, EditRefusal> {
        Ok(None)
    }

    /// Returns where the manifest that `text` inherits from, or is locked together with, may be, relative to its own directory and with
    /// `/`: files or directories, of which the first is meant that exists and [`Self::is_parent`]. An empty text stands for a manifest
    /// that does not exist yet.
    fn parents(&self, _text: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns whether the file `text` at `path` is the parent of the project in its directory `member`, given with `/`.
    fn is_parent(&self, _path: &str, _text: &str, _member: &str) -> bool {
        true
    }

    /// Returns the name of the file that makes its directory the root of a workspace without a project, if that is not the manifest;
    /// `has_manifest` says whether there is one.
    fn workspace_file(&self, _has_manifest: bool) -> Option<&'static str> {
        None
    }

    /// Returns which of the files `there` makes its directory the root of a workspace without a project; `has_manifest` says whether
    /// there is a manifest.
    fn workspace_among(&self, there: &[String], has_manifest: bool) -> Option<String> {
        let file = self.workspace_file(has_manifest)?;
        there.iter().find(|name| *name == file).cloned()
    }

    /// Returns whether `text`, which is next to the workspace file, is a project itself.
    fn root_is_project(&self, _text: &str) -> bool {
        false
    }

    /// Returns the directories or patterns of the members that the workspace file `text` names.
    fn workspace_members(&self, _text: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns whether `text` builds the project in its directory `member`, given with `/`, as a module.
    fn builds_module(&self, _text: &str, _member: &str) -> bool {
        false
    }

    /// Returns the project's name, as lock files that list projects give it.
    fn project_name(&self, _text: &str) -> Option<String> {
        None
    }

    /// Returns the files that the manifest `text` includes, relative to its own directory and with `/`.
    fn includes(&self, _text: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns a note about the parent `text`, shown as `path`, of a project that is new in its directory `member`.
    fn note_about_new_member(&self, _path: &str, _text: &str, _member: &str) -> Option<Message> {
        None
    }

    /// Returns the program that `text` names for installing its packages.
    fn package_manager(&self, _text: &str) -> Option<String> {
        None
    }

    /// Returns whether the format has `list`.
    fn has_list(&self, list: DependencyList) -> bool {
        list == DependencyList::Main
    }

    /// Returns whether `text` says what its project depends on. Some files of that name have another purpose.
    fn holds_dependencies(&self, _text: &str) -> bool {
        true
    }

    /// Returns whether `text` is a project, wherever its dependencies are listed.
    fn is_project(&self, text: &str) -> bool {
        self.holds_dependencies(text)
    }

    /// Returns the directories in which such files usually are, and their endings, if a project may have several.
    fn usual_places(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[]
    }

    /// Returns whether projects of other languages have such a file, too.
    fn is_shared(&self) -> bool {
        false
    }

    /// Returns whether such a file is a program that loads packages: it follows the list that a project has next to it.
    fn is_script(&self) -> bool {
        false
    }

    /// Returns whether `text` alone shows a project of its language.
    fn is_evidence(&self, _text: &str) -> bool {
        !self.is_shared()
    }

    /// Returns notes about the lock file `text`, shown as `path`, of a project that uses `companions`.
    fn notes_about_lock(
        &self,
        _path: &str,
        _text: &str,
        _companions: &[Companion],
    ) -> Vec<Message> {
        Vec::new()
    }

    /// Returns the line, from 1, in which `text` depends on `package`; `None` if it does not, or cannot be read, and for formats whose
    /// registries have no unrelated package of a connector's name (`manifests/connectors.toml`).
    fn line_that_names(&self, _text: &str, _package: &str) -> Option<usize> {
        None
    }
}

/// Returns `text` without the packages among `retired`, and those packages. A manifest that does not parse stays unchanged: the edit that
/// follows reports why.
pub fn remove_retired<'a>(
    format: ManifestFormat,
    text: &str,
    retired: &[&'a str],
) -> (String, Vec<&'a str>) {
    let reader = format.reader();
    let mut text = text.to_owned();
    let mut removed = Vec::new();
    while let Ok(Some((name, rest))) = reader.without_first_retired(&text, retired) {
        removed.push(name);
        text = rest;
    }
    (text, removed)
}

/// The edit of the manifest `bytes`, which stand in the file shown as `path`; refusals become errors that name the file and
/// the line. `expand` returns the directories that the patterns of a workspace name.
pub fn edit(
    format: ManifestFormat,
    path: &str,
    bytes: &[u8],
    requirement: Requirement,
    expand: &dyn Fn(&[String]) -> Vec<String>,
) -> Result<Edit> {
    let tried = || {
        if requirement.package.is_empty() {
            message!("project-edit-example", path = path)
        } else {
            let (package, version) = (requirement.package, requirement.version);
            message!(
                "project-edit",
                package = package,
                version = version,
                path = path
            )
        }
    };
    let at =
        |line: usize, text: Message| message!("project-at", path = path, line = line, text = text);
    text::decode(bytes)
        .and_then(|text| format.reader().edit(text, requirement))
        .map_err(|refusal| match refusal {
            EditRefusal::Unparsable { line, reason } => Error::new(
                ErrorId::FileUnparsable,
                tried(),
                at(line, reason),
                message!("project-fix-line"),
            ),
            EditRefusal::Aggregator {
                line,
                found,
                members,
            } => Error::new(
                ErrorId::Usage,
                tried(),
                at(line, found),
                list_members(path, &expand(&members)),
            ),
            EditRefusal::Conflict { line, found, next } => {
                Error::new(ErrorId::VersionConflict, tried(), at(line, found), next)
            }
        })
}

/// Returns the commands that choose one of `members`, which the manifest at `path` holds together: one a line.
pub fn list_members(path: &str, members: &[String]) -> Message {
    /// More than these would hide the message.
    const SHOWN: usize = 20;
    if members.is_empty() {
        return message!("project-member-unknown");
    }
    let folder = path.rsplit_once(['/', '\\']).map(|(folder, _)| folder);
    let mut lines: Vec<_> = members
        .iter()
        .take(SHOWN)
        .map(|member| {
            let member = member.trim_start_matches("./").trim_end_matches('/');
            let member = match folder {
                Some(folder) => format!("{folder}/{member}"),
                None => member.to_owned(),
            };
            let is_pattern = member.contains(['*', '?', '{', '!']);
            // Maven names the file of a module that is not called pom.xml, and a solution every project.
            let is_manifest = |file: &str| {
                let mut endings = PROJECT_ENDINGS.iter().chain(&[".xml"]);
                endings.any(|ending| file.ends_with(ending))
            };
            let file = member
                .rsplit_once('/')
                .filter(|(_, file)| is_manifest(file));
            if let Some((folder, file)) = file {
                message!("project-member-file", member = folder, file = file)
            } else if is_pattern {
                message!("project-member-pattern", pattern = member)
            } else {
                message!("project-member", member = member)
            }
        })
        .collect();
    if members.len() > SHOWN {
        lines.push(message!(
            "project-members-more",
            count = members.len() - SHOWN
        ));
    }
    Message::joined(lines, "\n")
}
