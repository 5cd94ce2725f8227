use proptest::prelude::*;

use super::ByteRange::{self, Part, Unsatisfiable, Whole};

#[test]
fn ranges_of_ten_bytes() {
    for (value, expected) in [
        ("bytes=0-3", Part { first: 0, last: 3 }),
        ("bytes=4-", Part { first: 4, last: 9 }),
        ("bytes=-3", Part { first: 7, last: 9 }),
        ("bytes=-30", Part { first: 0, last: 9 }),
        (
            "bytes=9-99999999999999999999999",
            Part { first: 9, last: 9 },
        ),
        ("bytes=10-", Unsatisfiable),
        ("bytes=-0", Unsatisfiable),
        ("bytes=5-2", Whole),
        ("bytes=0-1,3-4", Whole),
        ("bytes=-", Whole),
        ("bytes=+1-2", Whole),
        ("items=0-1", Whole),
        ("", Whole),
    ] {
        assert_eq!(ByteRange::parse(value, 10), expected, "{value}");
    }
    assert_eq!(ByteRange::parse("bytes=-1", 0), Unsatisfiable);
    assert_eq!(ByteRange::parse("bytes=0-", 0), Unsatisfiable);
}

proptest! {
    #[test]
    fn any_range_stays_in_the_file(value in "(bytes=)?[0-9, +-]{0,24}", size in any::<u64>()) {
        if let Part { first, last } = ByteRange::parse(&value, size) {
            prop_assert!(first <= last && last < size);
        }
    }
}
