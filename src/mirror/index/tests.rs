use proptest::prelude::*;
use serde_json::json;

use super::*;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn lines_are_added_once() {
    let one = merged(None, &IndexUpdate::Line("v1.1.0".into()));
    let two = merged(Some(&one), &IndexUpdate::Line("v1.0.0".into()));
    assert_eq!(text(&two), "v1.0.0\nv1.1.0\n");
    assert_eq!(merged(Some(&two), &IndexUpdate::Line("v1.1.0".into())), two);
}

#[test]
fn release_takes_the_place_of_its_version() {
    let release = |version: &str, sum: &str| {
        IndexUpdate::Release(json!({"name": "a", "vers": version, "cksum": sum}))
    };
    let one = merged(None, &release("1.0.0", "x"));
    let two = merged(Some(&one), &release("2.0.0", "y"));
    let three = merged(Some(&two), &release("1.0.0", "z"));
    assert_eq!(text(&three).lines().count(), 2);
    assert!(text(&three).contains("\"z\"") && !text(&three).contains("\"x\""));
}

#[test]
fn npm_document_names_the_newest_stable_version() {
    let version = |version: &str| IndexUpdate::NpmVersion {
        name: "a".into(),
        version: version.into(),
        manifest: json!({"name": "a", "version": version}),
    };
    let mut document = merged(None, &version("10.0.0"));
    for next in ["9.0.0", "11.0.0-rc.1"] {
        document = merged(Some(&document), &version(next));
    }
    let document: Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["dist-tags"]["latest"], "10.0.0");
    assert_eq!(document["versions"].as_object().unwrap().len(), 3);
}

proptest! {
    /// What is in an index before, of any content, never keeps the new entry out.
    #[test]
    fn any_index_takes_an_entry(existing in prop::collection::vec(any::<u8>(), 0..200)) {
        let updates = [
            IndexUpdate::Line("v1".into()),
            IndexUpdate::Release(json!({"vers": "v1"})),
            IndexUpdate::NpmVersion { name: "a".into(), version: "v1".into(), manifest: json!({}) },
        ];
        for update in updates {
            let once = merged(Some(&existing), &update);
            prop_assert!(text(&once).contains("v1"));
            prop_assert_eq!(merged(Some(&once), &update), once);
        }
    }
}
