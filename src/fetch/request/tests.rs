use super::*;

fn to(from: &str, location: Option<&str>, insecure: bool) -> Result<String> {
    redirected(&Url::parse(from).unwrap(), location, insecure).map(String::from)
}

#[test]
fn redirects_never_leave_https() {
    let from = "https://a.example/x/y";
    assert_eq!(
        to(from, Some("/z"), false),
        Ok("https://a.example/z".into())
    );
    let other = "https://b.example/";
    assert_eq!(to(from, Some(other), false), Ok(other.into()));
    for down in [
        "http://a.example/",
        "http://127.0.0.1/",
        "ftp://a.example/",
        "file:///etc/passwd",
    ] {
        for insecure in [false, true] {
            let exit = to(from, Some(down), insecure).map_err(|error| error.exit());
            assert_eq!(exit, Err(5), "{down}");
        }
    }
    let here = "http://127.0.0.1:1/";
    assert!(to(here, None, false).is_err());
    assert!(to(here, Some("https://a.example/"), false).is_ok());
    assert!(to(here, Some("http://a.example/"), false).is_err());
    assert!(to(here, Some("http://a.example/"), true).is_ok());
}

#[test]
fn password_goes_only_to_its_server() {
    let from = "https://me:secret@a.example/x?token=secret";
    for (location, leads) in [
        ("/z", "https://me:secret@a.example/z"),
        ("https://a.example/z", "https://me:secret@a.example/z"),
        ("https://a.example:8443/z", "https://a.example:8443/z"),
        ("https://b.example/z", "https://b.example/z"),
        ("https://you:other@b.example/z", "https://b.example/z"),
    ] {
        assert_eq!(to(from, Some(location), false), Ok(leads.into()));
    }
}
