//! Solutions of .NET (`sln`, `slnx`): the projects that they hold together.

use super::xml_tree::{self, XmlElement};

/// The endings of projects that name packages.
pub const PROJECT_ENDINGS: [&str; 3] = [".csproj", ".fsproj", ".vbproj"];
/// The endings of solutions, the newer form first.
const SOLUTION_ENDINGS: [&str; 2] = [".slnx", ".sln"];
/// The projects that are read.
const MOST_PROJECTS: usize = 2000;

/// Returns the solution among the files `there`.
pub fn find(there: &[String]) -> Option<String> {
    let mut names: Vec<_> = there.iter().collect();
    names.sort();
    SOLUTION_ENDINGS.iter().find_map(|ending| {
        let found = names.iter().find(|name| name.ends_with(ending))?;
        Some((*found).clone())
    })
}

/// Returns the directories of the projects that the solution `text` holds together, with `/`; a project that shares its directory with
/// another one by its own path.
pub fn members(text: &str) -> Vec<String> {
    let mut paths = if text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('<')
    {
        projects_of_xml(text)
    } else {
        projects_of_lines(text)
    };
    paths.retain(|path| PROJECT_ENDINGS.iter().any(|ending| path.ends_with(ending)));
    let folder = |path: &str| {
        path.rsplit_once('/')
            .map_or(".", |(folder, _)| folder)
            .to_owned()
    };
    let mut members: Vec<String> = Vec::new();
    for path in &paths {
        let shared = paths.iter().filter(|it| folder(it) == folder(path)).count() > 1;
        let member = if shared { path.clone() } else { folder(path) };
        if !members.contains(&member) {
            members.push(member);
        }
    }
    members
}

/// `Project("{…}") = "Name", "folder\Name.csproj", "{…}"`
fn projects_of_lines(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with("Project("));
    let path = |line: &str| {
        let path = line.split('=').nth(1)?.split(',').nth(1)?;
        Some(path.trim().trim_matches('"').replace('\\', "/"))
    };
    lines.filter_map(path).take(MOST_PROJECTS).collect()
}

/// `<Project Path="folder/Name.csproj" />`
fn projects_of_xml(text: &str) -> Vec<String> {
    let Ok(document) = xml_tree::read(text) else {
        return Vec::new();
    };
    let mut paths = Vec::new();
    collect(text, &document.root, &mut paths);
    paths
}

fn collect<'a>(text: &'a str, inside: &XmlElement<'a>, paths: &mut Vec<String>) {
    for child in &inside.children {
        if child.name == "Project" && paths.len() < MOST_PROJECTS {
            let attributes = child.attributes(text).into_iter();
            let path = attributes.filter(|it| it.name == "Path").map(|it| it.value);
            paths.extend(path.map(|it| it.replace('\\', "/")));
        }
        collect(text, child, paths);
    }
}

#[cfg(test)]
mod tests;
