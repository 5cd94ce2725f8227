use super::*;

fn settings(base: &str) -> Vec<(&'static str, String)> {
    render(&MirrorBase::parse(base).unwrap(), |_| true)
}

#[test]
fn every_file_names_the_base() {
    for (name, text) in settings("https://mirror.example/tdengine") {
        assert!(
            text.contains("https://mirror.example/tdengine/"),
            "{name}: {text}"
        );
        assert!(!text.contains("{{"), "{name}: {text}");
    }
}

#[test]
fn directories_are_used_where_the_client_can() {
    let settings = settings("file:///srv/mirror");
    let of = |name| settings.iter().find(|it| it.0 == name).unwrap().1.as_str();
    assert!(of("cargo-config.toml").contains("local-registry = \"/srv/mirror/crates\""));
    assert!(of("pip.conf").contains("index-url = file:///srv/mirror/pypi/simple/"));
    assert!(of("npmrc").contains(DEFAULT_BASE));
    assert!(of("taos-setup.env").contains("TAOS_SETUP_MIRROR=/srv/mirror/client"));
}

#[test]
fn bases_with_secrets_or_of_other_schemes_are_refused() {
    for base in [
        "ftp://a/",
        "https://u:p@a/",
        "https://a/?q",
        "https://a/#f",
        "mirror",
        "",
    ] {
        assert!(MirrorBase::parse(base).is_err(), "{base}");
    }
}

#[test]
fn only_settings_of_what_is_there_are_written() {
    let base = MirrorBase::parse(DEFAULT_BASE).unwrap();
    let names: Vec<_> = render(&base, |directory| directory == "goproxy/")
        .into_iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(names, ["go.env"]);
}
