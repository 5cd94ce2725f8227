use super::*;
use proptest::prelude::*;

#[test]
fn ranges_admit_versions() {
    for yes in [
        "3.1.0",
        "=3.1.0",
        "v3.1.0",
        "^3.0.2",
        "~3.1",
        "~3.1.0",
        "3.x",
        "3",
        "3.1",
        "3.1.*",
        "*",
        "",
        ">=3.0.0 <4",
        ">= 3.0.0 < 3.2",
        "1 || ^3",
        "3.0.0 - 3.1",
        "2.5.0 - 3.1.0",
        "<=3.1.0",
        "<=3",
        ">3.0",
        "^3",
        "<3.1.1",
        "~3",
        "^3.1.0-beta.1",
        "3.1.0+build-1",
    ] {
        assert_eq!(admits(yes, "3.1.0"), Some(true), "{yes}");
    }
    for no in [
        "3.1.1",
        "^3.1.1",
        "~3.2",
        "2.x",
        ">=3.2",
        "<3.1.0",
        "^2 || ^4",
        "3.1.1 - 4",
        ">3.1.0",
        ">3",
        "3.1.0-beta.1",
        "=v3.1.0-0",
        "^0.3.1",
        "<=3.0",
    ] {
        assert_eq!(admits(no, "3.1.0"), Some(false), "{no}");
    }
    for other in [
        "latest",
        "file:../x",
        "git+https://example.com/x.git",
        "npm:x@3.1.0",
        "workspace:*",
        "me/repo",
    ] {
        assert_eq!(admits(other, "3.1.0"), None, "{other}");
    }
    assert_eq!(admits("^0.2.3", "0.2.9"), Some(true));
    assert_eq!(admits("^0.2.3", "0.3.0"), Some(false));
    assert_eq!(admits("^0.0.3", "0.0.4"), Some(false));
}

#[test]
fn exact_versions_are_recognized() {
    assert!(is_exact("3.1.0") && is_exact("=v3.1.0"));
    assert!(!is_exact("3.1") && !is_exact("^3.1.0") && !is_exact("latest"));
}

proptest! {
    #[test]
    fn any_range_is_handled(range in "[0-9x*.^~<>=| v-]{0,24}") {
        let _ = admits(&range, "3.1.0");
    }
}
