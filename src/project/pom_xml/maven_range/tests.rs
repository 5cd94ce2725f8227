use super::*;

#[test]
fn ranges_admit_versions() {
    for yes in [
        "[3.2.8]",
        "[3.2,)",
        "(,3.2.8]",
        "[3.0,3.2),[3.2.8,4)",
        "(3.2.7,3.3)",
        "[3.2.8,3.2.8]",
    ] {
        assert_eq!(admits(yes, "3.2.8"), Some(true), "{yes}");
    }
    for no in [
        "[3.2.9,)", "(3.2.8,)", "(,3.2.8)", "[1]", "[3.2", "[", "(,)x]",
    ] {
        assert_ne!(admits(no, "3.2.8"), None, "{no}");
    }
    assert_eq!(admits("[3.2.9,)", "3.2.8"), Some(false));
    assert_eq!(admits("(,3.2.8)", "3.2.8"), Some(false));
    assert_eq!(admits("3.2.8", "3.2.8"), None);
}
