use super::*;
use proptest::prelude::*;

#[test]
fn words_and_chinese_characters_are_kept_whole() {
    assert_eq!(
        wrap(
            "nothing listens on 6030, see https://example.com/a-long/address?with=parts",
            7,
            2,
            32
        ),
        "nothing listens on 6030,\n  see\n  https://example.com/a-long/address?with=parts"
    );
    assert_eq!(
        wrap(
            "驱动对多种原因都返回这条信息（防火墙、DNS），请运行 taos-setup verify。",
            6,
            6,
            30
        ),
        "驱动对多种原因都返回这条\n      信息（防火墙、DNS），请\n      运行 taos-setup verify。"
    );
}

proptest! {
    #[test]
    fn only_spaces_and_line_ends_change(text in "[a-z 中，（ -]{0,80}", start in 0..30usize, columns in 0..100usize) {
        let without_spaces = |text: &str| text.replace([' ', '\n'], "");
        prop_assert_eq!(without_spaces(&wrap(&text, start, 2, columns)), without_spaces(&text));
    }

    #[test]
    fn lines_of_short_words_fit(text in "([a-z]{1,9} ){0,40}", columns in 40..100usize) {
        for line in wrap(&text, 4, 4, columns).lines() {
            prop_assert!(line.width() <= columns);
        }
    }
}
