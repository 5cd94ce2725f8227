use super::*;

#[test]
fn port_belongs_to_its_transport() {
    use Transport::{Native, Ws};
    for (target, transport, named, expected) in [
        ("h", Ws, false, 6041),
        ("h", Native, false, 6030),
        ("h:6030", Ws, true, 6041),
        ("h:6030", Native, false, 6030),
        ("h:7041", Ws, false, 7041),
        ("h:7041", Native, false, 6030),
        ("h:7030", Native, true, 7030),
        ("h:6041", Native, true, 6030),
        ("taos://h:7030", Native, false, 7030),
        ("taos://h:7030", Ws, false, 6041),
        ("http://h:7041", Ws, false, 7041),
        ("https://h", Ws, false, 443),
    ] {
        let target: Target = target.parse().unwrap();
        let tls = target.scheme.is_some_and(Scheme::tls);
        assert_eq!(
            port_for(target.scheme, target.port, transport, named, tls),
            expected,
            "{target} {transport}"
        );
    }
}
