//! Lock files in TOML: a list `[[package]]` of names and versions (Cargo, uv, Poetry, PDM).

use serde::Deserialize;
use serde::de::IgnoredAny;

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
    /// Where it comes from; nowhere, where it is a project itself (Cargo).
    #[serde(default)]
    source: Option<IgnoredAny>,
    /// What it needs: each a name, and a version where the name alone is not clear (Cargo).
    #[serde(default)]
    dependencies: Needs,
}

/// What a package needs, as Cargo lists it; the lists of others are of another kind.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Needs {
    Names(Vec<String>),
    Other(IgnoredAny),
    #[default]
    None,
}

/// `Cargo.lock` against a requirement as Cargo.toml writes it; one without an operator means `^`. The project `own` must be in it, and
/// need the package there, too: others may have brought it.
pub(super) fn cargo_lock(text: &str, own: Option<&str>, package: &str, asked: &str) -> State {
    if let (Some(own), Ok(lock)) = (own, toml::from_str::<Lock>(text)) {
        let mut projects = lock.package.iter();
        let needs = projects.any(|it| {
            let names = match &it.dependencies {
                Needs::Names(names) => names.as_slice(),
                Needs::Other(_) | Needs::None => &[],
            };
            let mut names = names.iter().filter_map(|name| name.split(' ').next());
            it.name == own && it.source.is_none() && names.any(|name| name == package)
        });
        if !needs {
            return State::Stale;
        }
    }
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
