use super::*;

#[test]
fn addresses_without_their_scheme() {
    for like in [
        "mirror.example/x",
        "localhost:8080",
        "10.0.0.1:80/x",
        "me:secret@host",
    ] {
        assert!(is_like_an_address(like), "{like}");
    }
    for path in [
        "TDengine-client-3.3.6.13-Linux-x64.tar.gz",
        "./a.b/c",
        "/a.b/c",
        "a/b",
        "",
        "a:b",
    ] {
        assert!(!is_like_an_address(path), "{path}");
    }
    let error = unreadable("me:secret@host/x", &io::ErrorKind::NotFound.into());
    assert!(!format!("{error:?}").contains("secret"));
}
