//! Bills of materials: lists of versions that a project imports (maven.apache.org, "Importing Dependencies"), as far as they are in the same
//! repository.

use super::parent;
use super::project::PomProject;
use crate::project::files::normal_path;
use crate::project::xml_tree::XmlElement;

/// A chain of parents or imports that is longer is a ring.
const LONGEST: usize = 8;

/// Returns the artifacts whose lists `source` imports, as they are written.
pub(super) fn imported_artifacts(source: &str) -> Vec<String> {
    if !source.contains("import") {
        return Vec::new();
    }
    let project = PomProject::read("pom.xml", source).ok();
    let project = project.into_iter();
    let names = project.flat_map(|project| {
        let imports = project.managed().filter(|it| is_import(it));
        let names = imports.filter_map(|it| it.child_value("artifactId").map(str::to_owned));
        names.collect::<Vec<_>>()
    });
    names.collect()
}

/// Returns the artifact that `source` builds.
pub(super) fn artifact(source: &str) -> Option<String> {
    let project = PomProject::read("pom.xml", source).ok()?;
    project.root().child_value("artifactId").map(str::to_owned)
}

/// Returns the lists among `files` that `project` imports, those before others whose versions come first. Each has its parents.
pub(super) fn imported_by<'a>(
    project: &PomProject<'a>,
    files: &'a [(String, String)],
) -> Vec<PomProject<'a>> {
    let mut imported = Vec::new();
    add_imports(project, files, &mut imported, 0);
    imported
}

fn add_imports<'a>(
    project: &PomProject<'a>,
    files: &'a [(String, String)],
    imported: &mut Vec<PomProject<'a>>,
    depth: usize,
) {
    if depth >= LONGEST {
        return;
    }
    let holders = project.with_parents();
    let imports = holders.flat_map(|holder| holder.managed().filter(|it| is_import(it)));
    for import in imports {
        let artifact = project.field(import, "artifactId");
        let readable = files.iter().filter(|(_, text)| text.contains(&*artifact));
        let mut lists = readable.filter_map(|(path, text)| {
            let list = with_parents(PomProject::read(path, text).ok()?, files);
            is_meant(project, import, &list).then_some(list)
        });
        let Some(list) = lists.next() else {
            continue;
        };
        if list.path == project.path || imported.iter().any(|known| known.path == list.path) {
            continue;
        }
        // Its own versions come before those that it imports.
        let at = imported.len();
        imported.push(list);
        let mut inner = Vec::new();
        if let Some(list) = imported.get(at) {
            add_imports(list, files, &mut inner, depth + 1);
        }
        inner.retain(|it| !imported.iter().any(|known| known.path == it.path));
        imported.extend(inner);
    }
}

/// Whether `dependency` imports the list of another project.
pub(super) fn is_import(dependency: &XmlElement) -> bool {
    let is = |name: &str, value: &str| dependency.child_value(name) == Some(value);
    is("scope", "import") && is("type", "pom")
}

/// Whether the `import` of `project` means `list`, by its group, artifact, and version.
fn is_meant(project: &PomProject, import: &XmlElement, list: &PomProject) -> bool {
    let root = list.root();
    ["groupId", "artifactId", "version"]
        .into_iter()
        .all(|name| {
            let wanted = project.field(import, name);
            let inherited = || root.child("parent")?.child_value(name);
            let found = root.child_value(name).or_else(inherited);
            let found = list.resolved(found.unwrap_or_default()).text;
            let is_open = |text: &str| name == "version" && text.contains("${");
            wanted == found || is_open(&wanted) || is_open(&found)
        })
}

/// `project` with those of its parents that are among `files`.
fn with_parents<'a>(mut project: PomProject<'a>, files: &'a [(String, String)]) -> PomProject<'a> {
    while project.parents.len() < LONGEST {
        let heir = project.parents.last().unwrap_or(&project);
        let Some(relative) = parent(heir.source) else {
            break;
        };
        let folder = heir.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let wanted = normal_path(&format!("{folder}/{relative}"));
        let found = files.iter().find(|(path, _)| {
            let path = normal_path(path);
            path == wanted || path.strip_suffix("/pom.xml") == Some(&wanted)
        });
        let read = found.and_then(|(path, text)| PomProject::read(path, text).ok());
        let Some(parent) = read.filter(|parent| heir.may_inherit_from(parent)) else {
            break;
        };
        project.parents.push(parent);
    }
    project
}
