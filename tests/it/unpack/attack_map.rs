//! The table of attacks names tests; each of them is there.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_test_of_the_table_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("src/unpack/mod.rs")).unwrap();
    let mut paths = Vec::new();
    sources(&root.join("src"), &mut paths);
    sources(&root.join("tests"), &mut paths);
    let code: Vec<String> = paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut attacks = Vec::new();
    let mut missing = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("//! | A")) {
        let cells: Vec<&str> = row.split('|').collect();
        attacks.extend(cells[1].split_whitespace().next());
        for name in cells[2].split('`').skip(1).step_by(2) {
            let function = name.rsplit("::").next().unwrap();
            let is_test = |code: &String| code.contains(&format!("fn {function}("));
            if !code.iter().any(is_test) {
                missing.push(name);
            }
        }
    }
    assert_eq!(missing, Vec::<&str>::new());
    let all: Vec<String> = (1..=20).map(|number| format!("A{number}")).collect();
    assert_eq!(attacks, all);
}
