//! The directories that the patterns of a workspace name (npm, yarn, pnpm, Cargo, uv, Gradle).

use std::collections::VecDeque;

use super::files::ProjectRoot;
use super::workspace_members::{alternatives, any_names};

/// The directories that are looked at.
const MOST_DIRECTORIES: usize = 4_000;
/// The members that are found.
const MOST_MEMBERS: usize = 500;
/// How deep `**` looks.
const DEEPEST: usize = 6;
/// Directories of other people's code and of build results.
const SKIPPED: [&str; 8] = [
    "__pycache__",
    "bower_components",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "target",
    "vendor",
];

/// Returns the directories below `root` that `patterns` name, in their order. A directory that a wildcard names counts
/// if it has one of the files `manifests`; a pattern that names none stays. No link is followed.
pub fn expand(root: &ProjectRoot, patterns: &[String], manifests: &[&str]) -> Vec<String> {
    let patterns: Vec<_> = patterns.iter().flat_map(|it| alternatives(it)).collect();
    let has_wildcard = |it: &&String| it.contains(['*', '?', '[']);
    let (excluded, named): (Vec<_>, Vec<_>) = patterns
        .iter()
        .cloned()
        .partition(|it| it.trim_start().starts_with('!'));
    let with_excluded = |pattern: &String| -> Vec<String> {
        std::iter::once(pattern.clone())
            .chain(excluded.iter().cloned())
            .collect()
    };
    let depth = |it: &String| {
        let parts = it.split('/').filter(|part| !part.is_empty()).count();
        if it.contains("**") { DEEPEST } else { parts }
    };
    let wild = named.iter().filter(has_wildcard);
    let deepest = wild.map(depth).max().unwrap_or_default().min(DEEPEST);
    let directories = if deepest == 0 {
        Vec::new()
    } else {
        directories(root, deepest, manifests)
    };
    let mut members: Vec<String> = Vec::new();
    for pattern in &named {
        let all = with_excluded(pattern);
        let found: Vec<_> = if has_wildcard(&pattern) {
            directories
                .iter()
                .filter(|it| any_names(&all, it))
                .cloned()
                .collect()
        } else if excluded.is_empty() || any_names(&all, pattern) {
            vec![pattern.clone()]
        } else {
            continue;
        };
        if found.is_empty() {
            members.push(pattern.clone());
        }
        for member in found {
            if !members.contains(&member) && members.len() < MOST_MEMBERS {
                members.push(member);
            }
        }
    }
    members
}

/// The directories below `root` that have one of the files `manifests`, sorted.
fn directories(root: &ProjectRoot, deepest: usize, manifests: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = VecDeque::from([(String::new(), 0)]);
    let mut looked_at = 0;
    while let Some((folder, depth)) = waiting.pop_front() {
        looked_at += 1;
        if looked_at > MOST_DIRECTORIES {
            break;
        }
        let names = root.names_in(&folder);
        if depth > 0 && names.iter().any(|it| manifests.contains(&it.as_str())) {
            found.push(folder.clone());
        }
        if depth == deepest {
            continue;
        }
        for name in names {
            if name.starts_with('.')
                || SKIPPED.contains(&name.as_str())
                || waiting.len() > MOST_DIRECTORIES
            {
                continue;
            }
            let inner = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            waiting.push_back((inner, depth + 1));
        }
    }
    found.sort();
    found
}
