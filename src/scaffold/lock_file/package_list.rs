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
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n";

    #[test]
    fn cargo() {
        for fresh in ["0.12.3", "^0.12", "=0.12.3", ">=0.12, <0.13", "0.12.1"] {
            assert_eq!(
                cargo_lock(LOCK, None, "taos", fresh),
                State::Fresh,
                "{fresh}"
            );
        }
        for stale in ["0.12.4", "=0.12.2", "0.13"] {
            assert_eq!(
                cargo_lock(LOCK, None, "taos", stale),
                State::Stale,
                "{stale}"
            );
        }
        assert_eq!(cargo_lock(LOCK, None, "libtaos", "0.4"), State::Stale);
        assert_eq!(
            cargo_lock("[[package", Some("app"), "taos", "0.12"),
            State::Unknown
        );
    }

    #[test]
    fn whose_need_it_is() {
        let lock = format!(
            "{LOCK}\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\n \"serde\",\n \"taos 0.12.3\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = \"registry\"\ndependencies = [\"taos\"]\n"
        );
        for (own, state) in [
            ("a", State::Fresh),
            ("b", State::Stale),
            ("c", State::Stale),
            ("d", State::Stale),
        ] {
            assert_eq!(
                cargo_lock(&lock, Some(own), "taos", "0.12.3"),
                state,
                "{own}"
            );
        }
        assert_eq!(cargo_lock(&lock, Some("a"), "taos", "0.13"), State::Stale);
    }

    #[test]
    fn dependents() {
        let uv = "[[package]]\nname = \"web\"\nsource = { editable = \"web\" }\ndependencies = [\n  { name = \"taos-ws-py\" },\n]\n\
                  [[package]]\nname = \"core\"\nsource = { virtual = \"core\" }\n\
                  [[package]]\nname = \"idna\"\nsource = { registry = \"r\" }\n";
        let cargo = "[[package]]\nname = \"web\"\ndependencies = [\n \"taos-ws-py 0.7.0\",\n]\n\
                     [[package]]\nname = \"core\"\nversion = \"1.0.0\"\n";
        let read = |text| toml::from_str::<Lock>(text).unwrap();
        for lock in [read(uv), read(cargo)] {
            assert_eq!(lock.dependence("Web", "taos_ws_py"), Some(true));
            assert_eq!(lock.dependence("core", "taos-ws-py"), Some(false));
        }
        assert_eq!(
            read(uv).dependence("idna", "taos-ws-py"),
            None,
            "no project"
        );
        assert_eq!(read("").dependence("core", "taos-ws-py"), None);
        let held = format!("{uv}[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n");
        for (own, state) in [
            ("web", State::Fresh),
            ("core", State::Stale),
            ("other", State::Fresh),
        ] {
            assert_eq!(
                python_lock(&held, Some(own), "taos-ws-py", "==0.7.0"),
                state,
                "{own}"
            );
        }
    }

    #[test]
    fn python() {
        let lock = "[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n";
        for fresh in ["==0.7.0", ">=0.6,<1", "^0.7", "~0.7.0", "0.7.0", ""] {
            assert_eq!(
                python_lock(lock, None, "taos_ws.py", fresh),
                State::Fresh,
                "{fresh}"
            );
        }
        for stale in ["==0.6.9", "^0.6", "0.6.9"] {
            assert_eq!(
                python_lock(lock, None, "taos-ws-py", stale),
                State::Stale,
                "{stale}"
            );
        }
    }
}
