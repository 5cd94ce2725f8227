use super::*;

const PACKAGE: &str = "@tdengine/websocket";

#[test]
fn npm() {
    let lock = |asked: &str| {
        format!(
            r#"{{"lockfileVersion": 3, "packages": {{"": {{"dependencies": {{"{PACKAGE}": "{asked}"}}}}, "node_modules/{PACKAGE}": {{"version": "3.1.0"}}}}}}"#
        )
    };
    assert_eq!(
        package_lock(&lock("3.1.0"), "", PACKAGE, "3.1.0"),
        State::Fresh
    );
    assert_eq!(
        package_lock(&lock("3.0.4"), "", PACKAGE, "3.1.0"),
        State::Stale
    );
    assert_eq!(
        package_lock("{\"packages\": {\"\": {}}}", "", PACKAGE, "3.1.0"),
        State::Stale
    );
    let old = format!(r#"{{"dependencies": {{"{PACKAGE}": {{"version": "3.1.0"}}}}}}"#);
    assert_eq!(package_lock(&old, "", PACKAGE, "^3.0.0"), State::Fresh);
    assert_eq!(package_lock(&old, "", PACKAGE, "3.2.1"), State::Stale);
    assert_eq!(package_lock("{", "", PACKAGE, "3.2.1"), State::Unknown);
}

#[test]
fn yarn() {
    let one = "# yarn lockfile v1\n\n\"@tdengine/websocket@3.1.0\":\n  version \"3.1.0\"\n";
    let two =
        "\"@tdengine/websocket@npm:^3.0.0, @tdengine/websocket@npm:3.1.0\":\n  version: 3.1.0\n";
    for text in [one, two] {
        assert!(yarn_lock(text, "", PACKAGE, "3.1.0"));
        assert!(!yarn_lock(text, "", PACKAGE, "3.2.1"));
    }
}

#[test]
fn pnpm() {
    let new = "importers:\n  .:\n    dependencies:\n      '@tdengine/websocket':\n        specifier: 3.1.0\n        version: 3.1.0\n";
    let old = "specifiers:\n  '@tdengine/websocket': 3.1.0\n";
    for text in [new, old] {
        assert!(pnpm_lock(text, "", PACKAGE, "3.1.0"));
        assert!(!pnpm_lock(text, "", PACKAGE, "3.2.1"));
    }
}

#[test]
fn bun() {
    let text = "{\n  \"workspaces\": {\n    \"\": {\n      \"dependencies\": {\n        \"@tdengine/websocket\": \"3.1.0\",\n      },\n";
    assert!(bun_lock(text, "", PACKAGE, "3.1.0"));
    assert!(!bun_lock(text, "", PACKAGE, "3.2.1"));
}

/// Of a workspace's projects, only the one asked about counts, also where another asks for the same.
#[test]
fn workspaces() {
    let npm = r#"{"lockfileVersion": 3, "packages": {"": {"workspaces": ["p/*"]}, "p/a": {"dependencies": {"x": "1.0.0"}}, "p/b": {}, "node_modules/x": {}}}"#;
    let npm_below =
        r#"{"packages": {"p/a": {"dependencies": {"x": "1.0.0"}}, "p/a/node_modules/x": {}}}"#;
    let pnpm = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  p/a:\n    dependencies:\n      x:\n        specifier: 1.0.0\n        version: 1.0.0\n\n  'p/b':\n    dependencies:\n      y:\n        specifier: 1.0.0\n\npackages:\n\n  x@1.0.0: {}\n";
    let bun = "{\n  \"workspaces\": {\n    \"\": {\n      \"name\": \"root\",\n    },\n    \"p/a\": {\n      \"dependencies\": {\n        \"x\": \"1.0.0\",\n      },\n    },\n    \"p/b\": {\n    },\n  },\n}\n";
    let yarn = "__metadata:\n  version: 8\n\n\"a@workspace:*, a@workspace:p/a\":\n  version: 0.0.0-use.local\n  dependencies:\n    x: \"npm:1.0.0\"\n  linkType: soft\n\n\"b@workspace:p/b\":\n  dependencies:\n    y: 1.0.0\n\n\"c@workspace:p/c\":\n  version: 0\n\n\"root@workspace:.\":\n  version: 0\n\n\"x@npm:1.0.0\":\n  version: 1.0.0\n\n\"y@npm:1.0.0\":\n  version: 1.0.0\n";
    assert!(yarn_lock(yarn, "p/b", "y", "1.0.0"));
    for (member, expected) in [("p/a", true), ("p/b", false), ("p/c", false), ("", false)] {
        assert_eq!(
            package_lock(npm, member, "x", "1.0.0"),
            expected.into(),
            "{member}"
        );
        assert_eq!(pnpm_lock(pnpm, member, "x", "1.0.0"), expected, "{member}");
        assert_eq!(bun_lock(bun, member, "x", "1.0.0"), expected, "{member}");
        assert_eq!(yarn_lock(yarn, member, "x", "1.0.0"), expected, "{member}");
    }
    assert_eq!(package_lock(npm_below, "p/a", "x", "1.0.0"), State::Fresh);
    assert!(pnpm_lock(pnpm, "p/b", "y", "1.0.0"));
}
