//! Lock files in TOML: a list `[[package]]` of names and versions (Cargo, uv, Poetry, PDM).

use serde::Deserialize;

use super::State;
use crate::scaffold::manifest::{package_json::range, pep440, requirements_txt::normalised};

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

/// Whether the lock file `text` of Cargo or uv says of the project `project` that it does not depend on `package` itself: it may
/// hold that for another one.
pub(super) fn lacks_dependent(text: &str, project: &str, package: &str) -> bool {
    let same = |a: &str, b: &str| normalised(a) == normalised(b);
    let Ok(lock) = toml::from_str::<Lock>(text) else {
        return false;
    };
    let mut projects = lock.package.iter().filter(|it| it.is_project());
    // Poetry and PDM do not list the project.
    projects
        .find(|it| same(&it.name, project))
        .is_some_and(|it| !it.depends_on(|name| same(name, package)))
}

/// `Cargo.lock` against a requirement as Cargo.toml writes it; one without an operator means `^`.
pub(super) fn cargo_lock(text: &str, package: &str, asked: &str) -> State {
    let asked = asked.replace(',', " ");
    let bare = asked.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let asked = if bare { format!("^{asked}") } else { asked };
    state(
        text,
        |name| name == package,
        |version| range::admits(&asked, version).unwrap_or(true),
    )
}

/// `uv.lock`, `poetry.lock` or `pdm.lock` against a requirement as PEP 440 or Poetry (`^`, `~`) writes it.
pub(super) fn python_lock(text: &str, package: &str, asked: &str) -> State {
    let package = normalised(package);
    let poetry = asked.starts_with('^') || asked.starts_with('~') && !asked.starts_with("~=");
    state(
        text,
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

fn state(text: &str, is_ours: impl Fn(&str) -> bool, admits: impl Fn(&str) -> bool) -> State {
    let Ok(lock) = toml::from_str::<Lock>(text) else {
        return State::Unknown;
    };
    let mut ours = lock.package.iter().filter(|it| is_ours(&it.name));
    ours.any(|it| it.version.as_deref().is_none_or(&admits))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n";

    #[test]
    fn cargo() {
        for fresh in ["0.12.3", "^0.12", "=0.12.3", ">=0.12, <0.13", "0.12.1"] {
            assert_eq!(cargo_lock(LOCK, "taos", fresh), State::Fresh, "{fresh}");
        }
        for stale in ["0.12.4", "=0.12.2", "0.13"] {
            assert_eq!(cargo_lock(LOCK, "taos", stale), State::Stale, "{stale}");
        }
        assert_eq!(cargo_lock(LOCK, "libtaos", "0.4"), State::Stale);
        assert_eq!(cargo_lock("[[package", "taos", "0.12"), State::Unknown);
    }

    #[test]
    fn dependents() {
        let uv = "[[package]]\nname = \"web\"\nsource = { editable = \"web\" }\ndependencies = [\n  { name = \"taos-ws-py\" },\n]\n\
                  [[package]]\nname = \"core\"\nsource = { virtual = \"core\" }\n\
                  [[package]]\nname = \"idna\"\nsource = { registry = \"r\" }\n";
        let cargo = "[[package]]\nname = \"web\"\ndependencies = [\n \"taos-ws-py 0.7.0\",\n]\n\
                     [[package]]\nname = \"core\"\nversion = \"1.0.0\"\n";
        for lock in [uv, cargo] {
            assert!(!lacks_dependent(lock, "Web", "taos_ws_py"), "{lock}");
            assert!(lacks_dependent(lock, "core", "taos-ws-py"), "{lock}");
        }
        assert!(!lacks_dependent(uv, "idna", "taos-ws-py"), "no project");
        assert!(!lacks_dependent("", "core", "taos-ws-py"));
    }

    #[test]
    fn python() {
        let lock = "[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n";
        for fresh in ["==0.7.0", ">=0.6,<1", "^0.7", "~0.7.0", "0.7.0", ""] {
            assert_eq!(
                python_lock(lock, "taos_ws.py", fresh),
                State::Fresh,
                "{fresh}"
            );
        }
        for stale in ["==0.6.9", "^0.6", "0.6.9"] {
            assert_eq!(
                python_lock(lock, "taos-ws-py", stale),
                State::Stale,
                "{stale}"
            );
        }
    }
}
