use super::*;

#[test]
fn sources_are_parsed() {
    let revision = |text| source(text).map(|source| source.revision);
    assert_eq!(revision("git"), Ok(None));
    assert_eq!(revision("git@v2.8.10"), Ok(Some("v2.8.10".into())));
    assert_eq!(revision("git@feat/x"), Ok(Some("feat/x".into())));
    for bad in [
        "", "hg", "gitt", "git@", "git@-x", "git@a b", "git@a#b", "git@a;b", "git@../a",
    ] {
        assert!(revision(bad).is_err(), "{bad}");
    }
}
