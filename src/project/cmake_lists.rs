//! `CMakeLists.txt`, read losslessly and spliced: a target of its own is put behind all that is there, so that no target of
//! the project changes. What the project builds by default, and needs for that, stays the same: the target is only there where
//! the client library is, and only built when it is named.

mod syntax;

use super::edit::{Edit, EditRefusal};
use super::manifest::ManifestReader;
use super::pins::Pin;
use super::requirement::Requirement;
use super::text::{self, TextLine};
use crate::message::{Message, message};
use syntax::CMakeCommand;

/// The reader of the format.
pub struct CMakeLists;

impl ManifestReader for CMakeLists {
    fn edit(&self, text: &str, requirement: Requirement) -> Result<Edit, EditRefusal> {
        edit(text, requirement)
    }

    fn pins(&self, _text: &str, _file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        Ok(Vec::new())
    }

    fn complaint_about_name(&self, name: &str) -> Option<Message> {
        complaint_about_project_name(name)
    }
}

/// The target that the example is built as.
const TARGET: &str = "taos_example";

/// The edit that gives the project of `source` the example's target, linked with the client library.
fn edit(source: &str, _wanted: Requirement) -> Result<Edit, EditRefusal> {
    let commands = syntax::commands(source)?;
    if has_target(&commands) {
        return Ok(Edit::default());
    }
    let mut added = vec![
        "# An example that uses TDengine's client library; taos-setup run sets the variables by which CMake finds it.",
        "find_package(taos CONFIG QUIET)",
        "if(NOT taos_FOUND)",
        "  message(STATUS \"No target taos_example: the client library is not found; taos-setup run -- cmake finds it\")",
        "elseif(NOT TARGET taos_example)",
    ];
    if !has_c(&commands) {
        added.push("  enable_language(C)");
    }
    added.extend([
        "  add_executable(taos_example EXCLUDE_FROM_ALL taos-example/main.c)",
        "  set_target_properties(taos_example PROPERTIES C_STANDARD 11 RUNTIME_OUTPUT_DIRECTORY \"$<1:${CMAKE_CURRENT_BINARY_DIR}>\")",
        "  target_link_libraries(taos_example PRIVATE taos::taos)",
        "endif()",
    ]);
    let lines = text::lines(source);
    let before = early_end(&commands).and_then(|at| line_before(&lines, at));
    if before.is_some() {
        added.push("");
    }
    let before = before.or(lines.last());
    if before.is_some_and(|line| !line.body.trim().is_empty()) {
        added.insert(0, "");
    }
    Ok(Edit {
        insertion: Some(text::insert_after(source, before, &added)),
        ..Edit::default()
    })
}

/// Whether the project has a target of the example's name: by that name, or by its own where it is called so.
fn has_target(commands: &[CMakeCommand]) -> bool {
    let is_named = |command: &CMakeCommand, names: &[&str]| {
        let name = command.arguments.first();
        name.is_some_and(|name| names.contains(&name.as_str()))
    };
    let is_its_own = commands
        .iter()
        .any(|it| it.name == "project" && is_named(it, &[TARGET]));
    commands.iter().any(|it| {
        let adds = ["add_executable", "add_library", "add_custom_target"];
        let own = ["${PROJECT_NAME}", "${CMAKE_PROJECT_NAME}"];
        adds.contains(&it.name.as_str())
            && (is_named(it, &[TARGET]) || is_its_own && is_named(it, &own))
    })
}

/// Where the file may end before its end: at the first `return()` behind the project's name, or what that stands in.
fn early_end(commands: &[CMakeCommand]) -> Option<usize> {
    let project = commands
        .iter()
        .rposition(|it| it.name == "project" && it.block.is_none());
    let mut behind = commands.iter().skip(project.map_or(0, |it| it + 1));
    // One in a function ends the function.
    let found = behind.find(|it| it.name == "return" && !it.in_function)?;
    Some(found.block.unwrap_or(found.at))
}

/// The line behind which something stands before what is at `at`, and before the comment on it.
fn line_before<'a>(lines: &'a [TextLine<'a>], at: usize) -> Option<&'a TextLine<'a>> {
    let mut index = lines
        .partition_point(|line| line.start <= at)
        .checked_sub(1)?;
    while index > 0 && lines[index - 1].body.trim_start().starts_with('#') {
        index -= 1;
    }
    lines.get(index.checked_sub(1)?)
}

/// Whether C is surely among the languages of the project: it is where none are named (cmake.org, "project"). To enable it
/// again changes nothing.
fn has_c(commands: &[CMakeCommand]) -> bool {
    let mut enabled = false;
    for command in commands.iter().filter(|it| it.block.is_none()) {
        match command.name.as_str() {
            "enable_language" => enabled |= command.arguments.iter().any(|it| it == "C"),
            "project" => {
                enabled |= languages(&command.arguments).is_none_or(|it| it.contains(&"C"))
            }
            _ => {}
        }
    }
    enabled
}

/// The languages that `project(arguments)` names; `None` where it names none.
fn languages(arguments: &[String]) -> Option<Vec<&str>> {
    const WITH_VALUE: [&str; 4] = ["VERSION", "DESCRIPTION", "HOMEPAGE_URL", "COMPAT_VERSION"];
    let mut found: Option<Vec<&str>> = None;
    let mut rest = arguments.iter().skip(1).map(String::as_str);
    while let Some(argument) = rest.next() {
        if WITH_VALUE.contains(&argument) {
            rest.next();
        } else if argument == "LANGUAGES" {
            found.get_or_insert_default();
        } else {
            found.get_or_insert_default().push(argument);
        }
    }
    found
}

/// Why `name` cannot be a project's name; `None` where it can.
pub fn complaint_about_project_name(name: &str) -> Option<Message> {
    if name.is_empty() || name.len() > 100 {
        return Some(message!("project-name-length", most = 100));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    name.chars()
        .find(|c| !allowed(*c))
        .map(|c| message!("project-name-characters", signs = "- _", found = c))
}

#[cfg(test)]
mod tests;
