use super::*;

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n";

#[test]
fn cargo() {
    for fresh in ["0.12.3", "^0.12", "=0.12.3", ">=0.12, <0.13", "0.12.1"] {
        assert_eq!(
            cargo_lock(LOCK, None, "taos", fresh),
            State::Fresh,
            "{fresh}"
        );
    }
    for stale in ["0.12.4", "=0.12.2", "0.13"] {
        assert_eq!(
            cargo_lock(LOCK, None, "taos", stale),
            State::Stale,
            "{stale}"
        );
    }
    assert_eq!(cargo_lock(LOCK, None, "libtaos", "0.4"), State::Stale);
    assert_eq!(
        cargo_lock("[[package", Some("app"), "taos", "0.12"),
        State::Unknown
    );
}

#[test]
fn whose_need_it_is() {
    let lock = format!(
        "{LOCK}\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\n \"serde\",\n \"taos 0.12.3\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = \"registry\"\ndependencies = [\"taos\"]\n"
    );
    for (own, state) in [
        ("a", State::Fresh),
        ("b", State::Stale),
        ("c", State::Stale),
        ("d", State::Stale),
    ] {
        assert_eq!(
            cargo_lock(&lock, Some(own), "taos", "0.12.3"),
            state,
            "{own}"
        );
    }
    assert_eq!(cargo_lock(&lock, Some("a"), "taos", "0.13"), State::Stale);
}

#[test]
fn dependents() {
    let uv = "[[package]]\nname = \"web\"\nsource = { editable = \"web\" }\ndependencies = [\n  { name = \"taos-ws-py\" },\n]\n\
                  [[package]]\nname = \"core\"\nsource = { virtual = \"core\" }\n\
                  [[package]]\nname = \"idna\"\nsource = { registry = \"r\" }\n";
    let cargo = "[[package]]\nname = \"web\"\ndependencies = [\n \"taos-ws-py 0.7.0\",\n]\n\
                     [[package]]\nname = \"core\"\nversion = \"1.0.0\"\n";
    let read = |text| toml::from_str::<Lock>(text).unwrap();
    for lock in [read(uv), read(cargo)] {
        assert_eq!(lock.dependence("Web", "taos_ws_py"), Some(true));
        assert_eq!(lock.dependence("core", "taos-ws-py"), Some(false));
    }
    assert_eq!(
        read(uv).dependence("idna", "taos-ws-py"),
        None,
        "no project"
    );
    assert_eq!(read("").dependence("core", "taos-ws-py"), None);
    let held = format!("{uv}[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n");
    for (own, state) in [
        ("web", State::Fresh),
        ("core", State::Stale),
        ("other", State::Fresh),
    ] {
        assert_eq!(
            python_lock(&held, Some(own), "taos-ws-py", "==0.7.0"),
            state,
            "{own}"
        );
    }
}

#[test]
fn python() {
    let lock = "[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n";
    for fresh in ["==0.7.0", ">=0.6,<1", "^0.7", "~0.7.0", "0.7.0", ""] {
        assert_eq!(
            python_lock(lock, None, "taos_ws.py", fresh),
            State::Fresh,
            "{fresh}"
        );
    }
    for stale in ["==0.6.9", "^0.6", "0.6.9"] {
        assert_eq!(
            python_lock(lock, None, "taos-ws-py", stale),
            State::Stale,
            "{stale}"
        );
    }
}
