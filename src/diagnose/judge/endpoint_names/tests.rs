use super::*;

#[test]
fn kinds_of_names_are_told_apart() {
    for (host, kind) in [
        ("3f2a9c81d07b", NameKind::Container),
        ("deadbeefcafe", NameKind::Plain),
        ("buildkitsandbox", NameKind::Image),
        ("localhost", NameKind::Local),
        ("127.0.1.1", NameKind::Local),
        ("::1", NameKind::Local),
        (
            "tdengine-0.tdengine.default.svc.cluster.local",
            NameKind::Kubernetes,
        ),
        ("td1", NameKind::Plain),
        ("192.168.0.7", NameKind::Plain),
        ("localhosting", NameKind::Plain),
        ("", NameKind::Plain),
    ] {
        assert_eq!(NameKind::of(host), kind, "{host}");
    }
}

#[test]
fn name_for_a_container() {
    assert_eq!(fqdn("3f2a9c81d07b", "db.example"), "db.example");
    assert_eq!(fqdn("3f2a9c81d07b", "127.0.0.1"), "localhost");
    assert_eq!(fqdn("td1", "127.0.0.1"), "td1");
    assert_eq!(fqdn("localhost", "$(reboot)"), "HOST");
}
