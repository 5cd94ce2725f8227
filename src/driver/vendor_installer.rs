//! The directories into which the vendor's installer for Windows put a client, from the entries that it makes in the registry
//! (docs/facts.md). The user chooses the directory, so its name says nothing. What an entry holds is checked before it is used.

use std::path::PathBuf;

use crate::system::registry::{self, Hive};

/// Where Windows lists installed programs: for 64-bit programs, and for 32-bit ones.
const UNINSTALL: [&str; 2] = [
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
];
/// The installer's own entry.
const ENTRY: &str = "{A0F7A93C-79C4-485D-B2B8-F0D03DF42FAB}_is1";
/// What Inno Setup appends to the name of every entry.
const SUFFIX: &str = "_is1";
/// What the name that other entries show begins with.
const PRODUCT: &str = "tdengine";
/// The values of an entry that name its directory, the one to take first.
const LOCATIONS: [&str; 2] = ["InstallLocation", "Inno Setup: App Path"];
/// The longest path of a directory, in characters.
const MOST_CHARACTERS: usize = 1024;
/// The most directories that are taken.
const MOST: usize = 8;

/// Reads the registry: each directory once, in the order of its entries.
pub fn directories() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for hive in [Hive::LocalMachine, Hive::CurrentUser] {
        for uninstall in UNINSTALL {
            let others = registry::key_names(hive, uninstall);
            let others = others.iter().filter(|name| *name != ENTRY);
            let others = others.filter(|name| name.ends_with(SUFFIX));
            let others = others.filter(|name| {
                let shown = registry::text(hive, &format!(r"{uninstall}\{name}"), "DisplayName");
                shown.is_some_and(|shown| is_product(&shown))
            });
            for name in std::iter::once(ENTRY).chain(others.map(String::as_str)) {
                let key = format!(r"{uninstall}\{name}");
                let location = LOCATIONS.iter().find_map(|value| {
                    let text = registry::text(hive, &key, value)?;
                    checked_directory(&text)
                });
                if let Some(directory) = location.map(PathBuf::from)
                    && !found.contains(&directory)
                    && found.len() < MOST
                {
                    found.push(directory);
                }
            }
        }
    }
    found
}

/// The directories below those of [`directories`] that have the client library.
pub fn library_directories() -> Vec<PathBuf> {
    let roots = directories().into_iter();
    roots.flat_map(|root| [root.join("driver"), root]).collect()
}

/// Whether an entry that shows this name is TDengine's.
fn is_product(shown: &str) -> bool {
    let begin = shown.get(..PRODUCT.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(PRODUCT))
}

/// Returns the directory that `value` names, without separators at its end: a full path on a drive with plain names only. `None` for
/// anything else: a path of the network or a device, a relative path, a drive itself, a stream, names that lead elsewhere.
fn checked_directory(value: &str) -> Option<String> {
    let value = value.trim();
    let value = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(value);
    if value.chars().count() > MOST_CHARACTERS {
        return None;
    }
    let (drive, rest) = value.split_once(':')?;
    let is_letter =
        |text: &str| text.len() == 1 && text.starts_with(|c: char| c.is_ascii_alphabetic());
    let names: Vec<&str> = rest
        .strip_prefix(['\\', '/'])?
        .trim_end_matches(['\\', '/'])
        .split(['\\', '/'])
        .collect();
    (is_letter(drive) && names.iter().all(|name| is_plain(name)))
        .then(|| format!(r"{drive}:\{}", names.join(r"\")))
}

/// Whether Windows takes `name` as it is written.
fn is_plain(name: &str) -> bool {
    let is_special = |c: char| c.is_control() || r#"<>:"|?*"#.contains(c);
    !name.is_empty() && !name.contains(is_special) && !name.ends_with(['.', ' '])
}

#[cfg(test)]
mod tests;
