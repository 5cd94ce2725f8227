//! `CMakeLists.txt`, read losslessly and spliced: a target of its own is put behind all that is there, so that no target of
//! the project changes.

mod parse;

use super::text;
use super::{Edit, Refusal, Requirement};
use parse::Command;

/// The target that the example is built as.
const TARGET: &str = "taos_example";

/// The edit that gives the project of `source` the example's target, linked with the client library.
pub fn edit(source: &str, _wanted: Requirement) -> Result<Edit, Refusal> {
    let commands = parse::commands(source)?;
    let has_target = commands.iter().any(|it| {
        it.name == "add_executable" && it.arguments.first().is_some_and(|it| it == TARGET)
    });
    if has_target {
        return Ok(Edit::default());
    }
    let mut added = vec![
        "# An example that uses TDengine's client library; taos-setup run sets the variables by which CMake finds it.",
    ];
    if !has_c(&commands) {
        added.push("enable_language(C)");
    }
    added.extend([
        "find_package(taos CONFIG REQUIRED)",
        "add_executable(taos_example taos_example.c)",
        "set_target_properties(taos_example PROPERTIES C_STANDARD 11)",
        "target_link_libraries(taos_example PRIVATE taos::taos)",
    ]);
    let lines = text::lines(source);
    let last = lines.last();
    if last.is_some_and(|line| !line.body.trim().is_empty()) {
        added.insert(0, "");
    }
    Ok(Edit {
        insertion: Some(text::insert_after(source, last, &added)),
        ..Edit::default()
    })
}

/// Whether C is among the languages of the project: it is where none are named (cmake.org, "project").
fn has_c(commands: &[Command]) -> bool {
    let mut enabled = false;
    for command in commands {
        match command.name.as_str() {
            "enable_language" => enabled |= command.arguments.iter().any(|it| it == "C"),
            "project" => {
                enabled |= languages(&command.arguments).is_none_or(|it| it.contains(&"C"))
            }
            _ => {}
        }
    }
    // A folder below a project has the languages of that.
    enabled || !commands.iter().any(|command| command.name == "project")
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
pub fn complaint_about_project_name(name: &str) -> Option<String> {
    if name.is_empty() || name.len() > 100 {
        return Some("a project's name has 1 to 100 characters".into());
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    name.chars()
        .find(|c| !allowed(*c))
        .map(|c| format!("a project's name consists of ASCII letters, digits and - _, not {c:?}"))
}

#[cfg(test)]
mod tests;
