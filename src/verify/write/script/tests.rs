use super::*;

#[test]
fn instants_in_every_form() {
    let expected = "2026-11-23T03:04:05.123Z".parse::<Timestamp>().unwrap();
    for text in [
        "2026-11-23T03:04:05.123Z",
        "2026-11-23T11:04:05.123+08:00",
        "1795403045123",
        "1795403045123000",
        "1795403045123000000",
    ] {
        assert_eq!(instant(text), Some(expected), "{text}");
    }
    for text in ["", "now", "99999999999999999999999999999999999999"] {
        assert_eq!(instant(text), None, "{text}");
    }
}

#[test]
fn clock_on_the_wall() {
    let known: Timestamp = "2026-11-23T03:04:05.123Z".parse().unwrap();
    let east = TimeZone::fixed(jiff::tz::offset(8));
    let (text, meant) = local(known, &east).unwrap();
    assert_eq!(text, "2026-11-23 11:05:05.123");
    assert_eq!(meant.duration_since(known).as_secs(), 60);
}

#[test]
fn round_trip_is_allowed_for() {
    let before: Timestamp = "2026-11-23T03:04:05Z".parse().unwrap();
    let after = |seconds| before + SignedDuration::from_secs(seconds);
    let seen = |reported| offset(reported, before, Duration::from_secs(2)).as_secs();
    assert_eq!(seen(after(0)), 0);
    assert_eq!(seen(after(2)), 0);
    assert_eq!(seen(after(62)), 60);
    assert_eq!(seen(after(-30)), -30);
}
