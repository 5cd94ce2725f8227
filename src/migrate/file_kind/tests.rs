use super::*;

#[test]
fn manifest_is_well_formed() {
    let read: Migrations =
        toml::from_str(include_str!("../../../manifests/migrations.toml")).unwrap();
    assert!(!read.kind.is_empty());
}

#[test]
fn names_decide_the_syntax() {
    let migrations = Migrations::built_in();
    for (name, syntax) in [
        ("App.java", Some(Syntax::Java)),
        ("build.gradle.kts", Some(Syntax::Kotlin)),
        ("application-prod.YML", Some(Syntax::Hash)),
        (".env.local", Some(Syntax::Hash)),
        ("Dockerfile.build", Some(Syntax::Hash)),
        ("pom.xml", Some(Syntax::Xml)),
        ("App.config", Some(Syntax::Xml)),
        ("README.md", None),
        ("logo.png", None),
        ("LICENSE", None),
    ] {
        assert_eq!(migrations.syntax(name), syntax, "{name}");
    }
}

#[test]
fn results_of_builds_are_skipped_next_to_their_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let migrations = Migrations::built_in();
    assert!(!migrations.skips("target", folder.path()));
    assert!(!migrations.skips("obj", folder.path()));
    std::fs::write(folder.path().join("pom.xml"), "").unwrap();
    std::fs::write(folder.path().join("a.csproj"), "").unwrap();
    assert!(migrations.skips("target", folder.path()));
    assert!(migrations.skips("obj", folder.path()));
    assert!(migrations.skips("node_modules", folder.path()));
    assert!(!migrations.skips("src", folder.path()));
}
