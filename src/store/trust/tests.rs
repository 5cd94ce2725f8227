use super::*;

#[test]
fn recorded_once_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("home"));
    assert_eq!(store.trust().unwrap(), Trust::default());
    let lock = store.try_lock().unwrap().unwrap();
    for (byte, file) in [(1, "b"), (2, "a"), (3, "b")] {
        let sha256 = Sha256([byte; 32]);
        let file = file.to_owned();
        lock.record_trust(TrustedPackage {
            file,
            sha256,
            verified: Verified::FirstUse,
        })
        .unwrap();
    }
    let trust = store.trust().unwrap();
    assert_eq!(trust.packages.len(), 2);
    assert_eq!(trust.of("b").unwrap().sha256, Sha256([3; 32]));
    assert_eq!(trust.of("c"), None);
}

#[test]
fn broken_file_is_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().to_path_buf());
    std::fs::write(
        folder.path().join(NAME),
        "schema = 1\n[[package]]\nfile = 3\n",
    )
    .unwrap();
    let error = store.trust().unwrap_err();
    assert_eq!(error.exit(), 8);
    assert!(error.observed.to_string().starts_with("line 3:"), "{error}");
}
