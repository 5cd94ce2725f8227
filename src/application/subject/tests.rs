use super::*;

fn found(files: &[(&str, &str)], languages: &[&str]) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let languages: Vec<String> = languages.iter().map(|it| (*it).to_owned()).collect();
    let (subjects, _) = subjects(Some(folder.path()), &languages).unwrap();
    subjects
        .iter()
        .map(|it| (it.language.id.to_owned(), it.named()))
        .collect()
}

const GO: (&str, &str) = (
    "go.mod",
    "module x\n\ngo 1.20\n\nrequire github.com/taosdata/driver-go/v3 v3.5.8\n",
);
const NODE: (&str, &str) = (
    "package.json",
    "{\"dependencies\": {\"@tdengine/websocket\": \"3.1.0\"}}",
);

#[test]
fn pinned_connectors_are_found() {
    let go = (
        "go".to_owned(),
        "github.com/taosdata/driver-go/v3 v3.5.8".to_owned(),
    );
    let node = ("node".to_owned(), "@tdengine/websocket 3.1.0".to_owned());
    assert_eq!(found(&[GO, NODE], &[]), [go.clone(), node.clone()]);
    assert_eq!(found(&[GO, NODE], &["js"]), [node]);
    assert_eq!(
        found(&[GO], &["golang", "python"]),
        [go, ("python".to_owned(), "Python".to_owned())]
    );
    assert_eq!(
        found(
            &[
                ("taos-jdbcdriver-3.7.9-dist.jar", ""),
                ("DESCRIPTION", "Package: x\nImports: RJDBC\n")
            ],
            &[]
        )[0]
        .0,
        "r"
    );
}

#[test]
fn project_without_pin_has_its_language() {
    assert_eq!(
        found(&[("composer.json", "{\"require\": {}}")], &[]),
        [("php".to_owned(), "PHP".to_owned())]
    );
}

#[test]
fn missing_language_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = subjects(Some(folder.path()), &[]).unwrap_err();
    assert_eq!(error.id, ErrorId::Usage);
    let error = subjects(Some(&folder.path().join("nothing")), &[]).unwrap_err();
    assert_eq!(error.id, ErrorId::FileUnreadable);
    assert!(subjects(None, &["cobol".to_owned()]).is_err());
}

#[test]
fn program_fits_the_pinned_version() {
    let release = |version: &str, exact: bool| {
        let pin = Pin {
            exact,
            ..Pin::exact("github.com/taosdata/driver-go/v3", version, "go.mod")
        };
        let subject = ProbeSubject::of("go", Some(pin)).unwrap();
        let release = subject.release(Transport::Ws, None, None).unwrap();
        (
            release.version,
            release.choice.version,
            release.note.is_some(),
        )
    };
    assert_eq!(
        release("v3.5.9", true),
        ("v3.5.9".to_owned(), "v3.5.5", false)
    );
    assert_eq!(
        release("v3.99.0", true),
        ("v3.99.0".to_owned(), "v3.8.2", false)
    );
    assert_eq!(release("v3.0.1", true).0, "v3.0.1");
    assert!(release("v3.5.5", false).2, "a range is noted");
    assert_eq!(release("", false), ("v3.8.2".to_owned(), "v3.8.2", true));
}

#[test]
fn hostile_versions_are_none() {
    for version in [
        "3.7.9",
        "v3.8.2",
        "0.7.0.dev1",
        "1.0-SNAPSHOT",
        "2.0.0+incompatible",
    ] {
        assert!(is_version(version), "{version}");
    }
    for version in [
        "",
        "; rm -rf ~",
        "1.0\"}",
        "1.0\n",
        "../../x",
        "-e",
        "${jndi}",
        "1.0</version>",
        "http://x",
        "1 || 2",
    ] {
        assert!(!is_version(version), "{version}");
    }
    assert!(!is_version(&"1".repeat(65)));
}
