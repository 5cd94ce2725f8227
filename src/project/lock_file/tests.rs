use super::*;
use crate::project::toml_package_list::TomlLock;
use proptest::prelude::*;

/// The state of the lock file `text` of a project in `member` called `name`.
fn state(
    format: LockFormat,
    text: &str,
    member: &str,
    name: Option<&str>,
    package: &str,
    asked: &str,
) -> LockState {
    let project = LockedProject { member, name };
    format.reader().state(text, project, package, asked)
}

fn package_lock(text: &str, member: &str, package: &str, asked: &str) -> LockState {
    state(LockFormat::PackageLock, text, member, None, package, asked)
}

fn yarn_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    state(LockFormat::YarnLock, text, member, None, package, asked) == LockState::Fresh
}

fn pnpm_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    state(LockFormat::PnpmLock, text, member, None, package, asked) == LockState::Fresh
}

fn bun_lock(text: &str, member: &str, package: &str, asked: &str) -> bool {
    state(LockFormat::BunLock, text, member, None, package, asked) == LockState::Fresh
}

fn sum(text: &str, package: &str, asked: &str) -> bool {
    state(LockFormat::GoSum, text, "", None, package, asked) == LockState::Fresh
}

fn vendor(text: &str, package: &str, asked: &str) -> bool {
    state(LockFormat::GoVendor, text, "", None, package, asked) == LockState::Fresh
}

fn cargo_lock(text: &str, name: Option<&str>, package: &str, asked: &str) -> LockState {
    state(LockFormat::CargoLock, text, "", name, package, asked)
}

fn python_lock(text: &str, name: Option<&str>, package: &str, asked: &str) -> LockState {
    state(LockFormat::PythonLock, text, "", name, package, asked)
}

proptest! {
    #[test]
    fn any_text_is_handled(text in "[\\[\\]{}:=,.\"'/@# a-z0-9\n-]{0,80}", asked in "\\PC{0,12}", member in "(a/b)?") {
        for format in [
            LockFormat::PackageLock, LockFormat::YarnLock, LockFormat::PnpmLock, LockFormat::BunLock,
            LockFormat::GoSum, LockFormat::GoVendor, LockFormat::CargoLock, LockFormat::PythonLock, LockFormat::NugetLock,
        ] {
            let _ = format.reader().state(&text, LockedProject { member: &member, name: Some("a") }, "a", &asked);
        }
    }
}

#[test]
fn go_sum_needs_both_hashes() {
    let whole = "example.com/a v1.2.0 h1:x=\nexample.com/a v1.2.0/go.mod h1:y=\n";
    assert!(sum(whole, "example.com/a", "v1.2.0"));
    assert!(!sum(whole, "example.com/a", "v1.3.0"));
    assert!(!sum(whole, "example.com/b", "v1.2.0"));
    // `go mod download` of another module's requirements leaves the second line alone.
    assert!(!sum(
        "example.com/a v1.2.0/go.mod h1:y=\n",
        "example.com/a",
        "v1.2.0"
    ));
}

#[test]
fn vendored_module_is_fresh() {
    let text = "# example.com/a v1.2.0\n## explicit; go 1.14\nexample.com/a/b\n";
    assert!(vendor(text, "example.com/a", "v1.2.0"));
    assert!(!vendor(text, "example.com/a", "v1.2.1"));
}

const PACKAGE: &str = "@tdengine/websocket";

#[test]
fn package_lock_states() {
    let lock = |asked: &str| {
        format!(
            r#"{{"lockfileVersion": 3, "packages": {{"": {{"dependencies": {{"{PACKAGE}": "{asked}"}}}}, "node_modules/{PACKAGE}": {{"version": "3.1.0"}}}}}}"#
        )
    };
    assert_eq!(
        package_lock(&lock("3.1.0"), "", PACKAGE, "3.1.0"),
        LockState::Fresh
    );
    assert_eq!(
        package_lock(&lock("3.0.4"), "", PACKAGE, "3.1.0"),
        LockState::Stale
    );
    assert_eq!(
        package_lock("{\"packages\": {\"\": {}}}", "", PACKAGE, "3.1.0"),
        LockState::Stale
    );
    let old = format!(r#"{{"dependencies": {{"{PACKAGE}": {{"version": "3.1.0"}}}}}}"#);
    assert_eq!(package_lock(&old, "", PACKAGE, "^3.0.0"), LockState::Fresh);
    assert_eq!(package_lock(&old, "", PACKAGE, "3.2.1"), LockState::Stale);
    assert_eq!(package_lock("{", "", PACKAGE, "3.2.1"), LockState::Unknown);
}

#[test]
fn yarn_lock_states() {
    let one = "# yarn lockfile v1\n\n\"@tdengine/websocket@3.1.0\":\n  version \"3.1.0\"\n";
    let two =
        "\"@tdengine/websocket@npm:^3.0.0, @tdengine/websocket@npm:3.1.0\":\n  version: 3.1.0\n";
    for text in [one, two] {
        assert!(yarn_lock(text, "", PACKAGE, "3.1.0"));
        assert!(!yarn_lock(text, "", PACKAGE, "3.2.1"));
    }
}

#[test]
fn pnpm_lock_states() {
    let new = "importers:\n  .:\n    dependencies:\n      '@tdengine/websocket':\n        specifier: 3.1.0\n        version: 3.1.0\n";
    let old = "specifiers:\n  '@tdengine/websocket': 3.1.0\n";
    for text in [new, old] {
        assert!(pnpm_lock(text, "", PACKAGE, "3.1.0"));
        assert!(!pnpm_lock(text, "", PACKAGE, "3.2.1"));
    }
}

#[test]
fn bun_lock_states() {
    let text = "{\n  \"workspaces\": {\n    \"\": {\n      \"dependencies\": {\n        \"@tdengine/websocket\": \"3.1.0\",\n      },\n";
    assert!(bun_lock(text, "", PACKAGE, "3.1.0"));
    assert!(!bun_lock(text, "", PACKAGE, "3.2.1"));
}

/// Of a workspace's projects, only the one asked about counts, also where another asks for the same.
#[test]
fn other_workspace_members_do_not_count() {
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
    assert_eq!(
        package_lock(npm_below, "p/a", "x", "1.0.0"),
        LockState::Fresh
    );
    assert!(pnpm_lock(pnpm, "p/b", "y", "1.0.0"));
}

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\n";

#[test]
fn cargo_lock_states() {
    for fresh in ["0.12.3", "^0.12", "=0.12.3", ">=0.12, <0.13", "0.12.1"] {
        assert_eq!(
            cargo_lock(LOCK, None, "taos", fresh),
            LockState::Fresh,
            "{fresh}"
        );
    }
    for stale in ["0.12.4", "=0.12.2", "0.13"] {
        assert_eq!(
            cargo_lock(LOCK, None, "taos", stale),
            LockState::Stale,
            "{stale}"
        );
    }
    assert_eq!(cargo_lock(LOCK, None, "libtaos", "0.4"), LockState::Stale);
    assert_eq!(
        cargo_lock("[[package", Some("app"), "taos", "0.12"),
        LockState::Unknown
    );
}

#[test]
fn cargo_lock_of_other_member_is_stale() {
    let lock = format!(
        "{LOCK}\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\n \"serde\",\n \"taos 0.12.3\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"c\"\nversion = \"1.0.0\"\nsource = \"registry\"\ndependencies = [\"taos\"]\n"
    );
    for (own, state) in [
        ("a", LockState::Fresh),
        ("b", LockState::Stale),
        ("c", LockState::Stale),
        ("d", LockState::Stale),
    ] {
        assert_eq!(
            cargo_lock(&lock, Some(own), "taos", "0.12.3"),
            state,
            "{own}"
        );
    }
    assert_eq!(
        cargo_lock(&lock, Some("a"), "taos", "0.13"),
        LockState::Stale
    );
}

#[test]
fn dependents_are_listed() {
    let uv = "[[package]]\nname = \"web\"\nsource = { editable = \"web\" }\ndependencies = [\n  { name = \"taos-ws-py\" },\n]\n\
                  [[package]]\nname = \"core\"\nsource = { virtual = \"core\" }\n\
                  [[package]]\nname = \"idna\"\nsource = { registry = \"r\" }\n";
    let cargo = "[[package]]\nname = \"web\"\ndependencies = [\n \"taos-ws-py 0.7.0\",\n]\n\
                     [[package]]\nname = \"core\"\nversion = \"1.0.0\"\n";
    let read = |text| TomlLock::read(text).unwrap();
    for lock in [read(uv), read(cargo)] {
        assert_eq!(lock.dependence("Web", "taos_ws_py"), Some(true));
        assert_eq!(lock.dependence("core", "taos-ws-py"), Some(false));
    }
    assert_eq!(
        read(uv).dependence("idna", "taos-ws-py"),
        None,
        "no project"
    );
    assert_eq!(read("").dependence("core", "taos-ws-py"), None);
    let held = format!("{uv}[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n");
    for (own, state) in [
        ("web", LockState::Fresh),
        ("core", LockState::Stale),
        ("other", LockState::Fresh),
    ] {
        assert_eq!(
            python_lock(&held, Some(own), "taos-ws-py", "==0.7.0"),
            state,
            "{own}"
        );
    }
}

#[test]
fn python_lock_states() {
    let lock = "[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\n";
    for fresh in ["==0.7.0", ">=0.6,<1", "^0.7", "~0.7.0", "0.7.0", ""] {
        assert_eq!(
            python_lock(lock, None, "taos_ws.py", fresh),
            LockState::Fresh,
            "{fresh}"
        );
    }
    for stale in ["==0.6.9", "^0.6", "0.6.9"] {
        assert_eq!(
            python_lock(lock, None, "taos-ws-py", stale),
            LockState::Stale,
            "{stale}"
        );
    }
}

#[test]
fn digests_are_read_in_the_words_of_each_format() {
    let ws = ("@tdengine/websocket", "3.1.9");
    let python = ("taos-ws-py", "0.7.0");
    let files = |hashes: &str| Some(format!("files-sha256:{}", sha256_of(hashes)));
    for (format, text, (package, version), digest) in [
        (
            LockFormat::GoSum,
            "example.com/m v1.0.0 h1:no=\nexample.com/m/v3 v3.8.2/go.mod h1:mod=\nexample.com/m/v3 v3.8.2 h1:yes=\n",
            ("example.com/m/v3", "v3.8.2"),
            Some("h1:yes=".to_owned()),
        ),
        (
            LockFormat::CargoLock,
            "[[package]]\nname = \"taos\"\nversion = \"0.12.2\"\nchecksum = \"aa\"\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\nchecksum = \"bb\"\n",
            ("taos", "0.12.3"),
            Some("sha256:bb".to_owned()),
        ),
        (
            LockFormat::PackageLock,
            r#"{"packages": {"node_modules/@tdengine/websocket": {"version": "3.1.9", "integrity": "sha512-A=="}}}"#,
            ws,
            Some("sha512-A==".to_owned()),
        ),
        (
            LockFormat::PackageLock,
            r#"{"dependencies": {"@tdengine/websocket": {"version": "3.1.9", "integrity": "sha512-B=="}}}"#,
            ws,
            Some("sha512-B==".to_owned()),
        ),
        (
            LockFormat::YarnLock,
            "\"@tdengine/websocket@^3.1.9\":\n  version \"3.1.9\"\n  resolved \"x\"\n  integrity sha512-C==\n",
            ws,
            Some("sha512-C==".to_owned()),
        ),
        (
            LockFormat::PnpmLock,
            "packages:\n\n  '@tdengine/websocket@3.1.8':\n    resolution: {integrity: sha512-no}\n\n  '@tdengine/websocket@3.1.9':\n    resolution: {integrity: sha512-D==}\n",
            ws,
            Some("sha512-D==".to_owned()),
        ),
        (
            LockFormat::BunLock,
            "\"packages\": {\n  \"@tdengine/websocket\": [\"@tdengine/websocket@3.1.9\", \"\", {}, \"sha512-E==\"],\n}\n",
            ws,
            Some("sha512-E==".to_owned()),
        ),
        (
            LockFormat::PythonLock,
            "[[package]]\nname = \"taos-ws-py\"\nversion = \"0.7.0\"\nwheels = [{ url = \"b\", hash = \"sha256:b\" }, { url = \"a\", hash = \"sha256:a\" }]\n",
            python,
            files("sha256:a\nsha256:b"),
        ),
        (
            LockFormat::PipfileLock,
            r#"{"default": {"taos_ws_py": {"version": "==0.7.0", "hashes": ["sha256:b", "sha256:a"]}}}"#,
            python,
            files("sha256:a\nsha256:b"),
        ),
        (
            LockFormat::NugetLock,
            r#"{"dependencies": {"net8.0": {"TDengine.Connector": {"resolved": "3.1.10", "contentHash": "F=="}}}}"#,
            ("TDengine.Connector", "3.1.10"),
            Some("sha512-F==".to_owned()),
        ),
        (LockFormat::RenvLock, "{}", ("RJDBC", "0.2-10"), None),
    ] {
        let reader = format.reader();
        assert_eq!(reader.digest(text, package, version), digest, "{format:?}");
        assert_eq!(reader.digest(text, package, "9.9.9"), None, "{format:?}");
        assert_eq!(reader.digest(text, "other", version), None, "{format:?}");
        assert_eq!(
            reader.digest("\u{0}{[", package, version),
            None,
            "{format:?}"
        );
    }
}

fn sha256_of(text: &str) -> crate::tdengine::digest::Sha256 {
    crate::tdengine::digest::Sha256::of(text.as_bytes()).unwrap()
}
