use super::*;

fn change(path: &str, before: Option<&str>, after: &str) -> Change {
    Change {
        path: path.into(),
        before: before.map(|text| text.as_bytes().to_vec()),
        after: after.as_bytes().to_vec(),
    }
}

fn listing(root: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn creates_folders_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/b");
    apply(&Plan {
        root: root.clone(),
        changes: vec![change("c/d", None, "x"), change("e", None, "y")],
    })
    .unwrap();
    assert_eq!(fs::read(root.join("c/d")).unwrap(), b"x");
    assert_eq!(listing(&root), ["c", "e"]);
}

#[test]
fn all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_path_buf();
    fs::write(root.join("edited"), "old").unwrap();
    fs::write(root.join("late"), "someone else's").unwrap();
    let plan = Plan {
        root: root.clone(),
        changes: vec![
            change("edited", Some("old"), "new"),
            change("sub/created", None, "x"),
            change("late", None, "ours"),
        ],
    };
    let error = apply(&plan).unwrap_err();
    assert_eq!(error.id, ErrorId::WouldOverwrite);
    assert_eq!(fs::read(root.join("edited")).unwrap(), b"old");
    assert_eq!(fs::read(root.join("late")).unwrap(), b"someone else's");
    assert_eq!(listing(&root), ["edited", "late"]);
}

#[test]
fn an_edit_under_our_feet_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_path_buf();
    fs::write(root.join("a"), "changed").unwrap();
    let plan = Plan {
        root: root.clone(),
        changes: vec![change("a", Some("read"), "new")],
    };
    assert_eq!(apply(&plan).unwrap_err().id, ErrorId::WouldOverwrite);
    assert_eq!(fs::read(root.join("a")).unwrap(), b"changed");
}
