use super::wants_details;

#[test]
fn details_are_asked_for_in_each_spelling() {
    for (words, wanted) in [
        ("--version", false),
        ("-V", false),
        ("--version --verbose", true),
        ("--version -v", true),
        ("-vV", true),
        ("-Vv", true),
        ("--version --json", true),
        ("--version verbose", false),
    ] {
        let words = words.split(' ').map(str::to_owned);
        assert_eq!(wants_details(words.clone()), wanted, "{words:?}");
    }
}
