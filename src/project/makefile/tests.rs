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
    assert!(new.starts_with(source));
    assert_eq!(
        edit(&new, WANTED),
        Ok(Edit::default()),
        "a second run of\n{new}"
    );
    new
}

#[test]
fn insertion_follows_order() {
    assert!(after("").starts_with("# An example"));
    assert!(after("all: a\n").starts_with("all: a\n\n# An example"));
    assert!(after("X = a \\\n").starts_with("X = a \\\n\n# An example"));
    let windows = after("all: a\r\n\tcc a.c\r\n");
    assert_eq!(
        windows.matches('\n').count(),
        windows.matches("\r\n").count()
    );
    assert!(after("all: a\n").contains("taos_example: taos-example/main.c\n\t$(CC)"));
    assert!(
        after(".RECIPEPREFIX = >\nall:\n> cc\n")
            .contains("taos_example: taos-example/main.c ; $(CC)")
    );
}

#[test]
fn present_entries_stay() {
    assert_eq!(edit("a taos_example: x.c\n", WANTED), Ok(Edit::default()));
    let variable = "APP ?= taos_example\n$(APP): a.o\n\tcc\n";
    assert_eq!(edit(variable, WANTED), Ok(Edit::default()));
    for other in [
        "APP = taos_example\nall: $(APP)\n$(OTHER): a.o\n",
        "# taos_example: a\n",
        "all:\n\techo taos_example: a\n",
        "X = \\\n taos_example: a\n",
        "my_taos_example: a\n",
    ] {
        assert!(edit(other, WANTED).unwrap().insertion.is_some(), "{other}");
    }
}

#[test]
fn uneditable_files_are_refused() {
    for (text, line) in [
        ("ifdef A\nX = 1\n", 1),
        ("X = 1\nendif\n", 2),
        ("define A\n\tifdef\n", 1),
        ("endef\n", 1),
        ("all: a\n<<<<<<< HEAD\n", 2),
    ] {
        let refusal = edit(text, WANTED).unwrap_err();
        let found = matches!(refusal, EditRefusal::Unparsable { line: it, .. } if it == line);
        assert!(found, "{text}: {refusal:?}");
    }
    let made = "# CMAKE generated file: DO NOT EDIT!\nall:\n";
    assert!(matches!(
        edit(made, WANTED),
        Err(EditRefusal::Conflict { line: 1, .. })
    ));
    assert!(!is_written_by_hand(made) && is_written_by_hand("all:\n"));
}

proptest! {
    #[test]
    fn edits_add_at_the_end(source in "((all|a b): [a-z]{0,3}(\r\n|\n)\tcc( \\\\)?(\r\n|\n)|X = 1 ?\\\\?(\r\n|\n)){0,4}") {
        after(&source);
    }

    #[test]
    fn any_input_is_handled(source in "(define|endef|ifdef|endif|[a-z:#=\\\\ \t\r\n\u{feff}é]{1,5}){0,12}") {
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
    }
}
