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

/// Every target that CI runs is built and has an input to start from, and every target is run.
#[test]
fn fuzz_targets_have_corpora() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = fs::read_to_string(root.join(".ci/run")).unwrap();
    let list = script.split("FUZZ=(").nth(1).unwrap();
    let list = list.split(')').next().unwrap();
    let mut run: Vec<&str> = list
        .split_whitespace()
        .map(|word| word.split(':').next().unwrap())
        .collect();
    run.sort_unstable();
    let built = fs::read_dir(root.join("fuzz/fuzz_targets")).unwrap();
    let mut built: Vec<String> = built
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    built.sort_unstable();
    assert_eq!(run, built);
    for target in run {
        let corpus = root.join("fuzz/corpus").join(target);
        assert!(fs::read_dir(corpus).unwrap().next().is_some(), "{target}");
    }
}
