//! The folders around a client in what an installer writes. The vendor's scripts have used several places, and tools that
//! open installers name the places in their own way (docs/facts.md).

/// The folders that a macOS package puts a client into: where the payload is staged, where the script moves it, Homebrew's
/// cellar with any version, and where programs and compilers look.
const MACOS: &[&[&str]] = &[
    &["opt", "tdengine"],
    &["usr", "local", "taos"],
    &["usr", "local", "Cellar", "tdengine", "*"],
];

/// Where programs and compilers look on macOS, and others put their files too.
const SHARED: &[&[&str]] = &[&["usr", "local"]];

/// The folders of a client, by the vendor's names.
const PARTS: &[&str] = &["driver", "include", "inc", "bin", "cfg"];

/// How tools that open a Windows installer call its folder for the application and the system's own.
const WINDOWS: &[&[&str]] = &[&["app"], &["{app}"], &["{win}", "System32"], &["{sys}"]];

/// The name `names` of a macOS package's file without the folders around the client.
pub(super) fn macos<'n, 's>(names: &'n [&'s str]) -> &'n [&'s str] {
    match names {
        // The configuration has a place of its own.
        ["private", "etc", "taos", ..] => &names[1..],
        _ => without(names, MACOS)
            .or_else(|| in_a_product(names))
            .or_else(|| without(names, SHARED))
            .unwrap_or(names),
    }
}

/// The name `names` of a Windows client's file without the folders around the client.
pub(super) fn windows<'n, 's>(names: &'n [&'s str]) -> &'n [&'s str] {
    without(names, WINDOWS)
        .or_else(|| in_a_product(names))
        .unwrap_or(names)
}

/// Behind the first folder that has the product's name, where a client's folder follows: a place that is not known yet.
fn in_a_product<'n, 's>(names: &'n [&'s str]) -> Option<&'n [&'s str]> {
    let is_product = |name: &&str| {
        let name = name.to_ascii_lowercase();
        name == "taos" || name.starts_with("tdengine")
    };
    let inside = &names[names.iter().position(is_product)? + 1..];
    PARTS.contains(inside.first()?).then_some(inside)
}

fn without<'n, 's>(names: &'n [&'s str], around: &[&[&str]]) -> Option<&'n [&'s str]> {
    around
        .iter()
        .find(|folders| begins(names, folders))
        .map(|folders| &names[folders.len()..])
}

fn begins(names: &[&str], folders: &[&str]) -> bool {
    names.len() > folders.len()
        && folders
            .iter()
            .zip(names)
            .all(|(folder, name)| *folder == "*" || folder.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
