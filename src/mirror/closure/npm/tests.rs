use serde_json::json;

use super::*;

#[test]
fn lock_has_packages_of_registries_and_gaps() {
    let lock = json!({"packages": {
        "": {"name": "app"},
        "node_modules/@tdengine/rest": {"version": "3.0.3", "resolved": "https://r.example/rest.tgz", "integrity": "sha512-x"},
        "node_modules/a/node_modules/b": {"version": "1.0.0"},
        "node_modules/alias": {"name": "real", "version": "2.0.0"},
        "node_modules/own": {"resolved": "packages/own", "link": true},
        "packages/own": {"version": "1.0.0"},
        "node_modules/c": {"version": "1.0.0", "resolved": "git+ssh://git@git.example/c.git#00"},
        "node_modules/d": {"version": "1.0.0", "inBundle": true},
        "node_modules/e": {"version": "1.0.0", "resolved": "file:e.tgz"},
    }});
    let found = NpmLock::of_lock(&lock);
    let names: Vec<_> = found.packages.keys().map(String::as_str).collect();
    assert_eq!(names, ["@tdengine/rest@3.0.3", "b@1.0.0", "real@2.0.0"]);
    assert_eq!(found.gaps.len(), 1);
    assert_eq!(found.gaps[0].0, GapReason::GitSource);
    assert_eq!(
        NpmLock::of_lock(&json!({"dependencies": {}})),
        NpmLock::default()
    );
}
