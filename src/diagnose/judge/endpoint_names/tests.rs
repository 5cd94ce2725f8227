use super::*;

#[test]
fn kinds_of_names() {
    for (host, kind) in [
        ("3f2a9c81d07b", Kind::Container),
        ("deadbeefcafe", Kind::Plain),
        ("buildkitsandbox", Kind::Image),
        ("localhost", Kind::Local),
        ("127.0.1.1", Kind::Local),
        ("::1", Kind::Local),
        (
            "tdengine-0.tdengine.default.svc.cluster.local",
            Kind::Kubernetes,
        ),
        ("td1", Kind::Plain),
        ("192.168.0.7", Kind::Plain),
        ("localhosting", Kind::Plain),
        ("", Kind::Plain),
    ] {
        assert_eq!(Kind::of(host), kind, "{host}");
    }
}

#[test]
fn the_name_for_a_container() {
    assert_eq!(fqdn("3f2a9c81d07b", "db.example"), "db.example");
    assert_eq!(fqdn("3f2a9c81d07b", "127.0.0.1"), "localhost");
    assert_eq!(fqdn("td1", "127.0.0.1"), "td1");
    assert_eq!(fqdn("localhost", "$(reboot)"), "HOST");
}
