use super::*;
use proptest::prelude::*;

#[test]
fn plain_text_is_unchanged() {
    assert_eq!(
        printable("Authentication failure, 认证失败"),
        "Authentication failure, 认证失败"
    );
}

#[test]
fn control_sequences_are_escaped() {
    assert_eq!(
        printable("a\x1b[31mb\u{202e}c\n"),
        "a\\u{1b}[31mb\\u{202e}c\\n"
    );
}

#[test]
fn invisible_characters_are_escaped() {
    for c in [
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{180e}',
        '\u{200b}',
        '\u{200d}',
        '\u{2028}',
        '\u{2029}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{fffb}',
        '\u{1d173}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{e0100}',
        '\u{e01ef}',
    ] {
        assert_eq!(
            printable(&format!("a{c}b")),
            format!("a\\u{{{:x}}}b", c as u32)
        );
    }
    let visible = "naïve Größe 例 한국어 ελληνικά עברית ¡ – “”";
    assert_eq!(printable(visible), visible);
}

proptest! {
    #[test]
    fn any_text_is_free_of_controls(text in any::<String>()) {
        let shown = printable(&text);
        prop_assert!(!shown.chars().any(|c| c.is_control() || is_deceptive(c)));
        prop_assert!(shown.chars().count() <= LIMIT * 10 + 1);
    }
}
