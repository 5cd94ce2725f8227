//! Every test that docs/attacks.md names exists.

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
fn named_tests_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("docs/attacks.md")).unwrap();
    let mut paths = Vec::new();
    sources(&root.join("src"), &mut paths);
    sources(&root.join("tests"), &mut paths);
    let code: Vec<String> = paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut attacks = Vec::new();
    let mut missing = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| A")) {
        let cells: Vec<&str> = row.split('|').collect();
        attacks.extend(cells[1].split_whitespace().next());
        for name in cells[4].split('`').skip(1).step_by(2) {
            let function = name.rsplit("::").next().unwrap();
            let is_test = |code: &String| code.contains(&format!("fn {function}("));
            if !code.iter().any(is_test) {
                missing.push(name);
            }
        }
    }
    assert_eq!(missing, Vec::<&str>::new());
    let distinct: std::collections::BTreeSet<&str> = attacks.iter().copied().collect();
    assert_eq!(distinct.len(), attacks.len(), "each row has its own number");
    assert!(attacks.len() > 20);
}
