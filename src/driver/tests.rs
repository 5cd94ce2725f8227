use super::*;

#[test]
fn split_driver_is_three_libraries() {
    let folder = tempfile::tempdir().unwrap();
    let add = |name: &str| std::fs::write(folder.path().join(name), b"").unwrap();
    let missing = |version: Option<&str>| {
        missing(
            folder.path(),
            "linux-x64".parse().unwrap(),
            version.map(|version| version.parse().unwrap()),
        )
    };
    add("libtaos.so.1");
    assert_eq!(missing(None), Vec::<String>::new());
    add("libtaos.so");
    assert_eq!(missing(None), Vec::<String>::new());
    assert_eq!(missing(Some("3.2.2.2")), Vec::<String>::new());
    assert_eq!(
        missing(Some("3.3.7.5")),
        ["libtaosnative.so", "libtaosws.so"]
    );
    add("libtaosnative.so");
    assert_eq!(missing(None), ["libtaosws.so"]);
    add("libtaosws.so");
    assert_eq!(missing(Some("3.3.7.5")), Vec::<String>::new());
}
