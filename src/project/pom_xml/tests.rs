use crate::catalog::connectors::VersionRules;

use super::*;
use crate::project::edit::Splice;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "manifest",
    package: "com.taosdata.jdbc:taos-jdbcdriver",
    version: "3.2.8",
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

/// `source` edited; the edit must be one splice, and a second run must change nothing.
fn after(source: &str) -> String {
    let first = edit(source, WANTED).unwrap();
    let new = first.apply(source);
    let Splice { at, removes, text } = first.insertion.unwrap();
    assert_eq!(new.len() + removes, source.len() + text.len());
    assert_eq!(&new[..at], &source[..at]);
    assert_eq!(&new[at + text.len()..], &source[at + removes..]);
    assert!(removes == 0 || &source[at..at + removes] == "/>");
    let second = edit(&new, WANTED).unwrap();
    assert_eq!(second.insertion, None, "the second run:\n{new}");
    new
}

fn pom(inner: &str) -> String {
    format!("<project>\n  <artifactId>a</artifactId>\n{inner}</project>\n")
}

fn conflict(source: &str) -> Option<usize> {
    match edit(source, WANTED) {
        Err(EditRefusal::Conflict { line, .. }) => Some(line),
        _ => None,
    }
}

fn unparsable(source: &str) -> Option<usize> {
    match edit(source, WANTED) {
        Err(EditRefusal::Unparsable { line, .. }) => Some(line),
        _ => None,
    }
}

#[test]
fn one_line_projects_stay_one_line() {
    assert_eq!(
        after("<project><artifactId>a</artifactId></project>"),
        "<project><artifactId>a</artifactId><dependencies><dependency><groupId>com.taosdata.jdbc</groupId>\
         <artifactId>taos-jdbcdriver</artifactId><version>3.2.8</version></dependency></dependencies></project>"
    );
}

#[test]
fn classifier_selects_one_jar() {
    let wanted = Requirement {
        classifier: Some("dist"),
        ..WANTED
    };
    let source = pom("");
    let new = edit(&source, wanted).unwrap().apply(&source);
    assert!(
        new.contains("<classifier>dist</classifier>") && new.contains("<exclusion>"),
        "{new}"
    );
    assert_eq!(edit(&new, wanted).unwrap().insertion, None);
    // Without --dist, that is fine as it is.
    assert_eq!(edit(&new, WANTED).unwrap().insertion, None);
    assert!(matches!(
        edit(&after(&source), wanted),
        Err(EditRefusal::Conflict { line: 4, .. })
    ));
}

#[test]
fn spring_boot_is_recognized() {
    let found = |inner: &str| edit(&pom(inner), WANTED).unwrap().frameworks;
    let by = |managed_by: Option<(String, String)>, packages: &[&str]| {
        vec![Framework::SpringBoot {
            version: managed_by
                .clone()
                .and_then(|it| Some(it.1.split_once(' ')?.1.to_owned())),
            managed_by,
            packages: packages.iter().map(|it| (*it).to_owned()).collect(),
        }]
    };
    assert_eq!(found(""), []);
    assert_eq!(
        found(
            "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.2.5</version></parent>"
        ),
        by(
            Some((
                "pom.xml:3".into(),
                "spring-boot-starter-parent 3.2.5".into()
            )),
            &[]
        )
    );
    assert_eq!(
        found(
            "<dependencyManagement><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId><version>${b}</version></dependency></dependencies></dependencyManagement><properties><b>2.7.1</b></properties>\n"
        ),
        by(
            Some(("pom.xml:3".into(), "spring-boot-dependencies 2.7.1".into())),
            &[]
        )
    );
    assert_eq!(
        found(
            "<dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>\n"
        ),
        by(None, &["org.springframework.boot:spring-boot-starter-web"])
    );
}

#[test]
fn hostile_texts_are_refused() {
    let bomb = "<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<project><artifactId>&b;</artifactId></project>";
    assert_eq!(unparsable(bomb), Some(1));
    assert_eq!(unparsable(&"<a>".repeat(100_000)), Some(1));
    assert_eq!(
        unparsable("<project>\n<artifactId>a</artifactId>\n"),
        Some(1)
    );
    assert_eq!(unparsable("<project>\n<a></b></project>"), Some(2));
    assert_eq!(unparsable(""), Some(1));
    assert_eq!(unparsable("{}"), Some(1));
    assert_eq!(unparsable("<other/>"), Some(1));
    assert_eq!(unparsable("<project/>"), Some(1));
    // A ring of properties.
    let ring = pom(
        "<properties><a>${b}</a><b>${a}</b></properties><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${a}</version></dependency></dependencies>",
    );
    assert_eq!(edit(&ring, WANTED).unwrap().insertion, None);
    // Properties that grow.
    let growing: String = (0..40)
        .map(|n| format!("<p{n}>${{p{0}}}${{p{0}}}${{p{0}}}</p{n}>", n + 1))
        .collect();
    let growing = pom(&format!(
        "<properties>{growing}</properties><dependencies><dependency><groupId>${{p0}}</groupId></dependency></dependencies>"
    ));
    after(&growing);
}

#[test]
fn conflicts_name_the_line_that_decides() {
    let with = |version: &str, rest: &str| {
        pom(&format!(
            "<dependencies>\n<dependency>\n<groupId>com.taosdata.jdbc</groupId>\n<artifactId>taos-jdbcdriver</artifactId>\n{version}\n</dependency>\n</dependencies>\n{rest}"
        ))
    };
    assert_eq!(conflict(&with("<version>3.0.0</version>", "")), Some(7));
    assert_eq!(
        conflict(&with(
            "<version>${taos}</version>",
            "<properties><taos>3.0.0</taos></properties>\n"
        )),
        Some(10)
    );
    assert_eq!(conflict(&with("<version>[3.3,)</version>", "")), Some(7));
    assert_eq!(conflict(&with("<version>[3.2,)</version>", "")), None);
    assert_eq!(conflict(&with("<version>3.2.8</version>", "")), None);
    assert_eq!(conflict(&with("", "")), None);
    assert_eq!(
        conflict(&with(
            "",
            "<dependencyManagement><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>3.0.0</version></dependency></dependencies></dependencyManagement>\n"
        )),
        Some(10)
    );
}

#[test]
fn invalid_artifact_names_get_complaints() {
    for good in ["a", "a.b-c_D9"] {
        assert_eq!(complaint_about_artifact_id(good), None);
    }
    for bad in ["", "a b", "a/b", "..", "é", "a<b"] {
        assert!(complaint_about_artifact_id(bad).is_some(), "{bad}");
    }
}

#[test]
fn version_of_a_parent_is_read() {
    let ours = |version: &str| {
        format!(
            "<dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId>{version}</dependency>"
        )
    };
    let of_parent = |inner: String| {
        [(
            "../pom.xml".to_owned(),
            format!("<project>\n<artifactId>p</artifactId>\n{inner}</project>"),
        )]
    };
    let with = |module: &str, parents: &[(String, String)]| {
        let source = pom(&format!(
            "  <parent/>\n  <dependencies>{module}</dependencies>\n"
        ));
        let wanted = Requirement { parents, ..WANTED };
        edit(&source, wanted).map(|edit| (edit.insertion.map(|it| it.text), edit.notes))
    };
    let managed = |version: &str| {
        of_parent(format!(
            "<dependencyManagement><dependencies>{}</dependencies></dependencyManagement>",
            ours(version)
        ))
    };
    // It manages our version: none is written.
    let text = with("", &managed("<version>3.2.8</version>"))
        .unwrap()
        .0
        .unwrap();
    assert!(
        text.contains("artifactId") && !text.contains("version"),
        "{text}"
    );
    assert_eq!(
        with(&ours(""), &managed("<version>3.2.8</version>")),
        Ok((None, vec![]))
    );
    // It manages another one.
    for module in ["", &ours("")] {
        let Err(EditRefusal::Conflict { line, found, .. }) =
            with(module, &managed("<version>3.7.9</version>"))
        else {
            panic!("{module}");
        };
        assert_eq!(line, 3);
        assert_eq!(
            found,
            "the project already inherits taos-jdbcdriver 3.7.9 from its parent (../pom.xml:3)"
        );
    }
    // It defines the property.
    let property = |version: &str| of_parent(format!("<properties><t>{version}</t></properties>"));
    assert_eq!(
        with(&ours("<version>${t}</version>"), &property("3.2.8")),
        Ok((None, vec![]))
    );
    assert!(with(&ours("<version>${t}</version>"), &property("3.0.0")).is_err());
    // It has the dependency itself.
    let inherited = of_parent(format!(
        "<dependencies>{}</dependencies>",
        ours("<version>3.2.8</version>")
    ));
    assert_eq!(with("", &inherited), Ok((None, vec![])));
    // It cannot be read.
    let broken = [("../pom.xml".to_owned(), "<project>".to_owned())];
    assert!(
        with("", &broken)
            .unwrap()
            .0
            .unwrap()
            .contains("<version>3.2.8</version>")
    );
}

#[test]
fn parent_is_found() {
    let parent = |inner: &str| super::parent(&pom(inner));
    assert_eq!(parent(""), None);
    assert_eq!(
        parent("<parent><artifactId>p</artifactId></parent>").as_deref(),
        Some("../pom.xml")
    );
    assert_eq!(parent("<parent><relativePath/></parent>"), None);
    assert_eq!(
        parent("<parent><relativePath> ../../p </relativePath></parent>").as_deref(),
        Some("../../p")
    );
}

/// A dependency with comments, in some style.
fn dependency(prefix: &'static str) -> impl Strategy<Value = String> {
    ("[a-z]{1,4}", "[a-z]{1,4}", 0..4_usize).prop_map(move |(group, artifact, style)| {
        let p = prefix;
        let fields = [
            format!("<{p}groupId>{group}</{p}groupId>"),
            format!("<{p}artifactId>{artifact}</{p}artifactId>"),
        ];
        match style {
            0 => format!(
                "<{p}dependency>{}</{p}dependency> <!-- 1 -->",
                fields.concat()
            ),
            1 => format!(
                "<!-- why -->\n    <{p}dependency>{}</{p}dependency>",
                fields.concat()
            ),
            2 => format!(
                "<{p}dependency><!-- <version/> -->{}<![CDATA[]]></{p}dependency>",
                fields.concat()
            ),
            _ => format!(
                "<{p}dependency>\n      {}\n    </{p}dependency>",
                fields.join("\n      ")
            ),
        }
    })
}

prop_compose! {
    fn any_pom()(prefix in prop_oneof![Just(""), Just("pom:")])(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        declaration in prop_oneof![Just(""), Just("<?xml version='1.0' encoding='utf-8'?>\n"), Just("<!-- license -->\n")],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        unit in prop_oneof![Just("  "), Just("\t"), Just("")],
        prefix in Just(prefix),
        managed in proptest::option::of(proptest::collection::vec(dependency(prefix), 0..3)),
        list in proptest::option::of(proptest::collection::vec(dependency(prefix), 0..4)),
        empty in prop_oneof![Just("<P/>"), Just("<P />"), Just("<P></P>"), Just("<P>\n  </P>"), Just("<P><!-- none --></P>")],
        build in any::<bool>(),
        last_break in any::<bool>(),
    ) -> String {
        let p = prefix;
        let mut lines = vec![format!("<{p}artifactId>a</{p}artifactId>")];
        if let Some(managed) = managed {
            lines.push(format!("<{p}dependencyManagement><{p}dependencies>"));
            lines.extend(managed);
            lines.push(format!("</{p}dependencies></{p}dependencyManagement>"));
        }
        match list {
            Some(list) if list.is_empty() => lines.push(empty.replace('P', &format!("{p}dependencies"))),
            Some(list) => {
                lines.push(format!("<{p}dependencies>"));
                lines.extend(list.into_iter().map(|it| format!("{unit}{it}")));
                lines.push(format!("</{p}dependencies>"));
            }
            None => {}
        }
        if build {
            lines.push(format!("<{p}build><{p}plugins><{p}plugin><{p}dependencies/></{p}plugin></{p}plugins></{p}build>"));
        }
        let space = if p.is_empty() { "" } else { " xmlns:pom='http://maven.apache.org/POM/4.0.0'" };
        let inner: String = lines.iter().map(|line| format!("{unit}{line}\n")).collect();
        let mut text = format!("{mark}{declaration}<{p}project{space}>\n{inner}</{p}project>");
        if last_break {
            text.push('\n');
        }
        text.replace('\n', ending)
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_pom()) {
        let new = after(&source);
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        } else {
            prop_assert!(!new.contains('\r'));
        }
        let (old, new) = (PomProject::read("pom.xml", &source).unwrap(), PomProject::read("pom.xml", &new).unwrap());
        prop_assert_eq!(new.dependencies().count(), old.dependencies().count() + 1);
        prop_assert_eq!(new.managed().count(), old.managed().count());
    }

    #[test]
    fn any_input_is_handled(inner in "(<dependencies>|</dependencies>|<dependency>|</dependency>|<version>|</version>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|[a-z<>/&;${}\"'= \r\n\u{feff}é]){0,12}") {
        for source in [pom(&inner), inner] {
            if let Ok(edit) = edit(&source, WANTED) {
                edit.apply(&source);
            }
        }
    }
}

#[test]
fn older_version_is_upgraded() {
    let wanted = Requirement {
        upgrade: true,
        ..WANTED
    };
    let ours = |version: &str| {
        format!(
            "<dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>{version}</version></dependency>"
        )
    };
    let direct = |version: &str| pom(&format!("<dependencies>{}</dependencies>", ours(version)));
    let property = |version: &str| {
        pom(&format!(
            "<properties><t> {version} </t></properties><dependencies>{}</dependencies>",
            ours("${t}")
        ))
    };
    let managed = |version: &str| {
        pom(&format!(
            "<dependencyManagement><dependencies>{}</dependencies></dependencyManagement>",
            ours(version)
        ))
    };
    let after = |source: &str| edit(source, wanted).map(|edit| edit.apply(source));
    assert_eq!(after(&direct("3.0.0")), Ok(direct("3.2.8")));
    assert_eq!(after(&property("3.2.7-SNAPSHOT")), Ok(property("3.2.8")));
    assert!(
        after(&managed("3.0.0"))
            .unwrap()
            .contains("<version>3.2.8</version>")
    );
    for newer in [direct("3.7.9"), property("3.7.9"), managed("3.7.9")] {
        assert!(matches!(
            after(&newer),
            Err(EditRefusal::Conflict { found, .. }) if found.to_string().contains("3.7.9")
        ));
    }
}
