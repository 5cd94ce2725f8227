use super::*;

#[test]
fn paths_follow_the_length_of_the_name() {
    for (name, expected) in [
        ("a", "crates/index/1/a"),
        ("ab", "crates/index/2/ab"),
        ("syn", "crates/index/3/s/syn"),
        ("Tokio", "crates/index/to/ki/tokio"),
    ] {
        assert_eq!(path(name), expected);
    }
}

#[test]
fn entry_has_dependencies_and_both_kinds_of_features() {
    let package = json!({
        "name": "taos", "version": "0.12.3", "links": null, "rust_version": "1.78",
        "features": {"default": ["ws"], "test": ["insta/json"], "ws": ["dep:taos-ws"]},
        "dependencies": [
            {"name": "taos-ws", "rename": "ws", "req": "^1", "features": [], "optional": true, "uses_default_features": true, "target": null, "kind": null},
            {"name": "insta", "rename": null, "req": "^1", "features": [], "optional": false, "uses_default_features": true, "target": null, "kind": "dev"},
            {"name": "cc", "rename": null, "req": "^1", "features": ["parallel"], "optional": false, "uses_default_features": false, "target": "cfg(unix)", "kind": "build"},
        ],
    });
    let entry = release(&package, "00").unwrap();
    assert_eq!(
        entry,
        json!({
            "name": "taos", "vers": "0.12.3", "cksum": "00", "yanked": false, "v": 2, "rust_version": "1.78",
            "features": {"default": ["ws"], "test": ["insta/json"]},
            "features2": {"ws": ["dep:taos-ws"]},
            "deps": [
                {"name": "ws", "package": "taos-ws", "req": "^1", "features": [], "optional": true, "default_features": true, "target": null, "kind": "normal"},
                {"name": "insta", "req": "^1", "features": [], "optional": false, "default_features": true, "target": null, "kind": "dev"},
                {"name": "cc", "req": "^1", "features": ["parallel"], "optional": false, "default_features": false, "target": "cfg(unix)", "kind": "build"},
            ],
        })
    );
    assert_eq!(release(&json!({"name": "a"}), "00"), None);
}

#[test]
fn config_names_the_files() {
    assert_eq!(
        config("http://h/"),
        r#"{"dl":"http://h/crates/{crate}-{version}.crate"}"#
    );
}
