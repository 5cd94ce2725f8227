use super::*;
use proptest::prelude::*;

#[test]
fn older_versions_compare_less() {
    use Ordering::{Greater, Less};
    for (asked, expected) in [
        ("v2.7.0", Some(Less)),
        (">=2.0,<2.7", Some(Less)),
        ("==2.8.*", Some(Less)),
        ("~2.6", Some(Less)),
        ("<2.8.10", Some(Less)),
        ("2.8.10", None),
        ("!=2.8.10", None),
        (">2.0,!=2.8.10", Some(Less)),
        ("latest", None),
        ("2.10.0", Some(Greater)),
        ("^3 || ^2", Some(Greater)),
        ("[2.0,3.0)", Some(Greater)),
        ("v2.8.11-0.20240101-abc", Some(Greater)),
    ] {
        assert_eq!(compare_newest(asked, "v2.8.10"), expected, "{asked}");
    }
}

proptest! {
    #[test]
    fn any_text_is_handled(asked in "\\PC{0,24}") {
        let _ = compare_newest(&asked, "3.1.0");
    }

    #[test]
    fn more_is_newer(a in 0u64..99, b in 0u64..99, c in 0u64..99) {
        let version = format!("{a}.{b}.{c}");
        prop_assert_eq!(compare_newest(&format!("{a}.{b}.{}", c + 1), &version), Some(Ordering::Greater));
        prop_assert_eq!(compare_newest(&version, &format!("{a}.{}.0", b + 1)), Some(Ordering::Less));
    }
}
