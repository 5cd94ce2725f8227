use std::fs;

use super::*;

fn change(path: &str, before: Option<&str>, after: &str) -> FileChange {
    FileChange {
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
fn missing_directories_are_created() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/b");
    let plan = Plan {
        changes: vec![change("c/d", None, "x"), change("e", None, "y")],
    };
    apply(&plan, &ProjectRoot::open(&root).unwrap()).unwrap();
    assert_eq!(fs::read(root.join("c/d")).unwrap(), b"x");
    assert_eq!(listing(&root), ["c", "e"]);
}

#[test]
fn failed_plan_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_path_buf();
    fs::write(root.join("edited"), "old").unwrap();
    fs::write(root.join("late"), "someone else's").unwrap();
    let plan = Plan {
        changes: vec![
            change("edited", Some("old"), "new"),
            change("sub/created", None, "x"),
            change("late", None, "ours"),
        ],
    };
    let error = apply(&plan, &ProjectRoot::open(&root).unwrap()).unwrap_err();
    assert_eq!(error.id, ErrorId::WouldOverwrite);
    assert_eq!(fs::read(root.join("edited")).unwrap(), b"old");
    assert_eq!(fs::read(root.join("late")).unwrap(), b"someone else's");
    assert_eq!(listing(&root), ["edited", "late"]);
}

#[test]
fn concurrent_edit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_path_buf();
    fs::write(root.join("a"), "changed").unwrap();
    let plan = Plan {
        changes: vec![change("a", Some("read"), "new")],
    };
    assert_eq!(
        apply(&plan, &ProjectRoot::open(&root).unwrap())
            .unwrap_err()
            .id,
        ErrorId::WouldOverwrite
    );
    assert_eq!(fs::read(root.join("a")).unwrap(), b"changed");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    /// A project and a directory outside it, both with an empty `sub`.
    fn project_and_outside(folder: &Path) -> (PathBuf, PathBuf) {
        let (project, outside) = (folder.join("project"), folder.join("outside"));
        for directory in [&project, &outside] {
            fs::create_dir_all(directory.join("sub")).unwrap();
        }
        (project, outside)
    }

    #[test]
    fn exchanged_project_directory_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (project, outside) = project_and_outside(folder.path());
        let root = ProjectRoot::open(&project).unwrap();
        let moved = folder.path().join("moved");
        fs::rename(&project, &moved).unwrap();
        symlink(&outside, &project).unwrap();
        let plan = Plan {
            changes: vec![change("a", None, "x"), change("sub/b", None, "y")],
        };
        apply(&plan, &root).unwrap();
        assert_eq!(listing(&outside), ["sub"]);
        assert_eq!(listing(&outside.join("sub")), [""; 0]);
        assert_eq!(listing(&moved), ["a", "sub"]);
        assert_eq!(listing(&moved.join("sub")), ["b"]);
    }

    #[test]
    fn link_planted_for_missing_project_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (_, outside) = project_and_outside(folder.path());
        let new = folder.path().join("new");
        let root = ProjectRoot::open(&new).unwrap();
        symlink(&outside, &new).unwrap();
        let plan = Plan {
            changes: vec![change("a", None, "x")],
        };
        assert_eq!(apply(&plan, &root).unwrap_err().id, ErrorId::WouldOverwrite);
        assert_eq!(listing(&outside), ["sub"]);
        assert_eq!(listing(folder.path()), ["new", "outside", "project"]);
    }

    #[test]
    fn exchanged_subdirectory_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (project, outside) = project_and_outside(folder.path());
        fs::write(project.join("m"), "old").unwrap();
        let root = ProjectRoot::open(&project).unwrap();
        fs::remove_dir(project.join("sub")).unwrap();
        symlink(outside.join("sub"), project.join("sub")).unwrap();
        let plan = Plan {
            changes: vec![change("m", Some("old"), "new"), change("sub/b", None, "y")],
        };
        assert_eq!(apply(&plan, &root).unwrap_err().id, ErrorId::FileUnwritable);
        assert_eq!(listing(&outside.join("sub")), [""; 0]);
        assert_eq!(listing(&project), ["m", "sub"]);
        assert_eq!(fs::read(project.join("m")).unwrap(), b"old");
    }

    #[test]
    fn link_in_place_of_manifest_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (project, outside) = project_and_outside(folder.path());
        fs::write(outside.join("m"), "old").unwrap();
        let root = ProjectRoot::open(&project).unwrap();
        symlink(outside.join("m"), project.join("m")).unwrap();
        let plan = Plan {
            changes: vec![change("m", Some("old"), "new")],
        };
        assert_eq!(apply(&plan, &root).unwrap_err().id, ErrorId::FileUnwritable);
        assert_eq!(fs::read(outside.join("m")).unwrap(), b"old");
        assert_eq!(listing(&project), ["m", "sub"]);
    }

    #[test]
    fn special_bits_are_not_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        for (name, mode) in [("a", 0o4755), ("b", 0o2750), ("c", 0o1664)] {
            fs::write(root.join(name), "old").unwrap();
            fs::set_permissions(root.join(name), PermissionsExt::from_mode(mode)).unwrap();
            let plan = Plan {
                changes: vec![change(name, Some("old"), "new")],
            };
            apply(&plan, &ProjectRoot::open(&root).unwrap()).unwrap();
            let found = fs::metadata(root.join(name)).unwrap();
            assert_eq!(found.mode() & 0o7777, mode & 0o777, "{name}");
        }
    }

    /// Only root can show it.
    #[test]
    fn owner_and_group_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        fs::write(root.join("a"), "old").unwrap();
        if std::os::unix::fs::chown(root.join("a"), Some(12345), Some(54321)).is_err() {
            return;
        }
        fs::set_permissions(root.join("a"), PermissionsExt::from_mode(0o4755)).unwrap();
        let plan = Plan {
            changes: vec![change("a", Some("old"), "new")],
        };
        apply(&plan, &ProjectRoot::open(&root).unwrap()).unwrap();
        let found = fs::metadata(root.join("a")).unwrap();
        assert_eq!((found.uid(), found.gid()), (12345, 54321));
        assert_eq!(found.mode() & 0o7777, 0o755);
        assert_eq!(fs::read(root.join("a")).unwrap(), b"new");
    }

    #[test]
    fn fifo_in_place_of_manifest_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("package.json");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let root = ProjectRoot::open(folder.path()).unwrap();
        let error = root.read("package.json").unwrap_err();
        assert_eq!(error.observed.to_string(), "it is not a regular file");
        assert_eq!(crate::project::files::read_outside(&path).unwrap(), None);
    }
}
