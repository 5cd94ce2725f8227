use super::*;

#[test]
fn pauses_grow_and_stay_bounded() {
    let pauses: Vec<u128> = [1, 2, 3, 4, 5, 6, 60, u32::MAX]
        .map(|tries| pause(tries).as_millis())
        .to_vec();
    assert_eq!(pauses, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
}
