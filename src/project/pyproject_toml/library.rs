//! Libraries: projects that others depend on. They ask for a range, so that one version fits all (packaging.python.org, "install_requires
//! vs requirements files").

use super::named;
use crate::project::requirement::Requirement;
use crate::project::toml_document::TomlText;

/// Whether the project is a library: it is built for others and starts no program of its own.
pub(super) fn is_library(toml: &TomlText) -> bool {
    let is = |path: &[&str], value: bool| {
        toml.item(path).and_then(toml_edit::Item::as_bool) == Some(value)
    };
    let is_application = ["scripts", "gui-scripts"].iter().any(|name| {
        let own = toml.table(&["project", name]);
        own.or_else(|| toml.table(&["tool", "poetry", name]))
            .is_some()
    });
    let is_kept = is(&["tool", "uv", "package"], false)
        || is(&["tool", "pdm", "distribution"], false)
        || is(&["tool", "poetry", "package-mode"], false);
    let classifiers = toml.strings(&["project", "classifiers"]);
    let is_private = classifiers.iter().any(|it| it.starts_with("Private ::"));
    toml.item(&["build-system", "build-backend"]).is_some()
        && !is_application
        && !is_kept
        && !is_private
}

/// The requirement that is added: a range in a library, else the one version.
pub(super) fn added(toml: &TomlText, wanted: Requirement) -> String {
    if wanted.location.is_none() && is_library(toml) {
        format!("{}>={}", wanted.package, wanted.version)
    } else {
        named(wanted)
    }
}

/// What the requirement `added` asks of our package.
pub(super) fn asked_by<'a>(added: &'a str, wanted: Requirement) -> String {
    let specifiers: &'a str = added.strip_prefix(wanted.package).unwrap_or_default();
    specifiers.to_owned()
}
