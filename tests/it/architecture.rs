//! The structure that CONTRIBUTING.md describes, checked on the sources: which folder uses which, file sizes, type names, citations.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each folder of `src/` may use. Data flows down: commands, use cases, folders, leaf modules.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "commands",
        &[
            "application",
            "catalog",
            "clients",
            "diagnose",
            "doctor",
            "driver",
            "dsn",
            "error",
            "explain",
            "fetch",
            "init",
            "install",
            "lock",
            "message",
            "migrate",
            "mirror",
            "output",
            "pipeline",
            "own_catalog",
            "own_program",
            "project",
            "safety",
            "signature",
            "store",
            "sync",
            "system",
            "tdengine",
            "unpack",
            "verify",
        ],
    ),
    (
        "output",
        &["diagnose", "error", "message", "safety", "system"],
    ),
    // Use cases.
    (
        "sync",
        &[
            "catalog",
            "error",
            "fetch",
            "init",
            "install",
            "lock",
            "message",
            "project",
            "safety",
            "signature",
            "store",
            "system",
            "tdengine",
            "verify",
        ],
    ),
    (
        "install",
        &[
            "catalog",
            "driver",
            "dsn",
            "error",
            "fetch",
            "lock",
            "message",
            "safety",
            "signature",
            "store",
            "system",
            "tdengine",
            "unpack",
            "verify",
        ],
    ),
    (
        "clients",
        &[
            "driver", "error", "lock", "message", "safety", "store", "system", "tdengine",
        ],
    ),
    (
        "init",
        &[
            "catalog", "error", "fetch", "lock", "message", "project", "safety", "store", "system",
            "tdengine", "unpack", "verify",
        ],
    ),
    (
        "verify",
        &[
            "catalog", "diagnose", "driver", "dsn", "error", "lock", "message", "probe", "project",
            "safety", "store", "system", "tdengine",
        ],
    ),
    (
        "doctor",
        &[
            "catalog", "diagnose", "driver", "dsn", "error", "message", "probe", "project",
            "safety", "store", "system", "tdengine", "verify",
        ],
    ),
    (
        "application",
        &[
            "catalog", "diagnose", "dsn", "error", "explain", "init", "message", "probe",
            "project", "safety", "store", "system", "tdengine", "verify",
        ],
    ),
    (
        "explain",
        &[
            "catalog", "diagnose", "driver", "dsn", "error", "message", "safety", "system",
            "tdengine",
        ],
    ),
    (
        "migrate",
        &[
            "catalog", "error", "message", "project", "system", "tdengine",
        ],
    ),
    ("pipeline", &["error", "message", "project", "tdengine"]),
    (
        "own_catalog",
        &[
            "catalog",
            "error",
            "fetch",
            "install",
            "message",
            "safety",
            "signature",
            "store",
            "system",
            "tdengine",
        ],
    ),
    (
        "own_program",
        &[
            "error",
            "fetch",
            "message",
            "safety",
            "signature",
            "system",
            "tdengine",
            "unpack",
        ],
    ),
    (
        "mirror",
        &[
            "catalog",
            "error",
            "fetch",
            "init",
            "install",
            "message",
            "safety",
            "signature",
            "store",
            "system",
            "tdengine",
        ],
    ),
    // Folders.
    (
        "diagnose",
        &[
            "catalog", "driver", "dsn", "error", "message", "probe", "safety", "system", "tdengine",
        ],
    ),
    (
        "driver",
        &[
            "dsn", "error", "message", "probe", "safety", "system", "tdengine",
        ],
    ),
    (
        "probe",
        &["error", "message", "safety", "system", "tdengine"],
    ),
    (
        "project",
        &[
            "catalog", "error", "message", "safety", "system", "tdengine",
        ],
    ),
    (
        "fetch",
        &[
            "catalog", "error", "message", "safety", "system", "tdengine",
        ],
    ),
    (
        "lock",
        &[
            "dsn", "error", "message", "project", "safety", "store", "system", "tdengine",
        ],
    ),
    (
        "store",
        &[
            "error",
            "message",
            "safety",
            "signature",
            "system",
            "tdengine",
        ],
    ),
    (
        "signature",
        &["error", "message", "safety", "system", "tdengine"],
    ),
    (
        "catalog",
        &["error", "message", "safety", "system", "tdengine"],
    ),
    ("dsn", &["error", "message", "safety", "tdengine"]),
    ("unpack", &["error", "message", "safety", "tdengine"]),
    // Leaf modules.
    ("system", &["error", "message", "safety", "tdengine"]),
    ("tdengine", &["error", "message", "safety"]),
    ("error", &["message"]),
    ("message", &["safety"]),
    ("safety", &[]),
];

/// Files of `src/` that belong to no folder: the entry points.
const ENTRY_POINTS: [&str; 3] = ["fuzzing", "lib", "main"];

/// The most lines of a file.
const MOST_LINES: usize = 800;

/// Two implementations of the same types, one a platform.
const ONE_A_PLATFORM: &str = "src/system/directory/";

/// Every command has a type of this name in its `args.rs`.
const SHARED_TYPE_NAME: &str = "Args";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below `folder` of the repository, with their paths from its root.
fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

/// The folder of `src/` that a file belongs to.
fn folder_of(path: &Path) -> String {
    let first = path.iter().nth(1).unwrap().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn is_test(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "tests" || part == "tests.rs" || part == "hostile.rs")
}

/// The folders that each folder uses outside tests, with one file that does.
fn uses() -> BTreeMap<String, BTreeMap<String, PathBuf>> {
    let mut uses: BTreeMap<String, BTreeMap<String, PathBuf>> = BTreeMap::new();
    for (path, text) in rust_files("src") {
        let folder = folder_of(&path);
        if is_test(&path) || ENTRY_POINTS.contains(&folder.as_str()) {
            continue;
        }
        let used = uses.entry(folder.clone()).or_default();
        for part in text.split("crate::").skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            if !name.is_empty() && name != folder {
                used.entry(name).or_insert_with(|| path.clone());
            }
        }
    }
    uses
}

#[test]
fn arrows_point_down() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (folder, used) in uses() {
        let Some(may) = allowed.get(folder.as_str()) else {
            wrong.push(format!("{folder} is not in the table"));
            continue;
        };
        for (name, file) in used {
            if !may.contains(&name.as_str()) {
                wrong.push(format!("{folder} uses {name} in {}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn folders_have_no_cycle() {
    let uses = uses();
    let mut reach: BTreeMap<&str, BTreeSet<&str>> = uses
        .iter()
        .map(|(folder, used)| (folder.as_str(), used.keys().map(String::as_str).collect()))
        .collect();
    for _ in 0..reach.len() {
        let before = reach.clone();
        for used in reach.values_mut() {
            let further: Vec<&str> = used
                .iter()
                .filter_map(|name| before.get(name))
                .flatten()
                .copied()
                .collect();
            used.extend(further);
        }
    }
    let cycles: Vec<&str> = reach
        .iter()
        .filter(|(folder, used)| used.contains(**folder))
        .map(|(folder, _)| *folder)
        .collect();
    assert!(cycles.is_empty(), "in a cycle: {cycles:?}");
}

#[test]
fn files_are_small() {
    let mut sizes = Vec::new();
    for folder in ["src", "tests", "sandbox", "benches", "examples"] {
        for (path, text) in rust_files(folder) {
            let lines = text.lines().count();
            assert!(lines <= MOST_LINES, "{} has {lines} lines", path.display());
            if folder == "src" && !is_test(&path) {
                sizes.push(lines);
            }
        }
    }
    sizes.sort_unstable();
    assert!(sizes[sizes.len() / 2] < 150, "the median is 150 or more");
}

#[test]
fn type_names_are_unique() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in rust_files("src") {
        if is_test(&path) {
            continue;
        }
        for line in text.lines() {
            let line = line.trim_start();
            let line = line.strip_prefix("pub ").unwrap_or(line);
            let line = match line.strip_prefix("pub(") {
                Some(rest) => rest.split_once(") ").map_or("", |(_, rest)| rest),
                None => line,
            };
            let Some((kind, rest)) = line.split_once(' ') else {
                continue;
            };
            if !["struct", "enum", "trait", "union"].contains(&kind) {
                continue;
            }
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if !name.is_empty() && name != SHARED_TYPE_NAME {
                let path = path.display().to_string();
                let file = match path.starts_with(ONE_A_PLATFORM) {
                    true => ONE_A_PLATFORM.to_owned(),
                    false => path,
                };
                places.entry(name).or_default().push(file);
            }
        }
    }
    let twice: Vec<String> = places
        .into_iter()
        // One definition a platform is one type.
        .filter(|(_, files)| files.iter().collect::<BTreeSet<_>>().len() > 1)
        .map(|(name, files)| format!("{name}: {}", files.join(", ")))
        .collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

/// A reader can open what comments and data cite.
#[test]
fn citations_are_in_the_repository() {
    let mut texts = rust_files("src");
    texts.extend(rust_files("sandbox/src"));
    texts.extend(rust_files("tests/it"));
    for folder in ["manifests", "manifests/messages", "docs", "templates"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if let (true, Ok(text)) = (path.is_file(), fs::read_to_string(&path)) {
                texts.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    let mut wrong = Vec::new();
    for (path, text) in texts {
        if path.ends_with("architecture.rs") {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let place = || format!("{}:{}: {}", path.display(), at + 1, line.trim());
            if [
                "../shared",
                "`reference/",
                " reference/",
                "(design",
                "design, decision",
            ]
            .iter()
            .any(|outside| line.contains(outside) && !line.contains("://"))
            {
                wrong.push(place());
            }
            for cited in ["docs/", " manifests/", "`manifests/"] {
                for rest in line.split(cited).skip(1) {
                    let name: String = rest
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || "-_./".contains(*c))
                        .collect();
                    let name = name.trim_end_matches(['.', '/']);
                    let is_file = name.ends_with(".md") || name.ends_with(".toml");
                    if is_file
                        && line.contains(&format!("{cited}{name}"))
                        && !line.contains("://")
                        && !root()
                            .join(cited.trim_start_matches(['`', ' ']))
                            .join(name)
                            .exists()
                    {
                        wrong.push(place());
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
