//! Maven's `pom.xml`, read losslessly and spliced (maven.apache.org/pom.html).
//!
//! Only the project's own `<dependencies>` are edited; those of plug-ins, profiles and `<dependencyManagement>` are read
//! where they decide something. What a parent or a property that stands elsewhere decides is left alone, and said.

mod place;
mod project;
mod range;
mod tree;

use super::{Edit, Framework, Refusal, Requirement};
use place::Node;
use project::Project;
use tree::Element;

/// The edit that makes `source` depend on `wanted` (`package` is `groupId:artifactId`). A list that is sorted stays sorted.
pub fn edit(source: &str, wanted: Requirement) -> Result<Edit, Refusal> {
    let project = Project::read(source)?;
    let pom = Pom {
        project: &project,
        wanted,
        group: wanted.package.split(':').next().unwrap_or_default(),
        artifact: wanted.package.rsplit(':').next().unwrap_or_default(),
    };
    pom.refuse_what_builds_nothing()?;
    let mut edit = Edit {
        notes: pom.notes(),
        frameworks: pom.frameworks(),
        ..Edit::default()
    };
    let mut found = false;
    for dependency in project.dependencies().filter(|it| pom.is_ours(it)) {
        found = true;
        edit.notes.extend(pom.stays(dependency)?);
    }
    if !found {
        let version = pom.managed_version()?;
        let node = pom.dependency(version);
        let key = format!("{}:{}", pom.group, pom.artifact);
        let key_of = |it: &Element| {
            let (group, artifact) = (
                project.field(it, "groupId"),
                project.field(it, "artifactId"),
            );
            format!("{group}:{artifact}")
        };
        edit.insertion = Some(place::insertion(&project, &node, &key, key_of));
    }
    Ok(edit)
}

/// The versions of `group:artifact` that `source` names, properties resolved: in dependencies, managed ones, and profiles.
pub fn versions_of(source: &str, group: &str, artifact: &str) -> Result<Vec<String>, Refusal> {
    let project = Project::read(source)?;
    let all = project.dependencies().chain(project.managed());
    Ok(all
        .chain(project.in_profiles())
        .filter(|dependency| project.is(dependency, group, artifact))
        .map(|dependency| project.field(dependency, "version"))
        .collect())
}

struct Pom<'a> {
    project: &'a Project<'a>,
    wanted: Requirement<'a>,
    group: &'a str,
    artifact: &'a str,
}

impl Pom<'_> {
    fn is_ours(&self, dependency: &Element) -> bool {
        self.project.is(dependency, self.group, self.artifact)
    }

    fn refuse_what_builds_nothing(&self) -> Result<(), Refusal> {
        if let Some((line, modules)) = self.project.modules() {
            return Err(Refusal::Aggregator {
                line,
                found: "this project builds its modules, and no program of its own".into(),
                members: modules,
            });
        }
        let root = self.project.root();
        match root.child("packaging") {
            Some(packaging) if packaging.value() == "pom" => Err(Refusal::Aggregator {
                line: self.project.line(packaging),
                found: "its packaging is pom, so it builds no program".into(),
                members: Vec::new(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether `dependency`, which is ours, can stay: notes, or a conflict.
    fn stays(&self, dependency: &Element) -> Result<Vec<String>, Refusal> {
        let line = self.project.line(dependency);
        let mut notes = Vec::new();
        self.check_classifier(dependency)?;
        match dependency.child("version") {
            None => notes.extend(self.managed_elsewhere(line)?),
            Some(version) => notes.extend(self.check_version(version)?),
        }
        let scope = self.project.field(dependency, "scope");
        if !["", "compile", "runtime"].contains(&scope.as_str()) {
            notes.push(format!(
                "pom.xml:{line} gives {} the scope {scope}, with which the program that runs does not have it",
                self.artifact
            ));
        }
        Ok(notes)
    }

    fn check_classifier(&self, dependency: &Element) -> Result<(), Refusal> {
        let present = self.project.field(dependency, "classifier");
        match self.wanted.classifier {
            Some(classifier) if present != classifier => Err(Refusal::Conflict {
                line: self.project.line(dependency),
                found: format!(
                    "the project already depends on {}, without the classifier {classifier}",
                    self.artifact
                ),
                next: format!(
                    "write <classifier>{classifier}</classifier> into that dependency, and exclude *:* from it; or leave --dist out"
                ),
            }),
            _ => Ok(()),
        }
    }

    /// What is said about the version of a dependency that names one.
    fn check_version(&self, element: &Element) -> Result<Option<String>, Refusal> {
        let raw = element.value();
        let resolved = self.project.resolved(raw);
        let line = self.project.line(element);
        let artifact = self.artifact;
        let left = |what: String| {
            Some(format!(
                "pom.xml:{line} {what} for {artifact}; it is left as it is"
            ))
        };
        if resolved.is_open() {
            return Ok(left(format!(
                "asks for {}, which this file does not define,",
                resolved.text
            )));
        }
        let found = resolved.text.as_str();
        if found == self.wanted.version {
            return Ok(None);
        }
        match range::admits(found, self.wanted.version) {
            Some(true) => return Ok(left(format!("asks for {found}"))),
            _ if ["LATEST", "RELEASE"].contains(&found) => {
                return Ok(left(format!("asks for {found}")));
            }
            _ => {}
        }
        let found = format!("the project already depends on {artifact} {found}");
        Err(match resolved.property {
            Some((property, line)) => Refusal::Conflict {
                line,
                found: format!("{found}, by the property {property}"),
                next: self.other_version("in that line"),
            },
            None => Refusal::Conflict {
                line,
                found,
                next: self.other_version("in that line"),
            },
        })
    }

    fn other_version(&self, place: &str) -> String {
        format!(
            "write {} {place}, or set up another folder with --dir",
            self.wanted.version
        )
    }

    /// What is said about a dependency without a version.
    fn managed_elsewhere(&self, line: usize) -> Result<Option<String>, Refusal> {
        if self.managed_version()?.is_none() {
            return Ok(None);
        }
        Ok(Some(format!(
            "pom.xml:{line} leaves the version of {} to a parent or an imported list; mvn dependency:tree tells which it is",
            self.artifact
        )))
    }

    /// The version to write: none where this file's `<dependencyManagement>` gives ours, a conflict where it gives another.
    fn managed_version(&self) -> Result<Option<&str>, Refusal> {
        let managed = self.project.managed().find(|it| self.is_ours(it));
        match managed.and_then(|it| it.child("version")) {
            Some(version) => {
                self.check_version(version)?;
                Ok(None)
            }
            None => Ok(Some(self.wanted.version)),
        }
    }

    fn dependency(&self, version: Option<&str>) -> Node {
        let mut nodes = vec![
            Node::Text("groupId", self.group.into()),
            Node::Text("artifactId", self.artifact.into()),
        ];
        nodes.extend(version.map(|version| Node::Text("version", version.into())));
        if let Some(classifier) = self.wanted.classifier {
            // That jar holds everything; without this its dependencies would come a second time.
            nodes.push(Node::Text("classifier", classifier.into()));
            let all = vec![
                Node::Text("groupId", "*".into()),
                Node::Text("artifactId", "*".into()),
            ];
            nodes.push(Node::Group(
                "exclusions",
                vec![Node::Group("exclusion", all)],
            ));
        }
        Node::Group("dependency", nodes)
    }

    fn notes(&self) -> Vec<String> {
        let in_profiles = self.project.in_profiles().filter(|it| self.is_ours(it));
        in_profiles
            .map(|dependency| {
                format!(
                    "pom.xml:{} depends on {} in a profile, too; that is left alone and may change the version that is built",
                    self.project.line(dependency),
                    self.artifact
                )
            })
            .collect()
    }

    fn frameworks(&self) -> Vec<Framework> {
        let spring_boot = || Framework::SpringBoot {
            managed_by: self.project.spring_boot_management(),
        };
        let found = self.project.is_spring_boot();
        found.then(spring_boot).into_iter().collect()
    }
}

/// Why `name` cannot be a project's `artifactId` (Maven's DefaultModelValidator: `[A-Za-z0-9_\-.]+`); `None` where it can.
pub fn complaint_about_artifact_id(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 200 {
        return Some("an artifactId has 1 to 200 characters".into());
    }
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Some(format!(
            "an artifactId consists of ASCII letters, digits and - _ ., not {c:?}"
        ));
    }
    if name.chars().all(|c| c == '.') {
        return Some("an artifactId does not consist of dots".into());
    }
    None
}

#[cfg(test)]
mod tests;
