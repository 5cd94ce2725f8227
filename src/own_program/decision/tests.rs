use super::{UpdateDecision, UpdateRefusal, decide};

#[test]
fn only_a_named_release_may_be_older() {
    let cases = [
        ("0.1.0", "0.2.0", None, Ok(UpdateDecision::Replace)),
        ("0.9.0", "0.10.0", None, Ok(UpdateDecision::Replace)),
        ("0.2.0-rc.1", "0.2.0", None, Ok(UpdateDecision::Replace)),
        ("0.2.0", "0.2.0", None, Ok(UpdateDecision::Current)),
        ("0.2.0", "0.2.0+build", None, Ok(UpdateDecision::Current)),
        ("0.2.0", "0.1.0", None, Err(UpdateRefusal::Older)),
        ("0.2.0", "0.2.0-rc.1", None, Err(UpdateRefusal::Older)),
        ("0.2.0", "0.1.0", Some("0.1.0"), Ok(UpdateDecision::Replace)),
        ("0.2.0", "0.2.0", Some("0.2.0"), Ok(UpdateDecision::Current)),
        (
            "0.2.0",
            "0.3.0",
            Some("0.2.5"),
            Err(UpdateRefusal::OtherVersion),
        ),
        (
            "0.2.0",
            "0.1.0",
            Some("0.1.1"),
            Err(UpdateRefusal::OtherVersion),
        ),
    ];
    for (current, found, wanted, expected) in cases {
        let wanted = wanted.map(|it| it.parse().unwrap());
        let decision = decide(
            &current.parse().unwrap(),
            &found.parse().unwrap(),
            wanted.as_ref(),
        );
        assert_eq!(decision, expected, "{current} {found} {wanted:?}");
    }
}
