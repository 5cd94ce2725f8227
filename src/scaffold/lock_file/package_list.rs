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
