//! Maven's `pom.xml`, read losslessly and spliced (maven.apache.org/pom.html).
//!
//! Only the project's own `<dependencies>` are edited; those of plug-ins, profiles and `<dependencyManagement>` are read
//! where they decide something. What a parent or a property that stands elsewhere decides is left alone, and said.

mod bom;
mod insertion;
pub(super) mod maven_range;
mod project;

use super::edit::{Edit, EditRefusal, FileEdit, Framework, Splice};
use super::manifest::ManifestReader;
use super::pins::{Pin, ranged_pin};
use super::requirement::{AskedVersions, DependencyList, Requirement};
use super::xml_tree::XmlElement;
use super::xml_writer::NewElement;
use crate::message::{Message, message};
use project::{PomLocation, PomProject};

/// The reader of the format.
pub struct PomXml;

impl ManifestReader for PomXml {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        pins(text, file)
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_artifact_id(name)
    }

    fn has_list(&self, list: DependencyList) -> bool {
        matches!(list, DependencyList::Main | DependencyList::Development)
    }

    fn builds_module(&self, text: &str, member: &str) -> bool {
        let project = PomProject::read("pom.xml", text).ok();
        let modules = project.and_then(|project| project.modules());
        modules.is_some_and(|(_, modules)| modules.iter().any(|it| it == member))
    }

    fn workspace_members(&self, text: &str) -> Vec<String> {
        let project = PomProject::read("pom.xml", text).ok();
        let modules = project.and_then(|project| project.modules());
        modules.map(|(_, modules)| modules).unwrap_or_default()
    }

    fn parents(&self, text: &str) -> Vec<String> {
        parent(text).into_iter().collect()
    }

    fn admits(&self, asked: &str, version: &str) -> bool {
        admits(asked, version)
    }

    fn imports(&self, text: &str) -> Vec<String> {
        bom::imported_artifacts(text)
    }

    fn import_name(&self, text: &str) -> Option<String> {
        bom::artifact(text)
    }
}

/// Whether the range `asked` lets `version` through.
fn admits(asked: &str, version: &str) -> bool {
    maven_range::admits(asked, version) == Some(true)
}

/// The edit that makes `source` depend on `wanted` (`package` is `groupId:artifactId`). A list that is sorted stays sorted.
fn edit(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    let mut project = PomProject::read("pom.xml", source)?;
    for (path, text) in wanted.parents {
        // A parent that cannot be read decides nothing; Maven will tell.
        let Ok(parent) = PomProject::read(path, text) else {
            break;
        };
        let heir = project.parents.last().unwrap_or(&project);
        if !heir.may_inherit_from(&parent) {
            break;
        }
        project.parents.push(parent);
    }
    let lists = bom::imported_by(&project, wanted.parents);
    let pom = PomEdit {
        project: &project,
        lists: &lists,
        wanted,
        group: wanted.package.split(':').next().unwrap_or_default(),
        artifact: wanted.package.rsplit(':').next().unwrap_or_default(),
    };
    pom.refuse_what_builds_nothing()?;
    let mut edit = Edit {
        notes: pom.notes(),
        replacements: pom.upgrades(project.path),
        elsewhere: pom.upgrades_elsewhere(),
        asked: pom.asked(),
        frameworks: pom.frameworks(),
        ..Edit::default()
    };
    let mut found = false;
    for holder in project.with_parents() {
        for dependency in holder.dependencies().filter(|it| pom.is_ours(it)) {
            found = true;
            edit.notes.extend(pom.stays(holder, dependency)?);
        }
    }
    if !found {
        let managed = pom.managed()?;
        let version = match managed {
            ManagedVersion::Nowhere => Some(wanted.version),
            ManagedVersion::AtOurs => None,
            ManagedVersion::AtAnother(note) => {
                edit.notes.push(note);
                None
            }
        };
        let node = pom.dependency(version);
        let key = format!("{}:{}", pom.group, pom.artifact);
        let key_of = |it: &XmlElement| {
            let (group, artifact) = (
                project.field(it, "groupId"),
                project.field(it, "artifactId"),
            );
            format!("{group}:{artifact}")
        };
        edit.insertion = Some(insertion::insertion(&project, &node, &key, key_of));
    }
    Ok(edit)
}

/// Returns the dependencies with a version, properties resolved: the project's own, managed ones, and those of profiles.
fn pins(source: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
    let project = PomProject::read("pom.xml", source)?;
    let all = project.dependencies().chain(project.managed());
    let pin = |dependency: &XmlElement| {
        let field = |name| project.field(dependency, name);
        let package = format!("{}:{}", field("groupId"), field("artifactId"));
        ranged_pin(&package, &field("version"), true, file)
    };
    Ok(all.chain(project.in_profiles()).filter_map(pin).collect())
}

/// Where the project that `source` inherits from may stand, as `<relativePath>` tells it: the file, or its folder.
fn parent(source: &str) -> Option<String> {
    // Most files can do without being read twice.
    if !source.contains("parent") {
        return None;
    }
    let project = PomProject::read("pom.xml", source).ok()?;
    let parent = project.root().child("parent")?;
    match parent.child("relativePath") {
        None => Some("../pom.xml".into()),
        // `<relativePath/>`: it is in a repository.
        Some(path) if path.value().is_empty() => None,
        Some(path) => Some(path.value().replace('\\', "/")),
    }
}

/// Who chooses the version of our package.
enum ManagedVersion {
    /// `<dependencyManagement>`, and it is ours.
    AtOurs,
    /// `<dependencyManagement>`, by another version that works, a range, or a property that is defined elsewhere: the note about it.
    AtAnother(Message),
    /// Nobody at hand.
    Nowhere,
}

struct PomEdit<'a> {
    project: &'a PomProject<'a>,
    /// The lists of versions that it imports and that are in the same repository.
    lists: &'a [PomProject<'a>],
    wanted: Requirement<'a>,
    group: &'a str,
    artifact: &'a str,
}

impl PomEdit<'_> {
    fn is_ours(&self, dependency: &XmlElement) -> bool {
        self.project.is(dependency, self.group, self.artifact)
    }

    fn refuse_what_builds_nothing(&self) -> Result<(), EditRefusal> {
        if let Some((line, modules)) = self.project.modules() {
            return Err(EditRefusal::Aggregator {
                line,
                found: message!("project-pom-modules"),
                members: modules,
            });
        }
        let root = self.project.root();
        match root.child("packaging") {
            Some(packaging) if packaging.value() == "pom" => Err(EditRefusal::Aggregator {
                line: self.project.line(packaging),
                found: message!("project-pom-packaging"),
                members: Vec::new(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether `dependency` of `holder`, which is ours, can stay: notes, or a conflict.
    fn stays(
        &self,
        holder: &PomProject,
        dependency: &XmlElement,
    ) -> Result<Vec<Message>, EditRefusal> {
        let mut notes = Vec::new();
        self.check_classifier(holder, dependency)?;
        match dependency.child("version") {
            Some(version) => notes.extend(self.check_version(self.project, holder, version)?),
            None => match self.managed()? {
                ManagedVersion::Nowhere => notes.push(message!(
                    "project-pom-managed-elsewhere",
                    path = holder.path,
                    line = holder.line(dependency),
                    artifact = self.artifact
                )),
                ManagedVersion::AtOurs => {}
                ManagedVersion::AtAnother(note) => notes.push(note),
            },
        }
        let scope = holder.field(dependency, "scope");
        let is_main = self.wanted.list == DependencyList::Main;
        if is_main && !["", "compile", "runtime"].contains(&scope.as_ref()) {
            notes.push(message!(
                "project-pom-scope",
                path = holder.path,
                line = holder.line(dependency),
                artifact = self.artifact,
                scope = scope
            ));
        }
        Ok(notes)
    }

    /// The projects whose `<dependencyManagement>` counts, the first that names a version first; each with the project whose properties
    /// count in it.
    fn managers(&self) -> impl Iterator<Item = (&PomProject<'_>, &PomProject<'_>)> {
        let own = self.project.with_parents().map(|it| (self.project, it));
        let lists = self.lists.iter();
        own.chain(lists.flat_map(|list| list.with_parents().map(move |it| (list, it))))
    }

    /// The version that `<dependencyManagement>` gives to our package, and where: as for [`Self::managers`].
    fn managed_version(&self) -> Option<(&PomProject<'_>, &PomProject<'_>, &XmlElement<'_>)> {
        self.managers().find_map(|(scope, holder)| {
            let mut managed = holder.managed();
            let ours = managed.find(|it| scope.is(it, self.group, self.artifact))?;
            Some((scope, holder, ours.child("version")?))
        })
    }

    /// Who chooses the version, or a conflict where it is another than ours.
    fn managed(&self) -> Result<ManagedVersion, EditRefusal> {
        let Some((scope, holder, version)) = self.managed_version() else {
            return Ok(ManagedVersion::Nowhere);
        };
        Ok(match self.check_version(scope, holder, version)? {
            None => ManagedVersion::AtOurs,
            Some(note) => ManagedVersion::AtAnother(note),
        })
    }

    /// The version of the own dependency, if it has one.
    fn own_version(&self) -> Option<(&PomProject<'_>, &XmlElement<'_>)> {
        self.project.with_parents().find_map(|holder| {
            let mut dependencies = holder.dependencies();
            let ours = dependencies.find(|it| self.is_ours(it))?;
            Some((holder, ours.child("version")?))
        })
    }

    /// The version that the build takes, if a file at hand says it.
    fn asked(&self) -> Option<String> {
        let own = self
            .own_version()
            .map(|(_, version)| (self.project, version));
        let managed = || {
            self.managed_version()
                .map(|(scope, _, version)| (scope, version))
        };
        let (scope, version) = own.or_else(managed)?;
        let found = scope.resolved(version.value());
        if found.is_open() {
            return None;
        }
        let is_replaced = self.is_replaced(&found.text);
        Some(if is_replaced {
            self.wanted.version.to_owned()
        } else {
            found.text.into_owned()
        })
    }

    /// Our version in place of every older one that files of the repository give to our package, also in profiles: each with its file.
    fn all_upgrades(&self) -> Vec<(String, Splice)> {
        let of_holder = |holder: &PomProject| -> Vec<(String, Splice)> {
            let all = holder.dependencies().chain(holder.managed());
            let all = all.chain(holder.in_profiles());
            all.filter(|it| self.is_ours(it))
                .filter_map(|it| self.upgrade(self.project, holder, it.child("version")?))
                .collect()
        };
        let mut all: Vec<_> = self.project.with_parents().flat_map(of_holder).collect();
        if self.own_version().is_none()
            && let Some((scope, holder, version)) = self.managed_version()
        {
            all.extend(self.upgrade(scope, holder, version));
        }
        // A property that two of them name changes once.
        all.sort_by(|a, b| (&a.0, a.1.at).cmp(&(&b.0, b.1.at)));
        all.dedup();
        all
    }

    /// The upgrades in the file `path`.
    fn upgrades(&self, path: &str) -> Vec<Splice> {
        let all = self.all_upgrades().into_iter();
        let here = all.filter(|(file, _)| file == path);
        here.map(|(_, upgrade)| upgrade).collect()
    }

    /// The upgrades in the other files.
    fn upgrades_elsewhere(&self) -> Vec<FileEdit> {
        let mut edits: Vec<FileEdit> = Vec::new();
        for (path, splice) in self.all_upgrades() {
            if path == self.project.path {
                continue;
            }
            match edits.iter_mut().find(|it| it.path == path) {
                Some(edit) => edit.splices.push(splice),
                None => edits.push(FileEdit {
                    path,
                    splices: vec![splice],
                }),
            }
        }
        edits
    }

    /// Whether our version replaces `found`.
    fn is_replaced(&self, found: &str) -> bool {
        let versions = self.versions(found);
        if admits(found, self.wanted.version) {
            self.wanted.replaces_range(versions)
        } else {
            self.wanted.replaces(versions)
        }
    }

    fn versions<'t>(&'t self, found: &'t str) -> AskedVersions<'t> {
        self.wanted.asked(found, |version| admits(found, version))
    }

    /// Our version in place of the older one that `element` of `holder`, or the property that it names in `scope`, holds, and the file
    /// that changes; `None` if it may not be.
    fn upgrade(
        &self,
        scope: &PomProject,
        holder: &PomProject,
        element: &XmlElement,
    ) -> Option<(String, Splice)> {
        let resolved = scope.resolved(element.value());
        let found = resolved.text.as_ref();
        if !self.is_replaced(found) {
            return None;
        }
        let (file, element) = match &resolved.property {
            Some((name, _)) => scope.property(name)?,
            None => (holder, element),
        };
        let text = file.source.get(element.opened..element.closing)?;
        let splice = Splice {
            at: element.opened + text.find(found)?,
            removes: found.len(),
            text: self.wanted.version.into(),
        };
        Some((file.path.to_owned(), splice))
    }

    fn check_classifier(
        &self,
        holder: &PomProject,
        dependency: &XmlElement,
    ) -> Result<(), EditRefusal> {
        let present = holder.field(dependency, "classifier");
        match self.wanted.classifier {
            Some(classifier) if present != classifier => Err(self.conflict(
                self.project,
                &holder.place(dependency),
                message!("project-pom-classifier", classifier = classifier),
                message!("project-pom-classifier-next", classifier = classifier),
            )),
            _ => Ok(()),
        }
    }

    /// Returns a note about the version `element` of `holder`, whose properties are those of `scope`, or a conflict.
    fn check_version(
        &self,
        scope: &PomProject,
        holder: &PomProject,
        element: &XmlElement,
    ) -> Result<Option<Message>, EditRefusal> {
        let resolved = scope.resolved(element.value());
        let place = holder.place(element);
        let artifact = self.artifact;
        if resolved.is_open() {
            let PomLocation { path, line } = place;
            return Ok(Some(message!(
                "project-pom-open",
                path = path,
                line = line,
                artifact = artifact,
                asks = resolved.text
            )));
        }
        let found = resolved.text.as_ref();
        if found == self.wanted.version {
            return Ok(None);
        }
        if ["LATEST", "RELEASE"].contains(&found) {
            return self
                .wanted
                .settle_newest((&place.path, place.line), found)
                .map(Some);
        }
        if self.upgrade(scope, holder, element).is_some() {
            return Ok(None);
        }
        let (place, what) = match &resolved.property {
            Some((property, defined)) => (
                defined,
                message!("project-pom-property", found = found, property = property),
            ),
            None => (&place, Message::quoted(found)),
        };
        let ours = self.wanted.version;
        let versions = self.versions(found);
        let at = (place.path.as_str(), place.line);
        let is_here = place.path == self.project.path;
        if admits(found, ours) {
            let settled = self.wanted.settle_range(at, versions, ours);
            return match settled {
                Err(EditRefusal::Conflict { next, .. }) if !is_here => {
                    Err(self.conflict(scope, place, what, next))
                }
                settled => settled.map(Some),
            };
        }
        if is_here {
            let found_there = message!("project-depends", artifact = artifact, what = what);
            return self
                .wanted
                .settle(("pom.xml", place.line), found_there, versions, ours)
                .map(Some);
        }
        let elsewhere = Requirement {
            upgrade: false,
            is_pinned: false,
            ..self.wanted
        };
        let inherits = self.describe_inherited(scope, place, what);
        match elsewhere.settle(at, inherits, versions, ours) {
            Err(EditRefusal::Conflict { found, next, .. }) => Err(EditRefusal::Conflict {
                line: self.line_that_leads_to(scope),
                found,
                next: if self.wanted.upgrade {
                    let place = format!("{}:{}", place.path, place.line);
                    message!("project-write-at", replacement = ours, place = place)
                } else {
                    next
                },
            }),
            settled => settled.map(Some),
        }
    }

    /// That the project has the connector `what` from `place`, in a parent or in a list that `scope` is.
    fn describe_inherited(
        &self,
        scope: &PomProject,
        place: &PomLocation,
        what: Message,
    ) -> Message {
        message!(
            "project-pom-inherits",
            artifact = self.artifact,
            what = what,
            is_imported = scope.path != self.project.path,
            path = place.path,
            line = place.line
        )
    }

    /// The line of this file that names its parent, or the list `scope`.
    fn line_that_leads_to(&self, scope: &PomProject) -> usize {
        let mut imports = self.project.managed().filter(|it| bom::is_import(it));
        let named = imports.find(|it| {
            let artifact = scope.root().child_value("artifactId");
            scope.path != self.project.path && it.child_value("artifactId") == artifact
        });
        let element = named.or(self.project.root().child("parent"));
        element.map_or(1, |element| self.project.line(element))
    }

    /// A conflict with what stands at `place`, which may be in a parent, or in a list that `scope` is; the error names a line of this file.
    fn conflict(
        &self,
        scope: &PomProject,
        place: &PomLocation,
        what: Message,
        next: Message,
    ) -> EditRefusal {
        if place.path == self.project.path {
            return EditRefusal::Conflict {
                line: place.line,
                found: message!("project-depends", artifact = self.artifact, what = what),
                next,
            };
        }
        EditRefusal::Conflict {
            line: self.line_that_leads_to(scope),
            found: self.describe_inherited(scope, place, what),
            next,
        }
    }

    fn dependency(&self, version: Option<&str>) -> NewElement {
        let mut nodes = vec![
            NewElement::Text("groupId", self.group.into()),
            NewElement::Text("artifactId", self.artifact.into()),
        ];
        nodes.extend(version.map(|version| NewElement::Text("version", version.into())));
        if self.wanted.list == DependencyList::Development {
            nodes.push(NewElement::Text("scope", "test".into()));
        }
        if let Some(classifier) = self.wanted.classifier {
            // That jar holds everything; without this its dependencies would come a second time.
            nodes.push(NewElement::Text("classifier", classifier.into()));
            let all = vec![
                NewElement::Text("groupId", "*".into()),
                NewElement::Text("artifactId", "*".into()),
            ];
            nodes.push(NewElement::Group(
                "exclusions",
                vec![NewElement::Group("exclusion", all)],
            ));
        }
        NewElement::Group("dependency", nodes)
    }

    fn notes(&self) -> Vec<Message> {
        let in_profiles = self.project.in_profiles().filter(|it| self.is_ours(it));
        let in_profiles = in_profiles.filter(|it| {
            let version = it.child("version");
            version
                .is_none_or(|version| self.upgrade(self.project, self.project, version).is_none())
        });
        let in_profiles = in_profiles.map(|dependency| {
            message!(
                "project-pom-profile",
                line = self.project.line(dependency),
                artifact = self.artifact
            )
        });
        let in_plugins = self.project.in_plugins().filter(|it| self.is_ours(it));
        let in_plugins = in_plugins.map(|dependency| {
            message!(
                "project-pom-plugin",
                line = self.project.line(dependency),
                artifact = self.artifact,
                version = self.project.field(dependency, "version")
            )
        });
        in_profiles.chain(in_plugins).collect()
    }

    fn frameworks(&self) -> Vec<Framework> {
        let spring_boot = || Framework::SpringBoot {
            managed_by: self.project.spring_boot_management(),
            version: self.project.spring_boot_version(),
            packages: self.project.packages(),
        };
        let found = self.project.is_spring_boot();
        found.then(spring_boot).into_iter().collect()
    }
}

/// Why `name` cannot be a project's `artifactId` (Maven's DefaultModelValidator: `[A-Za-z0-9_\-.]+`); `None` where it can.
pub(super) fn complaint_about_artifact_id(name: &str) -> Option<Message> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 200 {
        return Some(message!("project-name-length", most = 200));
    }
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Some(message!(
            "project-name-characters",
            signs = "- _ .",
            found = c
        ));
    }
    if name.chars().all(|c| c == '.') {
        return Some(message!("project-name-dots"));
    }
    None
}

#[cfg(test)]
mod tests;
