use super::*;

#[test]
fn durations_are_parsed() {
    assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
    assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
    assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
    for bad in ["", "s", "0", "-1s", "1h", "1e3", "nan", "61m", "1 s"] {
        assert!(duration(bad).is_err(), "{bad:?}");
    }
}
