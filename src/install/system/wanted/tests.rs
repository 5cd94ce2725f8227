use super::*;

#[test]
fn where_things_go() {
    let goes = |path| target(path).unwrap();
    assert_eq!(goes("lib/a/b").as_deref(), Some("/usr/local/lib/a/b"));
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
