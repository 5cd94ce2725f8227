use super::*;

#[test]
fn targets_are_in_system_directories() {
    let goes = |path: &str| target(path).unwrap();
    assert_eq!(
        goes("include/a/b").as_deref(),
        Some("/usr/local/include/a/b")
    );
    for own in ["libtaos.so", "libtaosws.so.3.3.7.5", "pkgconfig/taos.pc"] {
        let placed = format!("/usr/local/lib/{own}");
        assert_eq!(goes(&format!("lib/{own}")), Some(placed));
    }
    for foreign in [
        "libssl.so.3",
        "private/libtaos.so",
        "libtaos.so.x",
        "pkgconfig/openssl.pc",
        "python3.12/os.py",
    ] {
        assert_eq!(goes(&format!("lib/{foreign}")), None);
    }
    assert_eq!(goes("etc/taos.cfg"), None);
    assert_eq!(goes("driver"), None);
    for path in ["lib/../../x", "/lib/x", "lib/./x", "lib//x", "lib/", ""] {
        assert!(
            target(path).is_ok_and(|goes| goes.is_none()) || target(path).is_err(),
            "{path}"
        );
    }
    assert!(target("lib/../../x").is_err());
    assert!(stays_inside("lib/libtaos.so", "libtaos.so.1"));
    assert!(stays_inside("lib/x/a", "../../include/b"));
    assert!(!stays_inside("lib/a", "../etc/taos.cfg"));
    assert!(!stays_inside("lib/a", "/etc/passwd"));
    assert!(!stays_inside("lib/a", "../../lib/b"));
}
