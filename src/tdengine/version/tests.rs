use super::*;
use proptest::prelude::*;

fn v(text: &str) -> Version {
    text.parse().unwrap()
}

#[test]
fn requests_are_parsed() {
    assert_eq!("3.3".parse(), Ok(Request::Prefix(vec![3, 3])));
    assert_eq!("v3.3.7.5".parse(), Ok(Request::Exact(v("3.3.7.5"))));
    assert_eq!("LATEST".parse(), Ok(Request::Latest));
    for bad in [
        "",
        "3.",
        ".3",
        "3.3.7.5.1",
        "3.x",
        "03.3",
        "+3.3",
        "3.3.7.10000",
        "3..3",
        "vv3",
        "3.3.7.5 ",
    ] {
        assert!(bad.parse::<Request>().is_err(), "{bad:?}");
    }
}

#[test]
fn meant_version_is_suggested() {
    let complaint = |text: &str| text.parse::<Request>().unwrap_err();
    for text in [
        "3.3.7.5.alpha",
        "ver-3.3.7.5",
        "3.3.7.5-enterprise",
        " 3.3.7.5",
    ] {
        assert!(
            complaint(text).ends_with("; did you mean 3.3.7.5?"),
            "{text}"
        );
    }
    for text in ["3.x", "latst", "3.3.7.10000", "v3.3.7.5.1"] {
        assert!(complaint(text).ends_with(", or latest"), "{text}");
    }
}

#[test]
fn prefix_is_whole_parts() {
    let request: Request = "3.3".parse().unwrap();
    assert!(request.admits(v("3.3.7.5")));
    assert!(!request.admits(v("3.30.0.0")));
}

#[test]
fn versions_in_prose_are_found() {
    assert_eq!(
        Version::find("ver:3.3.7.5\nbuild:Linux-x64 2025-09-23"),
        Some(v("3.3.7.5"))
    );
    assert_eq!(Version::find("3.2.3.0.alpha"), Some(v("3.2.3.0")));
    assert_eq!(
        Version::find("taos version: 3.3.7.5 compatible_version: 3.0.0.0"),
        Some(v("3.3.7.5"))
    );
    assert_eq!(Version::find("1.2.3"), None);
    assert_eq!(Version::find(""), None);
}

#[test]
fn client_matches_server() {
    let published = || ["3.3.6.3", "3.3.6.9", "3.3.6.13", "3.3.7.5", "3.4.0.2"].map(v);
    assert_eq!(client_for(v("3.3.6.9"), published()), Some(v("3.3.6.9")));
    assert_eq!(client_for(v("3.3.6.10"), published()), Some(v("3.3.6.9")));
    assert_eq!(client_for(v("3.3.6.0"), published()), None);
    assert_eq!(client_for(v("3.3.8.0"), published()), None);
}

#[test]
fn nearest_version_is_found() {
    let published = || ["3.2.2.0", "3.3.6.9", "3.3.7.5"].map(v);
    let nearest = |text: &str| text.parse::<Request>().unwrap().nearest(published());
    assert_eq!(nearest("3.3.6.1"), Some(v("3.3.6.9")));
    assert_eq!(nearest("3.3.9"), Some(v("3.3.7.5")));
    assert_eq!(nearest("9"), Some(v("3.3.7.5")));
}

#[test]
fn three_libraries_from_3_3_6() {
    assert_eq!(driver_libraries(v("3.3.5.8")).len(), 1);
    assert_eq!(driver_libraries(v("3.3.6.0")).len(), 3);
}

prop_compose! {
    fn any_version()(parts in prop::array::uniform4(0..=LARGEST_PART)) -> Version { Version(parts) }
}

proptest! {
    #[test]
    fn printed_version_is_parsed_again(version in any_version()) {
        prop_assert_eq!(version.to_string().parse(), Ok(version));
    }

    #[test]
    fn parsed_version_is_printed_again(text in "(latest|[1-9][0-9]{0,3}(\\.(0|[1-9][0-9]{0,3})){0,3})") {
        prop_assert_eq!(text.parse::<Request>().unwrap().to_string(), text);
    }

    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = text.parse::<Request>();
        let _ = Version::find(&text);
    }

    #[test]
    fn order_is_by_parts(a in any_version(), b in any_version()) {
        prop_assert_eq!(a.cmp(&b), a.0.cmp(&b.0));
    }

    #[test]
    fn compatibility_is_an_equivalence(a in any_version(), b in any_version()) {
        prop_assert!(native_compatible(a, a));
        prop_assert_eq!(native_compatible(a, b), native_compatible(b, a));
    }

    #[test]
    fn chosen_client_matches_and_is_not_newer(
        server in prop::array::uniform4(3u32..6),
        published in prop::collection::vec(prop::array::uniform4(3u32..6), 0..40),
    ) {
        let server = Version(server);
        let chosen = client_for(server, published.iter().copied().map(Version));
        if let Some(chosen) = chosen {
            prop_assert!(native_compatible(chosen, server) && chosen <= server);
        }
        let exact = published.contains(&server.0);
        prop_assert_eq!(exact, chosen == Some(server));
    }
}
