use super::*;
use crate::mirror::manifest::FileOrigin;
use crate::tdengine::digest::Sha256;

#[test]
fn names_are_normalized() {
    assert_eq!(normalized("Taos.WS__py"), "taos-ws-py");
    assert_eq!(normalized("a-_.b"), "a-b");
}

#[test]
fn metadata_ends_at_the_first_empty_line() {
    let metadata =
        parse_metadata("Name: a\nRequires-Python: >=3.9,<4\nLicense: MIT\n\nRequires-Python: 2\n");
    assert_eq!(metadata.requires_python.as_deref(), Some(">=3.9,<4"));
    assert_eq!(metadata.license.as_deref(), Some("MIT"));
    let other = parse_metadata("License: a whole\n  text\nLicense-Expression: Apache-2.0\n");
    assert_eq!(other.license.as_deref(), Some("Apache-2.0"));
}

#[test]
fn pages_link_to_wheels_with_their_digests() {
    let path = EntryPath::parse("pypi/packages/a-b/a_b-1.0+x-py3-none-any.whl").unwrap();
    let file = MirrorFile {
        size: 1,
        sha256: Sha256([1; 32]),
        origin: FileOrigin::Registry,
        license: None,
        has_base: false,
    };
    let pages = pages(&BTreeMap::from([(path, file)]), |_| {
        Some(WheelMetadata {
            requires_python: Some(">=3.8".to_owned()),
            license: None,
        })
    });
    assert_eq!(pages[0].0, "pypi/simple/index.html");
    assert!(pages[0].1.contains("<a href=\"a-b/\">a-b</a>"));
    assert_eq!(pages[1].0, "pypi/simple/a-b/index.html");
    let digest = "01".repeat(32);
    assert!(
        pages[1].1.contains(&format!(
            "#sha256={digest}\" data-requires-python=\"&gt;=3.8\">"
        )),
        "{}",
        pages[1].1
    );
}
