//! Lock files of npm, yarn, pnpm and Bun. Each repeats what the manifest asks for, so that text is looked for.

use serde_json::Value;

use super::State;
use crate::project::manifest::package_json::range;

const LISTS: [&str; 4] = [
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "peerDependencies",
];

/// npm's own check (`npm ci`): the lock file repeats of the project in `member` what the manifest asks, and the package is locked.
pub(super) fn package_lock(text: &str, member: &str, package: &str, asked: &str) -> State {
    let Ok(lock) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else {
        return State::Unknown;
    };
    if let Some(packages) = lock.get("packages").and_then(Value::as_object) {
        let project = packages.get(member);
        let says = |list: &&str| project.and_then(|it| it.get(list)?.get(package)?.as_str());
        let same = LISTS.iter().filter_map(says).any(|it| it == asked);
        let shared = format!("node_modules/{package}");
        let own = format!("{member}/{shared}");
        let locked = packages.contains_key(&shared) || packages.contains_key(&own);
        return (same && locked).into();
    }
    // npm 6 and earlier do not repeat the manifest.
    let version = lock
        .get("dependencies")
        .and_then(|it| it.get(package)?.get("version")?.as_str());
    version
        .is_some_and(|version| range::admits(asked, version).unwrap_or(true))
        .into()
}

/// An entry's head lists `NAME@ASKED`: `"a@1.0.0", a@^1:` in yarn 1, `"a@npm:1.0.0, a@npm:^1":` later, where the project in `member` has an
/// entry of its own, too, which repeats what its manifest asks.
pub(super) fn yarn_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    let bare = |word: &str| word.trim().trim_matches('"').to_owned();
    let heads = |line: &str| -> Vec<String> {
        match line.trim_end().strip_suffix(':') {
            Some(head) if !line.starts_with([' ', '#']) => {
                head.trim_matches('"').split(',').map(bare).collect()
            }
            _ => Vec::new(),
        }
    };
    let wanted = [
        format!("{package}@{asked}"),
        format!("{package}@npm:{asked}"),
    ];
    let is_locked = text.lines().flat_map(heads).any(|it| wanted.contains(&it));
    let folder = if member.is_empty() { "." } else { member };
    let project = format!("@workspace:{folder}");
    let mut own = text
        .lines()
        .skip_while(|line| !heads(line).iter().any(|it| it.ends_with(&project)));
    if own.next().is_none() {
        return is_locked;
    }
    let mut entry = own.take_while(|line| line.starts_with(' '));
    let asks = entry.any(|line| {
        line.trim().rsplit_once(": ").is_some_and(|(name, value)| {
            bare(name) == package && bare(value).trim_start_matches("npm:") == asked
        })
    });
    is_locked && asks
}

/// `specifier: ASKED` below the package's name; `NAME: ASKED` below `specifiers:` before version 6. Where the file has `importers:`,
/// those of the project in `member` count.
pub(super) fn pnpm_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    let bare = |word: &str| word.trim().trim_matches(['\'', '"']).to_owned();
    let importer = if member.is_empty() { "." } else { member };
    let all: Vec<_> = text.lines().collect();
    let of_project = match all.iter().position(|line| line.trim_end() == "importers:") {
        None => &all[..],
        Some(importers) => {
            let is_head = |line: &&str| indent(line) == 2 && line.trim_end().ends_with(':');
            let below = &all[importers + 1..];
            let is_ours = |line: &&str| {
                is_head(line) && bare(line.trim_end().trim_end_matches(':')) == importer
            };
            let Some(first) = below.iter().position(is_ours) else {
                return false;
            };
            let below = &below[first + 1..];
            let is_other = |line: &&str| !line.trim().is_empty() && indent(line) <= 2;
            &below[..below.iter().position(is_other).unwrap_or(below.len())]
        }
    };
    let mut lines = of_project.iter().peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.trim().rsplit_once(':') else {
            continue;
        };
        if bare(name) != package {
            continue;
        }
        let below = lines
            .peek()
            .and_then(|next| next.trim().strip_prefix("specifier:"));
        if bare(value) == asked || below.is_some_and(|it| bare(it) == asked) {
            return true;
        }
    }
    false
}

/// `"NAME": "ASKED"` in the workspace `member`.
pub(super) fn bun_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    let head = format!("\"{member}\": {{");
    let mut lines = text.lines().skip_while(|line| !line.contains(&head));
    let first = lines.next().unwrap_or_default();
    let of_project =
        lines.take_while(|line| line.trim().is_empty() || indent(line) > indent(first));
    std::iter::once(first).chain(of_project).any(|line| {
        let mut words = line.split(['{', '}', ',']).map(str::trim);
        words.any(|it| {
            it.split_once("\":").is_some_and(|(name, value)| {
                name.trim_start_matches('"') == package && value.trim().trim_matches('"') == asked
            })
        })
    })
}

/// How many spaces a line starts with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests;
