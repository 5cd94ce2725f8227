use super::*;
use proptest::prelude::*;

fn one(pattern: &str, folder: &str) -> bool {
    any_names(&[pattern.to_owned()], folder)
}

#[test]
fn patterns_match_directories() {
    for (pattern, folder) in [
        ("packages/*", "packages/a"),
        ("./packages/*/", "packages/a"),
        ("apps/web", "apps/web"),
        ("packages/**", "packages/a/b"),
        ("**", "a/b"),
        ("lib-*", "lib-a"),
        ("crates/a?", "crates/ab"),
    ] {
        assert!(one(pattern, folder), "{pattern} {folder}");
    }
    for (pattern, folder) in [
        ("packages/*", "packages/a/b"),
        ("packages/*", "packages"),
        ("apps/web", "apps/web2"),
        ("", "a"),
    ] {
        assert!(!one(pattern, folder), "{pattern} {folder}");
    }
    let but = ["packages/**".to_owned(), "!**/test".to_owned()];
    assert!(any_names(&but, "packages/a") && !any_names(&but, "packages/a/test"));
}

proptest! {
    #[test]
    fn directory_matches_itself(folder in "[a-z]{1,3}(/[a-z]{1,3}){0,3}") {
        prop_assert!(one(&folder, &folder) && one("**", &folder));
    }
}

#[test]
fn braces_are_alternatives() {
    assert_eq!(alternatives("{a,b/c}/*"), ["a/*", "b/c/*"]);
    assert_eq!(alternatives("{a,b}{1,2}"), ["a1", "a2", "b1", "b2"]);
    assert_eq!(alternatives("packages/*"), ["packages/*"]);
    assert_eq!(alternatives("{a"), ["{a"]);
    assert!(alternatives(&"{a,b}".repeat(1000)).len() <= 128);
}
