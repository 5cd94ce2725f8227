use std::process::Command;

use super::super::{remove_tree, walk};
use super::*;

/// Makes `link` a junction that leads to `target`; returns whether this system makes them, which wine does not.
fn junction(link: &Path, target: &Path) -> bool {
    let mut command = Command::new("cmd");
    command.args(["/c", "mklink", "/J"]).arg(link).arg(target);
    let made = command.output().unwrap();
    let is_made = fs::symlink_metadata(link).is_ok_and(|found| found.is_symlink());
    assert!(is_made || !made.status.success() || cfg!(target_env = "gnu"));
    is_made
}

#[test]
fn junction_is_removed_and_not_followed() {
    let around = tempfile::tempdir().unwrap();
    let (outside, tree) = (around.path().join("outside"), around.path().join("tree"));
    fs::create_dir_all(outside.join("below")).unwrap();
    fs::write(outside.join("below").join("kept"), "kept").unwrap();
    fs::create_dir_all(tree.join("a")).unwrap();
    if !junction(&tree.join("a").join("junction"), &outside) {
        return;
    }
    let parent = PathDirectory::open(around.path()).unwrap();
    let found = PathDirectory::open(&tree.join("a")).unwrap();
    let found = found.entry_type("junction".as_ref()).unwrap();
    assert!(matches!(found, EntryType::Link(_)), "{found:?}");
    remove_tree(&parent, "tree".as_ref()).unwrap();
    assert!(!tree.exists());
    assert!(outside.join("below").join("kept").is_file());
}

#[test]
fn path_does_not_grow_in_tree_of_many_directories() {
    struct Longest(usize);
    impl super::super::Visitor for Longest {
        fn entry(
            &mut self,
            parent: &PathDirectory,
            _name: &OsStr,
            _found: EntryType,
            _path: &Path,
        ) -> io::Result<bool> {
            self.0 = self.0.max(parent.0.as_os_str().len());
            Ok(true)
        }
    }
    let root = tempfile::tempdir().unwrap();
    for number in 0..50 {
        fs::create_dir_all(
            root.path()
                .join(format!("directory {number}"))
                .join("below"),
        )
        .unwrap();
    }
    let mut longest = Longest(0);
    walk(&PathDirectory::open(root.path()).unwrap(), &mut longest).unwrap();
    let most = root.path().join("directory 49").join("below");
    assert!(longest.0 <= most.as_os_str().len());
}
