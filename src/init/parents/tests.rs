use super::*;

#[test]
fn relative_paths_are_resolved() {
    let from = Path::new("/a/b");
    assert_eq!(resolved(from, "../c/./d/"), Path::new("/a/c/d"));
    assert_eq!(resolved(from, "."), from);
    let parent = |path: &str| ParentManifest {
        path: path.into(),
        text: String::new(),
        place: PathBuf::new(),
        member: String::new(),
    };
    assert_eq!(parent("../../go.mod").folder(), "../../");
    assert_eq!(parent("go.mod").folder(), "");
}
