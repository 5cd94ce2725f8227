use super::place::{jars, newest};
use super::*;

const PACKAGE: &str = "com.taosdata.jdbc:taos-jdbcdriver";

fn project(files: &[&str]) -> (tempfile::TempDir, ProjectRoot) {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        let path = directory.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "a jar").unwrap();
    }
    let root = ProjectRoot::open(directory.path()).unwrap();
    (directory, root)
}

#[test]
fn newest_jar_is_found() {
    let (_directory, root) = project(&[
        "lib/taos-jdbcdriver-3.5.3-dist.jar",
        "java/taos-jdbcdriver-3.10.0-dist.jar",
        "jars/taos-jdbcdriver-3.9.9-dist.jar",
        "taos-jdbcdriver-4.0.0.jar",
        "taos-jdbcdriver-x-dist.jar",
        "other-9.0.0-dist.jar",
    ]);
    let found = newest(jars(&JarDirectory::all(), &root, PACKAGE)).unwrap();
    assert_eq!(found.version, "3.10.0");
    assert_eq!(
        found.directory.shown(&found.file),
        "java/taos-jdbcdriver-3.10.0-dist.jar"
    );
    let (_directory, root) = project(&["java/readme"]);
    assert_eq!(newest(jars(&JarDirectory::all(), &root, PACKAGE)), None);
}

#[test]
fn packages_keep_jars_where_r_installs_them() {
    let (_directory, root) = project(&["DESCRIPTION"]);
    assert_eq!(JarDirectory::usual(&root).shown("x"), "java/x");
    let (_directory, root) = project(&["DESCRIPTION", "NAMESPACE"]);
    assert_eq!(JarDirectory::usual(&root).shown("x"), "inst/java/x");
}

#[test]
fn named_directory_may_be_elsewhere() {
    let (directory, _root) = project(&[]);
    let inside = JarDirectory::named(&directory.path().join("a/b"), directory.path()).unwrap();
    assert_eq!(inside, JarDirectory::InProject("a/b".into()));
    let own = JarDirectory::named(directory.path(), directory.path()).unwrap();
    assert_eq!(own.shown("x"), "x");
    let outside = JarDirectory::named(&directory.path().join("../c"), &directory.path().join("d"));
    assert!(matches!(outside.unwrap(), JarDirectory::Elsewhere(_)));
}

#[test]
fn releases_of_r_have_jars() {
    let catalog = Connectors::built_in();
    for transport in Transport::ALL {
        let choice = catalog.choose("r", transport, None).unwrap();
        for release in catalog.releases(&choice, "r", transport) {
            let jar = release.jar.unwrap();
            assert!(
                (1 << 20..32 << 20).contains(&jar.size),
                "{}",
                release.version
            );
        }
    }
}
