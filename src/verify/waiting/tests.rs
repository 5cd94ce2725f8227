use super::*;
use crate::diagnose::Id;

#[test]
fn pauses_grow_and_stay_bounded() {
    let pauses: Vec<u128> = [1, 2, 3, 4, 5, 6, 60, u32::MAX]
        .map(|tries| pause(tries).as_millis())
        .to_vec();
    assert_eq!(pauses, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
}

#[test]
fn every_id_is_one() {
    for id in MENDED_BY_TIME {
        assert!(Id::ALL.iter().any(|known| known.as_str() == id), "{id}");
    }
}
