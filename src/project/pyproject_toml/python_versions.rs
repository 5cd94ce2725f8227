//! The Pythons that a project runs on, against those that the connector does.

use toml_edit::Item;

use super::{FILE, poetry};
use crate::message::{Message, message};
use crate::project::toml_document::TomlText;
use crate::project::{pep440, requirement::Requirement};

/// Notes where the project runs on a Python that is too old for the connector, or, where Poetry locks it, on one that the connector
/// refuses: tools that lock for all of them then fail.
pub(super) fn notes(toml: &TomlText, wanted: Requirement) -> Vec<Message> {
    let Some(AskedPython { line, admits }) = asked(toml) else {
        return Vec::new();
    };
    let package = wanted.package;
    let too_old = before(wanted.runtime).filter(|python| admits(python));
    let too_old = too_old.map(|python| {
        message!(
            "project-py-too-old",
            file = FILE,
            line = line,
            python = python,
            package = package,
            runtime = wanted.runtime
        )
    });
    let refused = wanted.runtime_below.filter(|_| is_poetrys(toml));
    let refused = refused.filter(|python| admits(python)).map(|python| {
        message!(
            "project-py-too-new",
            file = FILE,
            line = line,
            python = python,
            package = package
        )
    });
    too_old.into_iter().chain(refused).collect()
}

/// What a project asks of Python.
struct AskedPython<'a> {
    line: usize,
    /// Whether it admits a version of two parts.
    admits: Box<dyn Fn(&str) -> bool + 'a>,
}

/// What stands in Poetry's table, which it prefers (python-poetry.org, "Dependency specification"), or in `[project]`.
fn asked<'a>(toml: &'a TomlText) -> Option<AskedPython<'a>> {
    let of_poetry = toml.table(&poetry::DEPENDENCIES);
    if let Some(asked) = of_poetry.and_then(|table| table.get("python")?.as_str()) {
        return Some(AskedPython {
            line: toml.line_of(&poetry::DEPENDENCIES, "python"),
            admits: Box::new(move |python| {
                poetry::admits(asked, &format!("{python}.0")).unwrap_or(false)
            }),
        });
    }
    let asked = toml.item(&["project", "requires-python"])?.as_str()?;
    Some(AskedPython {
        line: toml.line_of(&["project"], "requires-python"),
        admits: Box::new(move |python| pep440::admits(asked, python).unwrap_or(false)),
    })
}

/// Whether Poetry builds the project, or has settings in it.
fn is_poetrys(toml: &TomlText) -> bool {
    let backend = toml.item(&["build-system", "build-backend"]);
    let backend = backend.and_then(Item::as_str).unwrap_or_default();
    toml.item(&["tool", "poetry"]).is_some() || backend.starts_with("poetry.")
}

/// The Python before `python`, both of two parts.
fn before(python: &str) -> Option<String> {
    let (major, minor) = python.split_once('.')?;
    let minor = minor.parse::<u32>().ok()?.checked_sub(1)?;
    Some(format!("{major}.{minor}"))
}
