use super::*;

#[test]
fn specifiers_admit_versions() {
    let cases = [
        ("", true),
        ("==2.8.10", true),
        ("== 2.8.10.0", true),
        ("==v2.8.10", true),
        ("===2.8.10", true),
        ("==2.8.1", false),
        ("==2.8.*", true),
        ("==2.7.*", false),
        ("!=2.8.10", false),
        ("!=2.8.*", false),
        ("!=2.8.9", true),
        (">=2.7", true),
        (">=2.8.10", true),
        (">2.8.10", false),
        (">=2.8.11", false),
        (">=2.7,<3", true),
        (">=2.7, <2.8", false),
        ("<=2.8.10", true),
        ("<2.8.10", false),
        ("~=2.8", true),
        ("~=2.8.2", true),
        ("~=2.7.2", false),
        ("~=2.8.11", false),
        (">=2.8.10rc1", true),
        ("==2.8.10rc1", false),
        (">=2.8.10.post1", false),
        ("<2.8.10.post1", true),
    ];
    for (specifier, expected) in cases {
        assert_eq!(admits(specifier, "2.8.10"), Ok(expected), "{specifier}");
    }
}

#[test]
fn invalid_specifiers_are_reported() {
    for bad in [
        "2.8", "=2.8", ">=", "~=2", ">=2.*", "==a", ">=2,,<3", ">=2,",
    ] {
        assert!(admits(bad, "2.8.10").is_err(), "{bad}");
    }
}
