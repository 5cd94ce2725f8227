use super::*;

#[test]
fn which_port_is_whose() {
    for (target, named, expected) in [
        ("h", None, (6041, 6030, false)),
        ("h:6030", None, (6041, 6030, false)),
        ("h:7041", None, (7041, 6030, true)),
        ("h:7041", Some(7030), (7041, 7030, false)),
        ("http://h:6030", None, (6030, 6030, false)),
        ("taos://h:7030/db", None, (6041, 7030, false)),
        ("ws://h", Some(7030), (6041, 7030, false)),
        ("wss://h", None, (443, 6030, false)),
        ("https://h:6041", None, (6041, 6030, false)),
    ] {
        assert_eq!(ports(&target.parse().unwrap(), named), expected, "{target}");
    }
}
