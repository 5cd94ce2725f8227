use serde_json::json;

use super::*;

#[test]
fn files_are_below_the_base() {
    let package = json!({"name": "@tdengine/rest", "version": "3.0.3", "dependencies": {"a": "1"}, "scripts": {"install": "x"}, "readme": "long"});
    let manifest = version_manifest(&package, "sha512-x", "00").unwrap();
    assert_eq!(manifest["hasInstallScript"], true);
    assert!(manifest.get("readme").is_none());
    let document = json!({"name": "@tdengine/rest", "versions": {"3.0.3": manifest}}).to_string();
    let one = rebased(document.as_bytes(), "http://a/");
    let other = rebased(&one, "https://b/m/");
    let value: Value = serde_json::from_slice(&other).unwrap();
    assert_eq!(
        value["versions"]["3.0.3"]["dist"]["tarball"],
        "https://b/m/npm/@tdengine/rest/-/rest-3.0.3.tgz"
    );
    assert_eq!(rebased(b"no document", "http://a/"), b"no document");
}

#[test]
fn package_without_name_has_no_manifest() {
    assert_eq!(version_manifest(&json!({"version": "1"}), "", ""), None);
    assert_eq!(version_manifest(&json!([]), "", ""), None);
}
