use super::*;

#[test]
fn library_names_follow_platform() {
    let version = "3.3.7.5".parse().unwrap();
    let find = |platform: &str, name, there: &[&'static str]| {
        find(platform.parse().unwrap(), name, version, there)
    };
    for (platform, there, expected) in [
        ("linux-x64", &["libtaos.so.3.3.7.5"][..], Some(0)),
        ("linux-x64", &["libtaos.so"], None),
        ("linux-x64", &["libtaos.so.3.3.7.4"], None),
        (
            "macos-x64",
            &["libtaos.dylib", "libtaos.3.3.7.5.dylib"],
            Some(1),
        ),
        ("macos-x64", &["libtaos.dylib", "libtaos.1.dylib"], Some(1)),
        ("macos-x64", &["libtaos.dylib"], Some(0)),
        ("macos-x64", &["libtaos.3.3.7.4.dylib"], None),
        ("macos-x64", &["libtaos.3.dylib"], Some(0)),
        ("macos-x64", &["libtaosnative.3.dylib"], None),
        ("windows-x64", &["TAOS.DLL"], Some(0)),
        ("windows-x64", &["taosws.dll"], None),
    ] {
        assert_eq!(
            find(platform, "taos", there),
            expected.map(|at: usize| there[at]),
            "{there:?}"
        );
    }
    assert_eq!(
        find("linux-x64", "taosws", &["libtaosws.so"]),
        Some("libtaosws.so")
    );
}
