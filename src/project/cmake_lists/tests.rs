use crate::catalog::connectors::VersionRules;

use super::*;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "manifest",
    package: "",
    version: "3.3.6",
    runtime: "3.3.6",
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

fn after(source: &str) -> String {
    let new = edit(source, WANTED).unwrap().apply(source);
    assert!(new.starts_with(source), "{new}");
    assert_eq!(
        edit(&new, WANTED),
        Ok(Edit::default()),
        "a second run of\n{new}"
    );
    new
}

#[test]
fn languages_of_the_project() {
    for (head, enables) in [
        ("project(a)", false),
        ("project(a C CXX)", false),
        ("PROJECT(a VERSION 1.0 LANGUAGES C)", false),
        ("add_library(x x.c)", true),
        ("project(a ${LANGUAGES})", true),
        ("project(a CXX)\nif(X)\nenable_language(C)\nendif()", true),
        ("project(a CXX)\nenable_language(C)", false),
        ("project(a CXX)", true),
        (
            "project(a VERSION 1.0 DESCRIPTION \"C\" LANGUAGES CXX) # C",
            true,
        ),
        ("project(a NONE)", true),
    ] {
        let new = after(&format!("{head}\n"));
        let added = new.strip_prefix(head).unwrap();
        assert_eq!(added.contains("enable_language(C)"), enables, "{head}");
        assert!(added.contains("\n\n# An example"), "{added}");
    }
}

#[test]
fn targets_of_that_name() {
    for (text, there) in [
        ("add_library(taos_example x.c)\n", true),
        (
            "project(taos_example)\nadd_executable(${PROJECT_NAME} a.c)\n",
            true,
        ),
        ("project(taos_example)\nadd_executable(a a.c)\n", false),
        ("project(a)\nadd_executable(${PROJECT_NAME} a.c)\n", false),
    ] {
        let edit = edit(text, WANTED).unwrap();
        assert_eq!(edit == Edit::default(), there, "{text}");
    }
}

#[test]
fn files_that_end_early() {
    let before = |source: &str| {
        let new = edit(source, WANTED).unwrap().apply(source);
        assert_eq!(edit(&new, WANTED), Ok(Edit::default()), "{new}");
        new.split("\n# An example").next().unwrap().to_owned()
    };
    let head = "project(a)\n";
    assert_eq!(before("project(a)\nreturn()\nx()\n"), head);
    assert_eq!(
        before("project(a)\n# Why.\nif(X)\nif(Y)\nReturn()\nendif()\nendif()\n"),
        head
    );
    for whole in [
        "project(a)\nfunction(f)\nreturn()\nendfunction()\n",
        "if(X)\nreturn()\nendif()\nproject(a)\n",
    ] {
        assert_eq!(before(whole), whole);
    }
}

#[test]
fn syntax_is_parsed() {
    for fine in [
        "",
        "# add_executable(taos_example\n",
        "#[[ add_executable(taos_example a.c) ]]\nproject(a)",
        "message(\"add_executable(taos_example \\\" ) #\")\n",
        "set(x [==[ ]] ) ]==] a\\)b \"c;d\" e(f))\r\n",
        "if(A AND (B OR C))\nendif()\n",
        "\u{feff}project(a)\n",
    ] {
        assert!(edit(fine, WANTED).unwrap().insertion.is_some(), "{fine}");
    }
    for (wrong, line) in [
        ("project(a\n", 1),
        ("\nmessage(\"a)\n", 2),
        ("project(a)\n<<<<<<< HEAD\n", 2),
        ("project\n", 1),
        ("set(x [[ a)\n", 1),
        ("#[[ a\n", 1),
    ] {
        let refusal = edit(wrong, WANTED).unwrap_err();
        let found = matches!(refusal, EditRefusal::Unparsable { line: it, .. } if it == line);
        assert!(found, "{wrong}: {refusal:?}");
    }
}

proptest! {
    #[test]
    fn edits_add_at_the_end(source in "((project|Add_Library) ?\\([a-z \"C]{0,9}\\)[ #]{0,2}(\r\n|\n|))*") {
        if edit(&source, WANTED).is_ok() {
            after(&source);
        }
    }

    #[test]
    fn any_input_is_handled(source in "[a-z()\\[\\]=#\"\\\\ \r\n\u{feff}é]{0,60}") {
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
    }
}
