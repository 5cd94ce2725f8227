use super::*;
use proptest::prelude::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

#[test]
fn weak_validators_are_none() {
    let of = |pairs: &[(&'static str, &str)]| Validator::of(&headers(pairs));
    let day = "Tue, 23 Sep 2025 08:51:07 GMT";
    assert_eq!(
        of(&[("etag", "\"a\"")]),
        Some(Validator::Etag("\"a\"".into()))
    );
    assert_eq!(of(&[("etag", "W/\"a\""), ("last-modified", day)]), None);
    assert_eq!(
        of(&[("last-modified", day)]),
        Some(Validator::LastModified(day.into()))
    );
    assert_eq!(of(&[("last-modified", day), ("date", day)]), None);
    assert_eq!(of(&[]), None);
}

#[test]
fn another_validator_is_noticed() {
    let validator = Validator::Etag("\"a\"".into());
    assert!(validator.agrees(&headers(&[("etag", "\"a\"")])));
    assert!(validator.agrees(&headers(&[])));
    assert!(!validator.agrees(&headers(&[("etag", "\"b\"")])));
    assert!(!validator.agrees(&headers(&[("etag", "W/\"a\"")])));
}

proptest! {
    #[test]
    fn written_sidecar_is_read(
        address in "https://[a-z]{1,9}/\\PC{0,30}",
        text in "[!-~]([ -~]{0,30}[!-~])?",
        etag in any::<bool>(),
        total in 1_u64..,
    ) {
        let validator = if etag { Validator::Etag(text) } else { Validator::LastModified(text) };
        let sidecar = Sidecar::new(address, validator, total);
        prop_assert_eq!(Sidecar::parse(sidecar.to_json().as_bytes()), Some(sidecar));
    }

    #[test]
    fn cut_or_changed_sidecars_are_none_or_sound(at in 0_usize..120, byte in any::<u8>(), cut in any::<bool>()) {
        let whole = Sidecar::new("https://h/x".into(), Validator::Etag("\"e\"".into()), 77).to_json();
        let mut text = whole.trim_end().as_bytes().to_vec();
        let at = at.min(text.len() - 1);
        if cut {
            text.truncate(at);
            prop_assert_eq!(Sidecar::parse(&text), None);
        } else {
            text[at] = byte;
            if let Some(read) = Sidecar::parse(&text) {
                prop_assert!(read.total > 0 && is_header(read.validator.as_str()));
            }
        }
    }

    #[test]
    fn bytes_never_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(Sidecar::parse(&text), None);
    }
}
