use super::*;

#[test]
fn differences_are_found() {
    let url = "https://v.example/";
    let entry = |file: &str| {
        format!(
            "{{\"url\": \"{url}{file}\", \"md5\": \"{}\", \"size\": 30000000}}",
            "0".repeat(32)
        )
    };
    let known = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
    let newer = "tdengine-tsdb-oss-client-3.9.9.9-linux-x64.tar.gz";
    let list = format!(
        "[{}, {}, {}]",
        entry(known),
        entry(newer),
        entry("other.zip")
    );
    let list = VendorList::parse(list.as_bytes()).unwrap();
    let check = compare(&list, Clients::builtin().unwrap());
    assert_eq!(check.listed, 2);
    assert_eq!(check.unknown, [newer]);
    assert!(check.without_digest.contains(&newer.to_owned()));
    assert!(!check.unlisted.contains(&known.to_owned()));
}
