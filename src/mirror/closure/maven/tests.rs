use super::*;

#[test]
fn jar_is_known_by_its_file() {
    let jar = JarArtifact::of_file("taos-jdbcdriver-3.7.9-dist.jar");
    assert_eq!(
        jar,
        Some(JarArtifact(
            "com.taosdata.jdbc:taos-jdbcdriver:3.7.9:jar:dist".into()
        ))
    );
    for name in [
        "taos-jdbcdriver-3.7.9.jar",
        "other-1-dist.jar",
        "taos-jdbcdriver-x -Dy-dist.jar",
    ] {
        assert_eq!(JarArtifact::of_file(name), None, "{name}");
    }
}

#[test]
fn artifacts_are_found_in_the_output() {
    let output = "[ERROR] Could not find artifact org.a:b:jar:1.0 in taos-setup-mirror (file:///m/maven/) -> [Help 1]\n\
        Could not find artifact org.a:b:jar:1.0 in x, Failure to find org.c:d:pom:2 in file:///m";
    assert_eq!(
        artifacts_not_found(output),
        ["org.a:b:jar:1.0", "org.c:d:pom:2"]
    );
    assert!(artifacts_not_found("BUILD FAILURE: Could not find artifact by name").is_empty());
}
