use super::*;

#[test]
fn newest_jar_is_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    };
    assert_eq!(pin(folder.path()), None);
    for path in [
        "java/taos-jdbcdriver-3.5.3-dist.jar",
        "inst/java/taos-jdbcdriver-3.10.0.jar",
        "lib/taos-jdbcdriver-3.9.9-dist.jar",
        "taos-jdbcdriver-4.0.0-sources.jar",
        "taos-jdbcdriver-.jar",
    ] {
        at(path);
    }
    let pin = pin(folder.path()).unwrap();
    assert_eq!(
        (pin.package.as_str(), pin.version.as_str()),
        (PACKAGE, "3.10.0")
    );
    assert_eq!(pin.file, "inst/java/taos-jdbcdriver-3.10.0.jar");
    assert!(pin.exact);
}
