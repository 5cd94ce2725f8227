//! Projects of .NET (`csproj`, `fsproj`, `vbproj`), read losslessly and spliced
//! (learn.microsoft.com/nuget/consume-packages/package-references-in-project-files).
//!
//! Only items of groups without a condition are added. Versions that a repository lists in `Directory.Packages.props` are written there.
//! What a target or a property that is not certain decides stays unchanged and is noted.

mod build;
mod insertion;
mod msbuild_file;
mod package_edit;
mod source_mapping;

use super::dotnet_solution;
use super::edit::{Edit, EditRefusal};
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::requirement::Requirement;
use crate::catalog::connectors::Connectors;
use crate::message::{Message, message};
use build::DotnetBuild;
use msbuild_file::{ItemKind, MsbuildFile};

/// The reader of the format.
pub struct Csproj;

impl ManifestReader for Csproj {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        package_edit::edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        let pins = pins_of_build(file, text, &[])?.into_iter();
        Ok(pins
            .map(|pin| Pin {
                file: file.into(),
                ..pin
            })
            .collect())
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_name(name)
    }

    fn project_name(&self, text: &str) -> Option<String> {
        let file = MsbuildFile::read("", text).ok()?;
        let name = file.property("PackageId");
        name.or_else(|| file.property("AssemblyName"))
            .map(str::to_owned)
    }

    fn includes(&self, text: &str) -> Vec<String> {
        includes(text)
    }

    fn workspace_among(&self, there: &[String], has_manifest: bool) -> Option<String> {
        (!has_manifest)
            .then(|| dotnet_solution::find(there))
            .flatten()
    }

    fn workspace_members(&self, text: &str) -> Vec<String> {
        dotnet_solution::members(text)
    }

    fn line_that_names(&self, text: &str, package: &str) -> Option<usize> {
        let file = MsbuildFile::read("", text).ok()?;
        let items = file.items();
        let item = items.iter().find(|it| it.adds(package))?;
        Some(file.line(item.element))
    }
}

/// Returns the packages with a version that the project `source`, shown as `path`, adds when it is built with `others`. A version that
/// another file chooses is a pin of that file.
///
/// # Errors
/// Why the project cannot be read.
pub(super) fn pins_of_build(
    path: &str,
    source: &str,
    others: &[(String, String)],
) -> Result<Vec<Pin>, EditRefusal> {
    let build = DotnetBuild::read(path, source, others)?;
    let items = build.items();
    let lists = items
        .iter()
        .filter(|(_, item)| item.kind == ItemKind::Version);
    let lists: Vec<_> = lists.collect();
    let mut pins = Vec::new();
    for (index, item) in items
        .iter()
        .filter(|(_, item)| item.kind != ItemKind::Version)
    {
        let metadata = |name| build.file(*index).metadata(item.element, name);
        let own = metadata("VersionOverride").or_else(|| metadata("Version"));
        for package in item.packages() {
            let listed = || {
                let (index, item) = lists.iter().rev().find(|(_, it)| it.adds(package))?;
                let version = build.file(*index).metadata(item.element, "Version")?;
                Some((*index, version))
            };
            let Some((index, version)) = own.map(|own| (*index, own)).or_else(listed) else {
                continue;
            };
            let version = build.resolved(index, version);
            let pin = ranged_pin(&known_name(package), version.text, true, "");
            pins.extend(pin.map(|pin| Pin {
                file: build.file(version.file).path.to_owned().into(),
                ..pin
            }));
        }
    }
    Ok(pins)
}

/// `package` in the letters of the catalog, if that has it.
fn known_name(package: &str) -> String {
    let mut known = Connectors::built_in().packages("csharp");
    let known = known.find(|it| it.eq_ignore_ascii_case(package));
    known.unwrap_or(package).to_owned()
}

/// Returns the files that a project with `text` may be built with, and those that it imports itself.
fn includes(text: &str) -> Vec<String> {
    let Ok(file) = MsbuildFile::read("", text) else {
        return Vec::new();
    };
    let mut files = build::possible_files();
    for (_, import) in file.imports() {
        let import = import.replace('\\', "/");
        let import = import.trim_start_matches("$(MSBuildThisFileDirectory)");
        let import = import.trim_start_matches("$(MSBuildProjectDirectory)/");
        if !import.is_empty() && !import.contains(['$', '*', '@', '%']) {
            files.push(import.to_owned());
        }
    }
    files
}

/// Returns why `name` cannot name a project; `None` if it can. The name becomes that of a file, and of a namespace.
fn complaint_about_name(name: &str) -> Option<Message> {
    if name.is_empty() || name.len() > 100 {
        return Some(message!("project-name-length", most = 100));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Some(message!(
            "project-name-characters",
            signs = "- _ .",
            found = c
        ));
    }
    if name.starts_with(['.', '-']) || name.ends_with('.') {
        return Some(message!("project-name-dots"));
    }
    // NuGet takes a project of that name for the package (NU1108), and the compiler its library for the package's.
    let taken = ["TDengine", "TDengine.Connector"];
    let is_taken = taken.iter().any(|it| it.eq_ignore_ascii_case(name));
    is_taken.then(|| message!("project-csproj-name", name = name))
}

#[cfg(test)]
mod tests;
