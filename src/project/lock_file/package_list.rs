//! Lock files in TOML: a list `[[package]]` of names and versions (Cargo, uv, Poetry, PDM).

use serde::Deserialize;

use super::State;
use crate::project::manifest::{package_json::range, pep440, requirements_txt::normalised};

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    /// A project that uv locks with its members may have none.
    version: Option<String>,
    /// Where it comes from: uv says `{ virtual = "." }` or `{ editable = "." }` of a project, Cargo nothing.
    source: Option<toml::Value>,
    /// What it depends on itself, in the words of the tool: texts that start with a name, or tables with a `name`.
    #[serde(default)]
    dependencies: Option<toml::Value>,
}

impl Package {
    fn is_project(&self) -> bool {
        match &self.source {
            None => true,
            Some(source) => ["virtual", "editable", "directory"]
                .iter()
                .any(|kind| source.get(kind).is_some()),
        }
    }

    fn depends_on(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        let all = self.dependencies.as_ref().and_then(toml::Value::as_array);
        let mut names = all.into_iter().flatten().filter_map(|dependency| {
            let text = dependency
                .as_str()
                .or_else(|| dependency.get("name")?.as_str());
            text?.split(' ').next()
        });
        names.any(is_ours)
    }
}

impl Lock {
    /// Whether the project `own` depends on `package` itself; `None` where it is not listed, as by Poetry and PDM.
    fn dependence(&self, own: &str, package: &str) -> Option<bool> {
        let same = |a: &str, b: &str| normalised(a) == normalised(b);
        let mut projects = self.package.iter().filter(|it| it.is_project());
        let project = projects.find(|it| same(&it.name, own))?;
        Some(project.depends_on(|name| same(name, package)))
    }

    /// Whether a package that is ours is there in a version that is admitted.
    fn holds(&self, is_ours: impl Fn(&str) -> bool, admits: impl Fn(&str) -> bool) -> State {
        let mut ours = self.package.iter().filter(|it| is_ours(&it.name));
        ours.any(|it| it.version.as_deref().is_none_or(&admits))
            .into()
    }
}

/// `Cargo.lock` against a requirement as Cargo.toml writes it; one without an operator means `^`. The project `own` must be in it, and
/// need the package there, too: others may have brought it.
pub(super) fn cargo_lock(text: &str, own: Option<&str>, package: &str, asked: &str) -> State {
    let Ok(lock) = toml::from_str::<Lock>(text) else {
        return State::Unknown;
    };
    if own.is_some_and(|own| lock.dependence(own, package) != Some(true)) {
        return State::Stale;
    }
    let asked = asked.replace(',', " ");
    let bare = asked.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let asked = if bare { format!("^{asked}") } else { asked };
    lock.holds(
        |name| name == package,
        |version| range::admits(&asked, version).unwrap_or(true),
    )
}

/// `uv.lock`, `poetry.lock` or `pdm.lock` against a requirement as PEP 440 or Poetry (`^`, `~`) writes it. Where the project `own` is
/// listed, it must need the package itself.
pub(super) fn python_lock(text: &str, own: Option<&str>, package: &str, asked: &str) -> State {
    let Ok(lock) = toml::from_str::<Lock>(text) else {
        return State::Unknown;
    };
    if own.is_some_and(|own| lock.dependence(own, package) == Some(false)) {
        return State::Stale;
    }
    let package = normalised(package);
    let poetry = asked.starts_with('^') || asked.starts_with('~') && !asked.starts_with("~=");
    lock.holds(
        |name| normalised(name) == package,
        |version| {
            if poetry {
                range::admits(asked, version).unwrap_or(true)
            } else {
                // A version alone is Poetry's way to say `==`.
                let bare = asked.starts_with(|c: char| c.is_ascii_digit());
                let asked = if bare {
                    format!("=={asked}")
                } else {
                    asked.to_owned()
                };
                pep440::admits(&asked, version).unwrap_or(true)
            }
        },
    )
}

#[cfg(test)]
mod tests;
