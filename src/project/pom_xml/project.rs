//! What of a `pom.xml` matters for an edit (maven.apache.org/pom.html).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::message::{Message, message};
use crate::project::xml_tree::{self, XmlDocument, XmlElement};
use crate::project::{edit::EditRefusal, text};

/// A project, as its `pom.xml` tells it.
pub(super) struct PomProject<'a> {
    pub(super) source: &'a str,
    /// The file, as messages name it.
    pub(super) path: &'a str,
    /// The projects that it inherits from, nearest first.
    pub(super) parents: Vec<Self>,
    document: XmlDocument<'a>,
    /// Where each of its properties stands among those: the last one counts, as for java.util.Properties.
    properties: HashMap<&'a str, usize>,
}

/// A text of the project with its properties put in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ResolvedText<'t> {
    /// The text; properties that no file at hand defines stay as they are written.
    pub(super) text: Cow<'t, str>,
    /// The property that the whole text is, and where it is defined.
    pub(super) property: Option<(String, PomLocation)>,
}

/// A line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PomLocation {
    /// The file, as messages name it.
    pub(super) path: String,
    /// The line, from 1.
    pub(super) line: usize,
}

impl ResolvedText<'_> {
    /// Whether a property is left that no file at hand defines.
    pub(super) fn is_open(&self) -> bool {
        self.text.contains("${")
    }
}

impl<'a> PomProject<'a> {
    /// Reads `source`, which stands in the file shown as `path`, or says which line is wrong.
    pub(super) fn read(path: &'a str, source: &'a str) -> Result<Self, EditRefusal> {
        let document = xml_tree::read(source)?;
        let properties = document.root.child("properties");
        let properties = properties.into_iter().flat_map(|it| &it.children);
        let properties = properties.enumerate().map(|(at, it)| (it.name, at));
        let project = Self {
            source,
            path,
            parents: Vec::new(),
            properties: properties.collect(),
            document,
        };
        let root = project.root();
        let wrong = |element: &XmlElement, reason: Message| EditRefusal::Unparsable {
            line: project.line(element),
            reason,
        };
        if root.name != "project" {
            return Err(wrong(root, message!("project-pom-root")));
        }
        if root.child("artifactId").is_none() {
            return Err(wrong(root, message!("project-pom-artifact")));
        }
        for name in ["dependencies", "dependencyManagement", "properties"] {
            if let Some(second) = root.all(name).nth(1) {
                return Err(wrong(second, message!("project-pom-twice", name = name)));
            }
        }
        Ok(project)
    }

    pub(super) const fn root(&self) -> &XmlElement<'a> {
        &self.document.root
    }

    /// What every element's name is written with: `pom:`, or nothing.
    pub(super) const fn prefix(&self) -> &'a str {
        self.document.prefix
    }

    pub(super) fn line(&self, element: &XmlElement) -> usize {
        text::line_of(self.source, element.start)
    }

    pub(super) fn place(&self, element: &XmlElement) -> PomLocation {
        PomLocation {
            path: self.path.to_owned(),
            line: self.line(element),
        }
    }

    /// Whether `candidate`, which stands where the parent is looked for, can be the parent that this project names. Where it is
    /// another, Maven takes the parent from a repository (DefaultModelBuilder.readParentLocally).
    pub(super) fn may_inherit_from(&self, candidate: &Self) -> bool {
        let Some(named) = self.root().child("parent") else {
            return false;
        };
        let said = |name| {
            let root = candidate.root();
            let inherited = || root.child("parent")?.child_value(name);
            root.child_value(name).or_else(inherited)
        };
        // What one of them leaves out is inferred from the other (Maven 4).
        let open = |text: &str| text.starts_with(['[', '(']) || text.contains("${");
        let agree = |name| match (named.child_value(name), said(name)) {
            (Some(wanted), Some(there)) => wanted == there || open(wanted) || open(there),
            _ => true,
        };
        ["groupId", "artifactId", "version"].into_iter().all(agree)
    }

    /// The project and its parents, nearest first.
    pub(super) fn with_parents(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.parents)
    }

    /// The project's own dependencies: not those of plug-ins, profiles and `<dependencyManagement>`.
    pub(super) fn dependencies(&self) -> impl Iterator<Item = &XmlElement<'a>> {
        self.root()
            .child("dependencies")
            .into_iter()
            .flat_map(|list| list.all("dependency"))
    }

    /// What `<dependencyManagement>` lists.
    pub(super) fn managed(&self) -> impl Iterator<Item = &XmlElement<'a>> {
        self.root()
            .child("dependencyManagement")
            .and_then(|management| management.child("dependencies"))
            .into_iter()
            .flat_map(|list| list.all("dependency"))
    }

    /// The dependencies that only a profile adds.
    pub(super) fn in_profiles(&self) -> impl Iterator<Item = &XmlElement<'a>> {
        self.profiles()
            .filter_map(|profile| profile.child("dependencies"))
            .flat_map(|list| list.all("dependency"))
    }

    /// The dependencies of plugins, those that only a profile adds among them.
    pub(super) fn in_plugins(&self) -> impl Iterator<Item = &XmlElement<'a>> {
        let holders = std::iter::once(self.root()).chain(self.profiles());
        let builds = holders.filter_map(|it| it.child("build"));
        let lists = builds.flat_map(|build| {
            let managed = build.child("pluginManagement");
            let managed = managed.and_then(|it| it.child("plugins"));
            build.child("plugins").into_iter().chain(managed)
        });
        let plugins = lists.flat_map(|it| it.all("plugin"));
        let lists = plugins.filter_map(|it| it.child("dependencies"));
        lists.flat_map(|it| it.all("dependency"))
    }

    /// The modules of an aggregator, those that only a profile adds among them, and the line of their list.
    pub(super) fn modules(&self) -> Option<(usize, Vec<String>)> {
        let mut line = None;
        let mut modules = Vec::new();
        for holder in std::iter::once(self.root()).chain(self.profiles()) {
            for (list, item) in [("modules", "module"), ("subprojects", "subproject")] {
                if let Some(list) = holder.child(list) {
                    line.get_or_insert_with(|| self.line(list));
                    modules.extend(list.all(item).map(|module| module.value().to_owned()));
                }
            }
        }
        line.filter(|_| !modules.is_empty())
            .map(|line| (line, modules))
    }

    fn profiles(&self) -> impl Iterator<Item = &XmlElement<'a>> {
        self.root()
            .child("profiles")
            .into_iter()
            .flat_map(|list| list.all("profile"))
    }

    /// Whether `dependency` is `group`:`artifact`.
    pub(super) fn is(&self, dependency: &XmlElement, group: &str, artifact: &str) -> bool {
        self.field(dependency, "groupId") == group
            && self.field(dependency, "artifactId") == artifact
    }

    /// The text of `dependency`'s field `name` with properties put in; empty where it has none.
    pub(super) fn field<'t>(&self, dependency: &'t XmlElement, name: &str) -> Cow<'t, str> {
        self.resolved(dependency.child_value(name).unwrap_or_default())
            .text
    }

    /// `raw` with the properties that this file and its parents define put in.
    pub(super) fn resolved<'t>(&self, raw: &'t str) -> ResolvedText<'t> {
        if !raw.contains("${") {
            return ResolvedText {
                text: Cow::Borrowed(raw),
                property: None,
            };
        }
        let whole = raw
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|name| !name.contains('}'));
        let property = whole
            .and_then(|name| self.property(name))
            .map(|(project, element)| (element.name.to_owned(), project.place(element)));
        let mut text = raw.to_owned();
        // A property may name another; a ring of them ends somewhere.
        for _ in 0..10 {
            let next = self.substituted(&text);
            if next == text || next.len() > 1000 {
                break;
            }
            text = next;
        }
        ResolvedText {
            text: Cow::Owned(text),
            property,
        }
    }

    fn substituted(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${")
            && let Some((name, behind)) = after.split_once('}')
        {
            out.push_str(before);
            let root = self.root();
            let value = match name {
                "project.version" | "pom.version" | "version" => root
                    .child_value("version")
                    .or_else(|| root.child("parent")?.child_value("version")),
                "project.groupId" | "pom.groupId" => root
                    .child_value("groupId")
                    .or_else(|| root.child("parent")?.child_value("groupId")),
                _ => self.property(name).map(|(_, element)| element.value()),
            };
            match value {
                Some(value) => out.push_str(value),
                None => out.push_str(&format!("${{{name}}}")),
            }
            rest = behind;
        }
        out + rest
    }

    pub(super) fn property(&self, name: &str) -> Option<(&Self, &XmlElement<'a>)> {
        self.with_parents().find_map(|project| {
            let at = *project.properties.get(name)?;
            let properties = &project.root().child("properties")?.children;
            Some((project, properties.get(at)?))
        })
    }

    /// Whether Spring Boot's parent or its list of versions manages this project, itself or by a parent: where that is said.
    pub(super) fn spring_boot_management(&self) -> Option<(String, String)> {
        let (project, element) = self.spring_boot_manager()?;
        let PomLocation { path, line } = project.place(element);
        let (name, version) = (
            project.field(element, "artifactId"),
            project.field(element, "version"),
        );
        Some((format!("{path}:{line}"), format!("{name} {version}")))
    }

    /// The version of Spring Boot, if a file at hand says it.
    pub(super) fn spring_boot_version(&self) -> Option<String> {
        let (project, element) = self.spring_boot_manager()?;
        let version = project.field(element, "version");
        (!version.is_empty() && !version.contains("${")).then(|| version.into_owned())
    }

    /// Spring Boot's parent or its list of versions, and the project that names it.
    fn spring_boot_manager(&self) -> Option<(&Self, &XmlElement<'a>)> {
        const GROUP: &str = "org.springframework.boot";
        self.with_parents().find_map(|project| {
            let parent = project.root().child("parent");
            let parent = parent.filter(|parent| project.field(parent, "groupId") == GROUP);
            let list = || {
                let mut managed = project.managed();
                managed.find(|it| project.is(it, GROUP, "spring-boot-dependencies"))
            };
            Some((project, parent.or_else(list)?))
        })
    }

    /// The packages that it and its parents depend on outside of their tests.
    pub(super) fn packages(&self) -> Vec<String> {
        let of = |project: &Self| -> Vec<String> {
            let all = project.dependencies().chain(project.in_profiles());
            let all = all.filter(|it| project.field(it, "scope") != "test");
            let name = |it: &XmlElement| {
                let (group, artifact) = (
                    project.field(it, "groupId"),
                    project.field(it, "artifactId"),
                );
                format!("{group}:{artifact}")
            };
            all.map(name).collect()
        };
        self.with_parents().flat_map(of).collect()
    }

    /// Whether it is a Spring Boot project.
    pub(super) fn is_spring_boot(&self) -> bool {
        let starter = |project: &Self, dependency: &XmlElement| {
            project.field(dependency, "groupId") == "org.springframework.boot"
                && project
                    .field(dependency, "artifactId")
                    .starts_with("spring-boot-starter")
        };
        self.spring_boot_management().is_some()
            || self
                .with_parents()
                .any(|project| project.dependencies().any(|it| starter(project, it)))
    }
}
