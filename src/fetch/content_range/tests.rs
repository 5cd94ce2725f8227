use super::*;
use proptest::prelude::*;

#[test]
fn only_a_part_of_a_file_is_read() {
    for bad in [
        "",
        "bytes",
        "bytes */200",
        "bytes 5-4/200",
        "bytes 0-200/200",
        "bytes 0-1",
        "bytes +0-1/2",
        "bytes 0-1/2/3",
        "bytes 0-18446744073709551615/*",
        "bytes 0-18446744073709551616/*",
        "lines 0-1/2",
        "bytes=0-1/2",
    ] {
        assert_eq!(ContentRange::parse(bad), None, "{bad}");
    }
    assert_eq!(
        ContentRange::parse(" Bytes  3-9/* "),
        Some(ContentRange {
            first: 3,
            last: 9,
            total: None
        })
    );
}

proptest! {
    #[test]
    fn printed_range_is_read(first in 0_u64..1 << 40, more in 0_u64..1 << 40, rest in 1_u64..1 << 40) {
        let last = first + more;
        let total = last + rest;
        let range = ContentRange::parse(&format!("bytes {first}-{last}/{total}"));
        prop_assert_eq!(range, Some(ContentRange { first, last, total: Some(total) }));
        prop_assert_eq!(range.map(ContentRange::length), Some(more + 1));
    }

    #[test]
    fn header_never_panics_or_lies(text in "(bytes )?[-0-9*/ ]{0,50}|\\PC{0,40}") {
        if let Some(range) = ContentRange::parse(&text) {
            prop_assert!(range.first <= range.last);
            prop_assert!(range.total.is_none_or(|total| range.last < total));
            prop_assert!(range.length() > 0);
        }
    }
}
