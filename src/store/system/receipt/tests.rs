use super::*;

#[test]
fn only_where_clients_go() {
    for path in [
        "/usr/local/lib/libtaos.so",
        "/usr/local/lib/cmake/taos/taosConfig.cmake",
        "/etc/taos/taos.cfg",
    ] {
        assert!(is_target(path), "{path}");
    }
    for path in [
        "/usr/lib/libtaos.so",
        "/usr/local/lib",
        "/usr/local/lib/../../../etc/passwd",
        "/usr/local/lib//x",
        "/usr/local/lib/./x",
        "/usr/local/library/x",
        "usr/local/lib/x",
        "/etc/taos/other",
        "/etc/passwd",
        "",
    ] {
        assert!(!is_target(path), "{path}");
    }
    assert!(is_changeable("/usr/lib/libtaos.so"));
    assert!(is_backup("1/usr/local/lib/libtaos.so"));
    assert!(!is_backup("1/../../x"));
    assert!(!is_backup("../usr/local/lib/x"));
    assert!(is_folder("/usr/local/lib/pkgconfig") && !is_folder("/etc"));
}
