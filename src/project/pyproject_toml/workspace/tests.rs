use super::*;

#[test]
fn members_of_a_workspace_are_counted() {
    let root = "[tool.uv.workspace]\nmembers = [\"packages/*\", \"./apps/?b/\", \"deep/**\"]\nexclude = [\"packages/old*\"]\n";
    for member in ["packages/core", "apps/ab", "deep", "deep/a/b"] {
        assert!(counts_member(root, member), "{member}");
    }
    for other in [
        "packages",
        "packages/a/b",
        "packages/old-one",
        "apps/b",
        "app",
        "",
    ] {
        assert!(!counts_member(root, other), "{other}");
    }
    assert!(!counts_member("[project]\nname = \"a\"\n", "packages/core"));
    assert!(!counts_member("[", "packages/core"));
}

#[test]
fn directories_of_roots_are_listed() {
    assert_eq!(folders("[tool.uv.workspace]\nmembers = []\n"), [""; 0]);
    assert_eq!(folders("")[..2], ["..", "../.."]);
}
