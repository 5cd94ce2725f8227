//! Files with settings of Spring Boot as keys and values: `.properties` and YAML.

use crate::project::yaml_entries;

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// Its key with all its parts, in lower case and without `-` and `_`, which Spring Boot does not distinguish.
    pub(super) key: String,
    /// Its value without quotes; empty if it is a list or a table.
    pub(super) value: String,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// Returns the settings of the file at `path`. What cannot be read decides nothing.
pub(super) fn read(path: &str, text: &str) -> Vec<Setting> {
    let text = text.trim_start_matches('\u{feff}');
    if path.ends_with(".properties") {
        properties(text)
    } else {
        yaml(text)
    }
}

fn properties(text: &str) -> Vec<Setting> {
    let setting = |(at, line): (usize, &str)| {
        let line = line.trim();
        if line.starts_with(['#', '!']) {
            return None;
        }
        let (key, value) = line.split_once(['=', ':'])?;
        Some(Setting {
            key: relaxed(key.trim()),
            value: value.trim().replace("\\:", ":"),
            line: at + 1,
        })
    };
    text.lines().enumerate().filter_map(setting).collect()
}

fn yaml(text: &str) -> Vec<Setting> {
    let entries = yaml_entries::read(text).into_iter();
    entries
        .map(|entry| Setting {
            key: entry
                .path
                .iter()
                .map(|it| relaxed(it))
                .collect::<Vec<_>>()
                .join("."),
            value: entry.value.to_owned(),
            line: entry.line,
        })
        .collect()
}

fn relaxed(key: &str) -> String {
    key.chars()
        .filter(|c| !['-', '_'].contains(c))
        .take(200)
        .collect::<String>()
        .to_ascii_lowercase()
}
