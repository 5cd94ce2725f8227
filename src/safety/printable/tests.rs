use super::*;
use proptest::prelude::*;

#[test]
fn plain_text_stays() {
    assert_eq!(
        printable("Authentication failure, 认证失败"),
        "Authentication failure, 认证失败"
    );
}

#[test]
fn escapes_are_shown_not_sent() {
    assert_eq!(
        printable("a\x1b[31mb\u{202e}c\n"),
        "a\\u{1b}[31mb\\u{202e}c\\n"
    );
}

proptest! {
    #[test]
    fn never_a_control_character(text in any::<String>()) {
        let shown = printable(&text);
        prop_assert!(!shown.chars().any(|c| c.is_control() || reorders(c)));
        prop_assert!(shown.chars().count() <= LIMIT * 10 + 1);
    }
}
