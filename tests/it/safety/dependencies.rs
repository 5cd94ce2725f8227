//! Dependencies that no source of their package names. The compiler reports those of the packages themselves
//! (`unused_crate_dependencies`), but sees one test at a time.

use std::fs;
use std::path::{Path, PathBuf};

/// Packages whose library has another name.
const RENAMED: [(&str, &str); 1] = [("md-5", "md5")];

fn add_sources(directory: &Path, text: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        // Other packages, and what is built.
        if path.is_dir() && !path.join("Cargo.toml").exists() && !path.ends_with("target") {
            add_sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

fn add_names(table: &toml::Table, names: &mut Vec<String>) {
    for (key, value) in table {
        let Some(inner) = value.as_table() else {
            continue;
        };
        match key.as_str() {
            "dependencies" | "dev-dependencies" | "build-dependencies" => {
                names.extend(inner.keys().cloned());
            }
            "target" => inner
                .values()
                .filter_map(toml::Value::as_table)
                .for_each(|inner| add_names(inner, names)),
            _ => {}
        }
    }
}

#[test]
fn dependencies_are_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut unused = Vec::new();
    for package in ["", "sandbox", "sandbox/libtaos", "fuzz"] {
        let directory: PathBuf = root.join(package);
        let manifest = fs::read_to_string(directory.join("Cargo.toml")).unwrap();
        let mut names = Vec::new();
        add_names(&manifest.parse().unwrap(), &mut names);
        assert!(!names.is_empty(), "{package}");
        let mut sources = String::new();
        add_sources(&directory, &mut sources);
        for name in names {
            let renamed = RENAMED.iter().find(|(known, _)| *known == name);
            let library =
                renamed.map_or_else(|| name.replace('-', "_"), |(_, it)| (*it).to_owned());
            let is_used = ["::", ";", " as ", "!"]
                .iter()
                .any(|after| sources.contains(&format!("{library}{after}")));
            if !is_used {
                unused.push(format!("{package} {name}"));
            }
        }
    }
    assert_eq!(unused, Vec::<String>::new());
}
