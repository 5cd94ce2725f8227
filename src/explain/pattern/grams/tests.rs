use proptest::prelude::*;

use super::*;

#[test]
fn absent_words_are_told_apart() {
    let grams = GramSet::of("no taos in java.library.path");
    assert!(grams.may_contain(&PartGrams::of("java.library.path")));
    assert!(grams.may_contain(&PartGrams::of("go")));
    assert!(!grams.may_contain(&PartGrams::of("libtaosnative")));
    assert!(!GramSet::of("").may_contain(&PartGrams::of("taos")));
}

proptest! {
    #[test]
    fn part_of_text_may_be_in_it(before in "\\PC{0,40}", part in "\\PC{0,20}", after in "\\PC{0,40}") {
        let text = format!("{before}{part}{after}");
        prop_assert!(GramSet::of(&text).may_contain(&PartGrams::of(&part)));
    }
}
