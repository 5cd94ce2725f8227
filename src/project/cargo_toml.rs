//! Cargo's `Cargo.toml`, read losslessly and spliced (doc.rust-lang.org/cargo, "The Manifest Format").
//!
//! The workspace's root is read; only `--upgrade` changes it.

mod companion;
mod connector;
mod crate_name;
mod spec;
mod workspace;

use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::{cargo_lock, toml_document};
use crate::catalog::connectors::Companion;
use crate::message::{Message, message};
use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use toml_edit::Item;

use super::edit::{Edit, EditRefusal, FileEdit, Splice};
use super::requirement::{AskedVersions, DependencyList, Requirement};
use super::text;
use super::toml_document::TomlText;
use spec::DependencySpec;
use workspace::WorkspaceRoot;

/// The reader of the format.
pub struct CargoToml;

impl ManifestReader for CargoToml {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        pins(text, file)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        crate_name::complaint_about_crate_name(name)
    }

    fn without_first_retired<'a>(
        &self,
        text: &str,
        retired: &[&'a str],
    ) -> Result<Option<(&'a str, String)>, EditRefusal> {
        without_retired(text, retired)
    }

    fn has_list(&self, list: DependencyList) -> bool {
        matches!(list, DependencyList::Main | DependencyList::Development)
    }

    fn parents(&self, text: &str) -> Vec<String> {
        workspace::workspace_folders(text)
    }

    fn admits(&self, asked: &str, version: &str) -> bool {
        admits(asked, version)
    }

    fn is_parent(&self, _path: &str, text: &str, member: &str) -> bool {
        workspace::counts_member(text, member)
    }

    fn project_name(&self, text: &str) -> Option<String> {
        toml_document::text_at(text, &["package", "name"])
            .or_else(|| toml_document::text_at(text, &["project", "name"]))
    }

    fn note_about_new_member(&self, path: &str, text: &str, member: &str) -> Option<Message> {
        workspace::note_about_new_member(path, text, member)
    }

    fn notes_about_lock(&self, path: &str, text: &str, companions: &[Companion]) -> Vec<Message> {
        cargo_lock::describe_broken_companions(path, text, companions)
    }
}

/// Whether the requirement `asked` lets `version` through.
fn admits(asked: &str, version: &str) -> bool {
    let asked = VersionReq::parse(asked);
    asked.is_ok_and(|asked| Version::parse(version).is_ok_and(|version| asked.matches(&version)))
}

/// The example that existing projects get (`templates/rust/template.toml`).
const EXAMPLE: &str = "taos_example";

/// The edit that makes `source` depend on `wanted`, and on what it needs beside it. A list that is sorted stays sorted.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let toml = TomlText::read(source)?;
    let root = WorkspaceRoot::of(&toml, wanted)?;
    let manifest = CargoManifest {
        toml: &toml,
        root,
        wanted,
    };
    manifest.edit()
}

/// Returns the dependencies of programs, also those for some platforms only, and of a workspace; those from a directory or a repository
/// are left out.
fn pins(source: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
    let toml = TomlText::read(source)?;
    let workspace = DependencySpec::list(&toml, &["workspace", "dependencies"], None);
    let all = DependencySpec::all(&toml).into_iter().chain(workspace);
    let of_programs = all.filter(|spec| matches!(spec.list, None | Some("dependencies")));
    let pin = |spec: DependencySpec| {
        let (asked, _) = spec.version.as_ref().filter(|_| !spec.is_elsewhere)?;
        ranged_pin(&spec.package, asked, false, file)
    };
    Ok(of_programs.filter_map(pin).collect())
}

/// The first dependency of programs that is among `retired` and stands in lines of its own, or in a table of its own: the package,
/// and `source` without it.
fn without_retired<'a>(
    source: &str,
    retired: &[&'a str],
) -> Result<Option<(&'a str, String)>, EditRefusal> {
    let toml = TomlText::read(source)?;
    for entry in toml.entries(&["dependencies"]) {
        let Some(name) = retired.iter().find(|name| **name == entry.name) else {
            continue;
        };
        let first = toml.line(toml.line_number(entry.range.start));
        let last = toml.line(toml.line_number(entry.range.end.saturating_sub(1)));
        if let (Some(first), Some(last)) = (first, last)
            && first.body.trim_start().starts_with(*name)
        {
            let mut new = source.to_owned();
            new.replace_range(first.start..last.end(), "");
            return Ok(Some((name, new)));
        }
    }
    for name in retired {
        if let Some(lines) = toml.lines_of_table(&["dependencies", name]) {
            let mut new = source.to_owned();
            new.replace_range(lines, "");
            return Ok(Some((name, new)));
        }
    }
    Ok(None)
}

struct CargoManifest<'a> {
    toml: &'a TomlText<'a>,
    root: WorkspaceRoot<'a>,
    wanted: Requirement<'a>,
}

impl CargoManifest<'_> {
    fn edit(&self) -> Result<Edit, EditRefusal> {
        self.refuse_what_is_no_package()?;
        let specs = self.specs();
        let mut notes = self.notes_about_retired(&specs);
        notes.extend(self.note_about_rust_version());
        notes.extend(self.notes_about_platforms(&specs));
        notes.extend(self.note_about_examples());
        notes.extend(self.note_about_patch());
        companion::name_is_taken(&specs, self.wanted.package)?;
        let mut members = Vec::new();
        if !self.is_present(&specs, &mut notes)? {
            let (name, value) = self.own_member()?;
            members.push((self.list(), name, value));
        }
        let mut splices = Vec::new();
        let mut elsewhere = self.upgrades_of_root(&specs);
        for companion in self.wanted.companions {
            companion::name_is_taken(&specs, &companion.package)?;
            let needed = self.companion(companion, &specs)?;
            members.extend(needed.member);
            splices.extend(needed.splice);
            notes.extend(needed.note);
            elsewhere.extend(needed.elsewhere);
        }
        for list in ["dependencies", "dev-dependencies"] {
            let members: Vec<_> = members
                .iter()
                .filter(|(of, ..)| *of == list)
                .map(|(_, name, value)| (name.as_str(), value.clone()))
                .collect();
            if !members.is_empty() {
                splices.push(
                    self.toml
                        .insert(&[spec::spelling(self.toml, list)], &members),
                );
            }
        }
        let insertion = (!splices.is_empty()).then(|| text::combined(self.toml.source(), splices));
        let present = specs
            .iter()
            .find(|spec| spec.package == self.wanted.package && spec.list == Some("dependencies"));
        let asked = present.map_or(Some(self.wanted.version.to_owned()), |spec| {
            let (asked, _) = self.resolved(spec)?.0.version?;
            Some(if self.upgrade(&asked) {
                self.wanted.version.to_owned()
            } else {
                asked
            })
        });
        Ok(Edit {
            insertion,
            replacements: self.upgrades(&specs),
            elsewhere: joined(elsewhere),
            asked,
            notes,
            ..Edit::default()
        })
    }

    /// The list that gets our package.
    const fn list(&self) -> &'static str {
        match self.wanted.list {
            DependencyList::Development => "dev-dependencies",
            DependencyList::Main | DependencyList::Group(_) | DependencyList::Extra(_) => {
                "dependencies"
            }
        }
    }

    /// The dependencies, with the packages that the workspace's root has under their names.
    fn specs(&self) -> Vec<DependencySpec> {
        let root = match &self.root {
            WorkspaceRoot::None => None,
            WorkspaceRoot::Own => Some(self.toml),
            WorkspaceRoot::Other(_, toml) => Some(toml.as_ref()),
        };
        let offered = root.map(|it| DependencySpec::list(it, &["workspace", "dependencies"], None));
        let renamed: BTreeMap<_, _> = offered
            .into_iter()
            .flatten()
            .filter(|spec| spec.name != spec.package)
            .map(|spec| (spec.name, spec.package))
            .collect();
        let mut specs = DependencySpec::all(self.toml);
        for spec in specs.iter_mut().filter(|spec| spec.inherits) {
            if let Some(package) = renamed.get(&spec.name) {
                spec.package.clone_from(package);
            }
        }
        specs
    }

    /// Our version in place of every older one that this file gives to our package; the operators `=`, `^` and `~` stay.
    fn upgrades(&self, specs: &[DependencySpec]) -> Vec<Splice> {
        self.upgrades_at(SpecOrigin::Here, specs)
    }

    /// The same in the workspace's root.
    fn upgrades_of_root(&self, specs: &[DependencySpec]) -> Vec<FileEdit> {
        let WorkspaceRoot::Other(path, _) = &self.root else {
            return Vec::new();
        };
        let splices = self.upgrades_at(SpecOrigin::WorkspaceRoot(path), specs);
        let path = (*path).to_owned();
        let edit = (!splices.is_empty()).then_some(FileEdit { path, splices });
        edit.into_iter().collect()
    }

    fn upgrades_at(&self, wanted_place: SpecOrigin, specs: &[DependencySpec]) -> Vec<Splice> {
        let ours = specs.iter().filter(|it| it.package == self.wanted.package);
        let mut upgrades: Vec<_> = ours
            .filter_map(|spec| {
                let (spec, place) = self.resolved(spec)?;
                let (asked, range) = spec.version?;
                if place != wanted_place || !self.upgrade(&asked) {
                    return None;
                }
                let operator = asked.get(..1).filter(|it| ["=", "^", "~"].contains(it));
                let operator = operator.filter(|_| !asked.contains(','));
                let operator = operator.unwrap_or_default();
                Some(Splice {
                    at: range.start,
                    removes: range.len(),
                    text: format!("{:?}", self.wanted.with_operator(operator, "=", admits)),
                })
            })
            .collect();
        upgrades.sort_by_key(|upgrade| upgrade.at);
        upgrades.dedup();
        upgrades
    }

    /// Whether ours comes in place of the requirement `asked`.
    fn upgrade(&self, asked: &str) -> bool {
        let versions = self.versions(asked);
        if admits(asked, self.wanted.version) {
            self.wanted.replaces_range(versions)
        } else {
            self.wanted.replaces(versions)
        }
    }

    /// The requirement `asked` with the version that Cargo takes of those that it lets through.
    fn versions<'t>(&'t self, asked: &'t str) -> AskedVersions<'t> {
        self.wanted.asked(asked, |version| admits(asked, version))
    }

    fn refuse_what_is_no_package(&self) -> Result<(), EditRefusal> {
        let toml = self.toml;
        if toml.table(&["package"]).is_some() || toml.table(&["project"]).is_some() {
            return Ok(());
        }
        if toml.table(&["workspace"]).is_none() {
            return Err(EditRefusal::Unparsable {
                line: 1,
                reason: message!("project-cargo-nothing"),
            });
        }
        Err(EditRefusal::Aggregator {
            line: toml.line_of(&[], "workspace"),
            found: message!("project-cargo-root"),
            members: workspace::members_of(toml),
        })
    }

    fn notes_about_retired(&self, specs: &[DependencySpec]) -> Vec<Message> {
        let note = |spec: &DependencySpec| {
            let wanted = self.wanted;
            wanted.note_about_retired("Cargo.toml", || spec.line, &spec.package)
        };
        specs.iter().filter_map(note).collect()
    }

    fn note_about_rust_version(&self) -> Option<Message> {
        let item = self.toml.item(&["package", "rust-version"])?;
        let number = |text: &str| -> Vec<u32> {
            text.split('.')
                .map(|part| part.parse().unwrap_or(0))
                .collect()
        };
        let asked = item.as_str()?;
        (number(asked) < number(self.wanted.runtime)).then(|| {
            message!(
                "project-rust-version",
                line = self.toml.line_of(&["package"], "rust-version"),
                asked = asked,
                package = self.wanted.package,
                runtime = self.wanted.runtime
            )
        })
    }

    /// Notes about our package among the dependencies for some platforms only.
    fn notes_about_platforms(&self, specs: &[DependencySpec]) -> Vec<Message> {
        let package = self.wanted.package;
        let is_main = |spec: &&DependencySpec| spec.list.is_some();
        if specs
            .iter()
            .filter(is_main)
            .any(|spec| spec.package == package)
        {
            return Vec::new();
        }
        let ours = specs
            .iter()
            .filter(|spec| spec.list.is_none() && spec.package == package)
            .filter(|spec| {
                !spec
                    .version
                    .as_ref()
                    .is_some_and(|(asked, _)| self.upgrade(asked))
            });
        let note = |spec: &DependencySpec| {
            let asked = spec.version.as_ref().map_or("", |(asked, _)| asked);
            message!(
                "project-cargo-platforms",
                line = spec.line,
                package = package,
                asked = asked
            )
        };
        ours.map(note).collect()
    }

    /// A note if `[patch]` puts another source in the place of our package.
    fn note_about_patch(&self) -> Option<Message> {
        let package = self.wanted.package;
        let toml = match &self.root {
            WorkspaceRoot::None | WorkspaceRoot::Own => self.toml,
            // The note names a line of this manifest.
            WorkspaceRoot::Other(..) => return None,
        };
        let path = ["patch", "crates-io"];
        toml.table(&path)?.get(package)?;
        let line = toml.line_of(&path, package);
        Some(message!(
            "project-cargo-patch",
            line = line,
            package = package
        ))
    }

    /// Cargo builds an example that no manifest names only where it looks for such.
    fn note_about_examples(&self) -> Option<Message> {
        let package = ["package", "project"]
            .into_iter()
            .find(|it| self.toml.table(&[it]).is_some())?;
        let looks = self.toml.item(&[package, "autoexamples"])?.as_bool()?;
        let named = self
            .toml
            .item(&["example"])
            .and_then(Item::as_array_of_tables);
        let is_named = named
            .into_iter()
            .flatten()
            .any(|example| example.get("name").and_then(Item::as_str) == Some(EXAMPLE));
        (!looks && !is_named).then(|| {
            message!(
                "project-cargo-autoexamples",
                line = self.toml.line_of(&[package], "autoexamples"),
                name = EXAMPLE
            )
        })
    }

    /// What `spec` comes to with what it inherits, and where its version stands; `None` where the root is not known.
    fn resolved(&self, spec: &DependencySpec) -> Option<(DependencySpec, SpecOrigin<'_>)> {
        if !spec.inherits {
            return Some((spec.clone(), SpecOrigin::Here));
        }
        let (base, place) = self.in_root(&spec.name)?;
        let features = [base.features.clone(), spec.features.clone()].concat();
        Some((DependencySpec { features, ..base }, place))
    }

    /// What the workspace's root says about the dependency `name`.
    fn in_root(&self, name: &str) -> Option<(DependencySpec, SpecOrigin<'_>)> {
        let (toml, place) = match &self.root {
            WorkspaceRoot::None => return None,
            WorkspaceRoot::Own => (self.toml, SpecOrigin::Here),
            WorkspaceRoot::Other(path, toml) => (toml.as_ref(), SpecOrigin::WorkspaceRoot(path)),
        };
        let offered = DependencySpec::list(toml, &["workspace", "dependencies"], None);
        let spec = offered.into_iter().find(|spec| spec.name == name)?;
        Some((spec, place))
    }

    /// What the root offers under `name`, where this package inherits anything at all.
    fn offered(&self, name: &str) -> Option<DependencySpec> {
        let inherits = |item: &Item| {
            let workspace = item.as_table_like().and_then(|it| it.get("workspace"));
            workspace.and_then(Item::as_bool) == Some(true)
        };
        let package = self.toml.table(&["package"]);
        let of_package = package.is_some_and(|it| it.iter().any(|(_, item)| inherits(item)));
        let of_dependencies = DependencySpec::all(self.toml)
            .iter()
            .any(|spec| spec.inherits);
        if !of_package && !of_dependencies {
            return None;
        }
        let (spec, _) = self.in_root(name)?;
        Some(spec).filter(|spec| spec.package == name)
    }
}

/// `edits` with one edit a file.
fn joined(edits: Vec<FileEdit>) -> Vec<FileEdit> {
    let mut joined: Vec<FileEdit> = Vec::new();
    for edit in edits {
        match joined.iter_mut().find(|it| it.path == edit.path) {
            Some(same) => same.splices.extend(edit.splices),
            None => joined.push(edit),
        }
    }
    joined
}

/// Where something stands that a package asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SpecOrigin<'a> {
    /// In its own manifest.
    Here,
    /// In the workspace's root, which is shown as this path.
    WorkspaceRoot(&'a str),
}

#[cfg(test)]
mod tests;
