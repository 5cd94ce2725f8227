use super::nearest_key;

const KNOWN: [&str; 5] = ["version", "match", "edition", "platforms", "parts"];

#[test]
fn typing_errors_find_the_key() {
    for (key, meant) in [
        ("verson", "version"),
        ("Version", "version"),
        ("platform", "platforms"),
        ("part", "parts"),
        ("mach", "match"),
    ] {
        assert_eq!(nearest_key(key, &KNOWN), Some(meant), "{key}");
    }
}

#[test]
fn other_words_find_none() {
    for key in ["password", "url", "", &"v".repeat(1000)] {
        assert_eq!(nearest_key(key, &KNOWN), None, "{key}");
    }
    assert_eq!(nearest_key("version", &[]), None);
}
