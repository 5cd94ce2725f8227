use super::*;

fn packages() -> Vec<Package> {
    ["a/1/x.tar.gz", "b/y.tar.gz"]
        .map(|path| Package {
            file: path.rsplit('/').next().unwrap().into(),
            path: path.into(),
            hosts: vec!["https://one.example".into(), "https://two.example".into()],
        })
        .to_vec()
}

#[test]
fn mirror_named_by_product_directory_is_asked() {
    let path = "tdengine-tsdb-oss/3.3.7.5/x.tar.gz";
    assert_eq!(
        inside(&["pub", "tdengine-tsdb-oss"], path),
        Some("3.3.7.5/x.tar.gz")
    );
    assert_eq!(
        inside(&["assets-download"], "assets-download/3.0/x"),
        Some("3.0/x")
    );
    for other in [
        &["pub"][..],
        &[],
        &["tdengine-tsdb-oss", "3.3.7.5"],
        &["tdengine-tsdb-oss", "pub"],
    ] {
        assert_eq!(inside(other, path), None);
    }
    let base = Url::parse("https://m.example/a/").unwrap();
    let shown: Vec<String> = on_mirror(&base, &packages())
        .unwrap()
        .iter()
        .map(shown)
        .collect();
    assert_eq!(shown[0], "https://m.example/a/1/x.tar.gz");
    assert_eq!(shown[1], "https://m.example/a/a/1/x.tar.gz");
}

#[test]
fn locations_are_addresses_or_paths() {
    let location = |text: &str| parse_location(text, false);
    assert_eq!(
        location("a/b.tar.gz"),
        Ok(Location::Path("a/b.tar.gz".into()))
    );
    for good in [
        "https://mirror.example/x",
        "http://127.0.0.1:8080",
        "http://localhost/x",
        "http://[::1]:1/",
    ] {
        assert!(matches!(location(good), Ok(Location::Address(_))), "{good}");
    }
    for bad in [
        "http://mirror.example",
        "http://127.0.0.1.example",
        "ftp://127.0.0.1/x",
        "https://",
        "x://",
    ] {
        assert_eq!(location(bad).map_err(|error| error.exit()), Err(2), "{bad}");
    }
    assert!(parse_location("http://mirror.example", true).is_ok());
    assert!(parse_location("ftp://mirror.example", true).is_err());
}

#[test]
fn secrets_are_not_shown() {
    let url = Url::parse("https://me:secret@host/a?token=secret#secret").unwrap();
    assert_eq!(shown(&url), "https://me:***@host/a?…");
    assert_eq!(without_secrets(&url), "https://host/a");
    let url = Url::parse("https://secret@host/a").unwrap();
    assert_eq!(shown(&url), "https://***@host/a");
}

#[test]
fn mirror_is_asked_in_order() {
    for base in ["https://m.example/pub", "https://m.example/pub/"] {
        let urls = on_mirror(&Url::parse(base).unwrap(), &packages()).unwrap();
        let texts: Vec<&str> = urls.iter().map(Url::as_str).collect();
        assert_eq!(
            texts,
            [
                "https://m.example/pub/a/1/x.tar.gz",
                "https://m.example/pub/x.tar.gz",
                "https://m.example/pub/b/y.tar.gz",
                "https://m.example/pub/y.tar.gz",
            ]
        );
    }
}

#[test]
fn vendor_is_asked_host_by_host() {
    let hosts = vendor(&packages());
    let texts: Vec<Vec<&str>> = hosts
        .iter()
        .map(|host| host.iter().map(Url::as_str).collect())
        .collect();
    assert_eq!(
        texts[0],
        [
            "https://one.example/a/1/x.tar.gz",
            "https://one.example/b/y.tar.gz"
        ]
    );
    assert_eq!(texts[1][0], "https://two.example/a/1/x.tar.gz");
}
