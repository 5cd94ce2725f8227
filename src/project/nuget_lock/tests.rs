use super::*;

const LOCK: &str = r#"{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "TDengine.Connector": {
        "type": "Direct",
        "requested": "[3.2.1, )",
        "resolved": "3.2.1",
        "contentHash": "x"
      },
      "Newtonsoft.Json": { "type": "Transitive", "resolved": "13.0.3" }
    },
    "net8.0/linux-x64": {}
  }
}"#;

fn state(text: &str, package: &str, asked: &str) -> LockState {
    NugetLock.state(text, LockedProject::default(), package, asked)
}

#[test]
fn requested_range_is_compared() {
    assert_eq!(state(LOCK, "TDengine.Connector", "3.2.1"), LockState::Fresh);
    assert_eq!(
        state(LOCK, "tdengine.connector", "3.2.1.0"),
        LockState::Fresh
    );
    assert_eq!(state(LOCK, "TDengine.Connector", "3.1.4"), LockState::Stale);
    assert_eq!(
        state(LOCK, "TDengine.Connector", "[3.2.1]"),
        LockState::Stale
    );
    // What another package brings along is not what the manifest asks for.
    assert_eq!(state(LOCK, "Newtonsoft.Json", "13.0.3"), LockState::Stale);
    let one = LOCK.replace("[3.2.1, )", "[3.2.1, 3.2.1]");
    assert_eq!(
        state(&one, "TDengine.Connector", "[3.2.1]"),
        LockState::Fresh
    );
    for unknown in ["", "[]", "{}", "{\"dependencies\": 1}"] {
        assert_eq!(state(unknown, "a", "1"), LockState::Unknown, "{unknown}");
    }
}

#[test]
fn resolved_versions_are_pins() {
    let pins = NugetLock.pins(LOCK, "packages.lock.json").unwrap();
    let mut versions: Vec<_> = pins.iter().map(|pin| pin.version.as_str()).collect();
    versions.sort_unstable();
    assert_eq!(versions, ["13.0.3", "3.2.1"]);
}
