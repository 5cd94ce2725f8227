use super::*;

#[test]
fn language_tags_are_read() {
    assert_eq!(Locale::from_tag("zh_CN.UTF-8"), Locale::Zh);
    assert_eq!(Locale::from_tag("ZH-Hans"), Locale::Zh);
    assert_eq!(Locale::from_tag("C"), Locale::En);
    assert_eq!(Locale::from_tag("zha"), Locale::En);
    assert_eq!(Locale::from_tag(""), Locale::En);
}
