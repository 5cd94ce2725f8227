use super::*;

#[test]
fn http_needs_no_certificates() {
    for url in ["http://127.0.0.1:1/", "http://mirror.example/"] {
        let url = Url::parse(url).unwrap();
        assert!(build(AddressKind::of(&url), &url, &DownloadLimits::default()).is_ok());
    }
}
