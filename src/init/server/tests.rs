use super::*;

#[test]
fn versions_and_hosts_are_told_apart() {
    assert_eq!(version("3.3.7.5"), Some(Version([3, 3, 7, 5])));
    assert_eq!(version("3.3.6"), Some(Version([3, 3, 6, 0])));
    assert_eq!(version("3"), Some(Version([3, 0, 0, 0])));
    for host in [
        "127.0.0.1",
        "10.0.0.1",
        "localhost",
        "3.3.7.5:6041",
        "3.x",
        "",
        "3.",
        "3.3.7.5.1",
        "3.+3",
    ] {
        assert_eq!(version(host), None, "{host:?}");
    }
}
