//! `Cargo.lock`: which versions Cargo chose.

use semver::Version;
use serde::Deserialize;

use crate::catalog::connectors::Companion;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// What the user should know about the lock file `text`, shown as `path`: what it holds that does not work with the connector.
pub fn notes(path: &str, text: &str, companions: &[Companion]) -> Vec<String> {
    let Ok(lock) = toml::from_str::<Lock>(text) else {
        // Cargo says what is wrong with it.
        return Vec::new();
    };
    let mut notes = Vec::new();
    for companion in companions {
        let Some(breaks) = companion.breaks() else {
            continue;
        };
        let locked = lock.package.iter().find(|package| {
            package.name == companion.package
                && Version::parse(&package.version).is_ok_and(|it| breaks.matches(&it))
        });
        if let Some(package) = locked {
            notes.push(format!(
                "{path} holds {} {}, and {}; the manifest now asks for {}",
                package.name, package.version, companion.why, companion.version
            ));
        }
    }
    notes
}
