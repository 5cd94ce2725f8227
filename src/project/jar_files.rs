//! Jars of connectors that projects keep: their names hold the version (`taos-jdbcdriver-3.7.9-dist.jar`).

use std::path::Path;

use super::pins::Pin;
use crate::catalog::connectors::numbers;

/// The directories in which they are looked for.
const DIRECTORIES: [&str; 5] = ["java", "inst/java", "lib", "jars", ""];

/// The most names of a directory that are looked at.
const MOST_NAMES: usize = 10_000;

/// The package of the jars, and the start of their names.
const PACKAGE: &str = "com.taosdata.jdbc:taos-jdbcdriver";
const START: &str = "taos-jdbcdriver-";
/// The ends of their names: with all that it needs, and without.
const ENDS: [&str; 2] = ["-dist.jar", ".jar"];

/// Returns the newest driver that the project in `folder` keeps as a jar.
pub fn pin(folder: &Path) -> Option<Pin> {
    let mut newest: Option<Pin> = None;
    for directory in DIRECTORIES {
        let entries = std::fs::read_dir(folder.join(directory));
        let entries = entries.into_iter().flatten().flatten().take(MOST_NAMES);
        for entry in entries {
            let Some(found) = entry
                .file_name()
                .to_str()
                .and_then(|name| pin_of(directory, name))
            else {
                continue;
            };
            if newest
                .as_ref()
                .is_none_or(|known| known.numbers() < found.numbers())
            {
                newest = Some(found);
            }
        }
    }
    newest
}

/// The pin of the file `name` in `directory`; `None` if it is not a driver's jar.
fn pin_of(directory: &str, name: &str) -> Option<Pin> {
    let rest = name.strip_prefix(START)?;
    let version = ENDS.iter().find_map(|end| rest.strip_suffix(end))?;
    let is_version = version.chars().all(|c| c.is_ascii_digit() || c == '.');
    if !is_version || numbers(version).is_empty() {
        return None;
    }
    let mut pin = Pin::exact(PACKAGE, version, "");
    pin.file = match directory {
        "" => name.to_owned(),
        directory => format!("{directory}/{name}"),
    }
    .into();
    Some(pin)
}

#[cfg(test)]
mod tests;
