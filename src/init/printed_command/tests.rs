use super::*;

#[test]
fn quotes_hold_words_together() {
    for (line, expected) in [
        ("go mod tidy", &["go", "mod", "tidy"][..]),
        (
            "Rscript -e \"a('b'); c()\"",
            &["Rscript", "-e", "a('b'); c()"],
        ),
        ("java -cp \"a b/*\":c x", &["java", "-cp", "a b/*:c", "x"]),
        ("a \"\" b", &["a", "", "b"]),
        ("", &[]),
    ] {
        assert_eq!(words(line), expected, "{line}");
    }
}
