use super::*;

#[test]
fn seconds_are_positive_and_finite() {
    assert_eq!(parse_seconds("0.25"), Some(Duration::from_millis(250)));
    assert_eq!(parse_seconds("86400"), Some(Duration::from_secs(86_400)));
    for bad in ["", "0", "-1", "inf", "nan", "1e300", "1 s", "86401"] {
        assert_eq!(parse_seconds(bad), None, "{bad}");
    }
}
