use proptest::prelude::*;

use super::*;
use crate::catalog::connectors::VersionRules;

const WANTED: Requirement = Requirement {
    file: "manifest",
    package: "com.taosdata.jdbc:taos-jdbcdriver",
    version: "3.7.9",
    runtime: "8",
    runtime_below: None,
    classifier: None,
    parts: &[],
    or_parts: &[],
    all_parts: &[],
    companions: &[],
    retired: &[],
    parents: &[],
    upgrade: false,
    is_pinned: false,
    location: None,
    locked: &[],
    rules: VersionRules::NONE,
    list: DependencyList::Main,
    sections: &[],
};

fn groovy(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    Gradle(ScriptLanguage::Groovy).edit(source, wanted)
}

fn kotlin(source: &str, wanted: Requirement) -> Result<Edit, EditRefusal> {
    Gradle(ScriptLanguage::Kotlin).edit(source, wanted)
}

#[test]
fn insertion_follows_the_style() {
    for (before, line) in [
        (
            "dependencies {\n    implementation 'a:b:1'\n}\n",
            "    implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9'\n",
        ),
        (
            "dependencies {\n\timplementation(\"a:b:1\")\n}\n",
            "\timplementation(\"com.taosdata.jdbc:taos-jdbcdriver:3.7.9\")\n",
        ),
        (
            "dependencies {\n    compile 'a:b:1'\n}\n",
            "    compile 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9'\n",
        ),
        (
            "dependencies { implementation 'a:b:1' }\n",
            "; implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9'",
        ),
        (
            "dependencies {\n}\n",
            "    implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9'",
        ),
        (
            "// dependencies {\ndependencies {\n  implementation('a:b:1') {\n    exclude group: 'x'\n  }\n}\n",
            "  implementation('com.taosdata.jdbc:taos-jdbcdriver:3.7.9')\n",
        ),
        (
            "plugins { id 'java' }\n",
            "dependencies {\n    implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9'\n}\n",
        ),
    ] {
        let edit = groovy(before, WANTED).unwrap();
        let after = edit.apply(before);
        assert!(after.contains(line), "{before}\n{after}");
        let again = groovy(&after, WANTED).unwrap();
        assert_eq!((again.insertion, again.replacements), (None, vec![]));
    }
}

#[test]
fn unclear_scripts_are_refused() {
    for source in [
        "subprojects {\n  dependencies {\n    implementation 'a:b:1'\n  }\n}\n",
        "buildscript { dependencies { classpath 'a:b:1' } }\n",
    ] {
        assert!(matches!(
            groovy(source, WANTED),
            Err(EditRefusal::Conflict { .. })
        ));
    }
    for source in ["dependencies {", "x = 'a\n", "/* a", "}"] {
        assert!(matches!(
            groovy(source, WANTED),
            Err(EditRefusal::Unparsable { .. })
        ));
    }
}

#[test]
fn versions_are_found() {
    let with = |line: &str| format!("dependencies {{\n    {line}\n}}\n");
    for (source, upgraded) in [
        (
            with("implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.2.8'"),
            "3.7.9'",
        ),
        (
            with(
                "implementation group: 'com.taosdata.jdbc', name: 'taos-jdbcdriver', version: '3.2.8'",
            ),
            "version: '3.7.9'",
        ),
        (
            "def taos = '3.2.8'\n".to_owned()
                + &with("implementation \"com.taosdata.jdbc:taos-jdbcdriver:$taos\""),
            "def taos = '3.7.9'",
        ),
        (
            "ext { taosVersion = '3.2.8' }\n".to_owned()
                + &with("implementation \"com.taosdata.jdbc:taos-jdbcdriver:${taosVersion}\""),
            "taosVersion = '3.7.9'",
        ),
        (
            "ext {\n  versions = [taos: '3.2.8']\n}\n".to_owned()
                + &with("implementation \"com.taosdata.jdbc:taos-jdbcdriver:${versions.taos}\""),
            "taos: '3.7.9'",
        ),
    ] {
        let wanted = Requirement {
            upgrade: true,
            ..WANTED
        };
        let edit = groovy(&source, wanted).unwrap();
        assert_eq!(edit.insertion, None, "{source}");
        let after = edit.apply(&source);
        assert!(
            after.contains(upgraded) && !after.contains("3.2.8"),
            "{after}"
        );
    }
    let kts = "val taos by extra(\"3.2.8\")\ndependencies {\n    implementation(\"com.taosdata.jdbc:taos-jdbcdriver:$taos\")\n}\n";
    let wanted = Requirement {
        upgrade: true,
        ..WANTED
    };
    assert!(
        kotlin(kts, wanted)
            .unwrap()
            .apply(kts)
            .contains("extra(\"3.7.9\")")
    );
}

#[test]
fn catalog_gets_the_version() {
    let toml = "[versions]\njunit = \"5.10.0\"\n\n[libraries]\njunit = { module = \"org.junit:junit\", version.ref = \"junit\" }\n";
    let parents = [("gradle/libs.versions.toml".to_owned(), toml.to_owned())];
    let wanted = Requirement {
        parents: &parents,
        ..WANTED
    };
    let source = "dependencies {\n    testImplementation(libs.junit)\n}\n";
    let edit = kotlin(source, wanted).unwrap();
    let after = edit.apply(source);
    assert!(
        after.contains("    implementation(libs.taos.jdbcdriver)\n"),
        "{after}"
    );
    let catalog = edit.elsewhere[0].apply(toml);
    assert!(
        catalog.contains("taos-jdbcdriver = \"3.7.9\"\n"),
        "{catalog}"
    );
    assert!(catalog.contains("taos-jdbcdriver = { module = \"com.taosdata.jdbc:taos-jdbcdriver\", version.ref = \"taos-jdbcdriver\" }\n"), "{catalog}");
    let parents = [("gradle/libs.versions.toml".to_owned(), catalog)];
    let again = kotlin(
        &after,
        Requirement {
            parents: &parents,
            ..WANTED
        },
    )
    .unwrap();
    assert_eq!((again.insertion, again.elsewhere), (None, vec![]));
}

proptest! {
    #[test]
    fn edit_is_one_splice(names in proptest::collection::vec("[a-z]{1,4}", 0..5), windows: bool, comment: bool) {
        let ending = if windows { "\r\n" } else { "\n" };
        let mut source = format!("plugins {{ id 'java' }}{ending}dependencies {{{ending}");
        for name in names {
            source += &format!("    implementation 'g:{name}:1'{}{ending}", if comment { " // } {" } else { "" });
        }
        source += &format!("}}{ending}");
        let edit = groovy(&source, WANTED).unwrap();
        let after = edit.apply(&source);
        let added = edit.insertion.unwrap();
        prop_assert_eq!(added.removes, 0);
        prop_assert_eq!(after.replacen(&added.text, "", 1), source);
        let again = groovy(&after, WANTED).unwrap();
        prop_assert_eq!(again.insertion, None);
    }

    #[test]
    fn any_input_is_handled(source in "(dependencies \\{|implementation|'|\"|\\$\\{|/\\*|//|[a-z{}()/=: \n]|é){0,40}") {
        for language in [ScriptLanguage::Groovy, ScriptLanguage::Kotlin] {
            let reader = Gradle(language);
            if let Ok(edit) = reader.edit(&source, WANTED) {
                let after = edit.apply(&source);
                let again = reader.edit(&after, WANTED);
                prop_assert!(again.is_ok_and(|it| it.insertion.is_none()), "{}", after);
            }
            let _ = reader.pins(&source, "");
        }
    }
}
