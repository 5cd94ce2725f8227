use super::*;
use std::time::Duration;

#[test]
fn time_outside_supported_years_is_nearest_supported() {
    let far = Duration::from_secs(1 << 40);
    assert_eq!(of(SystemTime::UNIX_EPOCH + far), Timestamp::MAX);
    assert_eq!(of(SystemTime::UNIX_EPOCH - far), Timestamp::MIN);
    assert_eq!(of(SystemTime::UNIX_EPOCH), Timestamp::UNIX_EPOCH);
}
