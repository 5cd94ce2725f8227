use super::*;
use crate::diagnose::Status;

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

#[test]
fn clock_differs_from_zone() {
    assert!(is_zone_shift(seconds(8 * 3600)));
    assert!(is_zone_shift(seconds(-(5 * 3600 + 45 * 60))));
    for no in [0, 1, 8 * 3600 + 1, 27 * 3600] {
        assert!(!is_zone_shift(seconds(no)), "{no}");
    }
    assert!(!is_zone_shift(SignedDuration::from_millis(3_600_001)));
}

#[test]
fn small_differences_are_no_matter() {
    assert_eq!(skew(seconds(-10)).status, Status::Ok);
    let seen = skew(seconds(-3723));
    assert_eq!(seen.status, Status::Warning);
    assert_eq!(
        seen.observed,
        "the clock of the server is 1 h 2 min 3 s behind that of this machine"
    );
    let kind = |judgement: Judgement| judgement.cause.unwrap().kind;
    assert_eq!(kind(seen), None);
    assert_eq!(kind(skew(seconds(8 * 3600 + 2))), Some(CauseKind::Zone));
    assert_eq!(kind(skew(seconds(60))), None);
}
