use crate::catalog::connectors::VersionRules;

use super::*;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "manifest",
    package: "taos-ws-py",
    version: "0.7.0",
    runtime: "3.7",
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

/// `source` after the edit, which must leave nothing to do.
fn after(source: &str) -> String {
    let new = edit(source, WANTED).unwrap().apply(source);
    assert_eq!(
        edit(&new, WANTED).unwrap().insertion,
        None,
        "a second run of\n{new}"
    );
    new
}

/// What becomes of `list` as the dependencies of a project.
fn list(list: &str) -> String {
    let before = "[project]\nname = \"a\"\ndependencies = ";
    let new = after(&format!("{before}{list}\n\n[tool.x]\n"));
    let rest = new.strip_prefix(before).unwrap();
    rest.strip_suffix("\n\n[tool.x]\n").unwrap().to_owned()
}

#[test]
fn list_of_a_project_is_edited() {
    for (before, expected) in [
        ("[]", "[\"taos-ws-py==0.7.0\"]"),
        ("[\n]", "[\n    \"taos-ws-py==0.7.0\",\n]"),
        (
            "[\n    # none\n]",
            "[\n    # none\n    \"taos-ws-py==0.7.0\",\n]",
        ),
        ("['a']", "['a', 'taos-ws-py==0.7.0']"),
        ("[\"a\",]", "[\"a\", \"taos-ws-py==0.7.0\",]"),
        ("[\"z\"]", "[\"taos-ws-py==0.7.0\", \"z\"]"),
        ("[\"a\", \"z\"]", "[\"a\", \"taos-ws-py==0.7.0\", \"z\"]"),
        ("[\"z\", \"a\"]", "[\"z\", \"a\", \"taos-ws-py==0.7.0\"]"),
        (
            "[\n  \"a>=1\", # a\n  # about z\n  \"z\" # z\n]",
            "[\n  \"a>=1\", # a\n  \"taos-ws-py==0.7.0\",\n  # about z\n  \"z\" # z\n]",
        ),
        (
            "[\n  \"a\" # a\n]",
            "[\n  \"a\", # a\n  \"taos-ws-py==0.7.0\"\n]",
        ),
        ("[\n  \"a\"\n]", "[\n  \"a\",\n  \"taos-ws-py==0.7.0\"\n]"),
        (
            "[\n  # about z\n  \"z\",\n]",
            "[\n  \"taos-ws-py==0.7.0\",\n  # about z\n  \"z\",\n]",
        ),
        (
            "[\n  \"a\"\n  , \"z\"\n]",
            "[\n  \"a\",\n  \"taos-ws-py==0.7.0\"\n  , \"z\"\n]",
        ),
        (
            "[\"a\",\n \"z\"]",
            "[\"a\",\n \"taos-ws-py==0.7.0\",\n \"z\"]",
        ),
        (
            "[\"a\", \"b\",\n \"y\", \"z\"]",
            "[\"a\", \"b\", \"taos-ws-py==0.7.0\",\n \"y\", \"z\"]",
        ),
        ("[\n  \"a\"]", "[\n  \"a\",\n  \"taos-ws-py==0.7.0\"]"),
    ] {
        assert_eq!(list(before), expected, "{before}");
    }
}

#[test]
fn missing_list_is_added() {
    assert_eq!(
        after(
            "[project]\nname = \"a\"\nversion = \"1\" # v\n\n[project.optional-dependencies]\nx = [\"taos-ws-py>=0.3\"]\n"
        ),
        "[project]\nname = \"a\"\nversion = \"1\" # v\ndependencies = [\"taos-ws-py==0.7.0\"]\n\n[project.optional-dependencies]\nx = [\"taos-ws-py>=0.3\"]\n"
    );
    assert_eq!(
        after("project.name = \"a\"\r\n"),
        "project.dependencies = [\"taos-ws-py==0.7.0\"]\r\nproject.name = \"a\"\r\n"
    );
}

#[test]
fn table_of_poetry_is_edited() {
    assert_eq!(
        after(
            "[tool.poetry.dependencies]\npython = \"^3.9\"\nrequests = \"^2\"\nzope = \"1\"\n\n[tool.poetry.group.dev.dependencies]\ntaos-ws-py = \">=0.3\"\n"
        ),
        "[tool.poetry.dependencies]\npython = \"^3.9\"\nrequests = \"^2\"\ntaos-ws-py = \"0.7.0\"\nzope = \"1\"\n\n[tool.poetry.group.dev.dependencies]\ntaos-ws-py = \">=0.3\"\n"
    );
    let with = |asked: &str| format!("[tool.poetry.dependencies]\nTaos_WS-py = {asked}\n");
    for fine in ["\"0.7.0\"", "\"==0.7.0\""] {
        assert_eq!(
            edit(&with(fine), WANTED).map(|it| Edit { asked: None, ..it }),
            Ok(Edit::default()),
            "{fine}"
        );
    }
    for left in [
        "\"^0.7\"",
        "\"*\"",
        "{ version = \">=0.3,<1\" }",
        "{ git = \"x\" }",
        "\"~0.7\"",
        "\"0.7.*\"",
        "\"^0.3 || ^0.7\"",
    ] {
        let edit = edit(&with(left), WANTED).unwrap();
        assert!(edit.insertion.is_none() && edit.notes.len() == 1, "{left}");
    }
    for other in [
        "\"^0.6\"",
        "\"0.3.0\"",
        "{ version = \"<0.7\", extras = [] }",
    ] {
        assert!(
            matches!(
                edit(&with(other), WANTED),
                Err(EditRefusal::Conflict { line: 2, .. })
            ),
            "{other}"
        );
    }
    assert!(matches!(
        edit(&with("\"latest\""), WANTED),
        Err(EditRefusal::Unparsable { line: 2, .. })
    ));
}

#[test]
fn present_entries_stay() {
    let with = |entry: &str| format!("[project]\ndependencies = [\n  {entry:?},\n]\n");
    assert_eq!(
        edit(&with("Taos.WS_py == 0.7.0"), WANTED)
            .unwrap()
            .insertion,
        None
    );
    assert_eq!(
        edit(&with("taos-ws-py>=0.3; python_version > '3.8'"), WANTED)
            .unwrap()
            .notes,
        ["pyproject.toml:3 asks for taos-ws-py >=0.3, which is unchanged"]
    );
    assert!(matches!(
        edit(&with("taos-ws-py<0.7"), WANTED),
        Err(EditRefusal::Conflict { line: 3, .. })
    ));
    assert!(matches!(
        edit(&with("!"), WANTED),
        Err(EditRefusal::Unparsable { line: 3, .. })
    ));
}

#[test]
fn uneditable_files_are_refused() {
    let refusal = |source: &str| edit(source, WANTED).unwrap_err();
    assert!(matches!(
        refusal("[project]\ndynamic = [\"version\", \"dependencies\"]\n"),
        EditRefusal::Conflict { line: 2, .. }
    ));
    assert!(matches!(
        refusal("[project]\ndependencies = \"a\"\n"),
        EditRefusal::Unparsable { line: 2, .. }
    ));
    assert!(matches!(
        refusal("[project]\ndependencies = [\n1]\n"),
        EditRefusal::Unparsable { line: 3, .. }
    ));
    assert!(matches!(
        refusal("[tool.ruff]\n"),
        EditRefusal::Unparsable { line: 1, .. }
    ));
    assert!(matches!(
        refusal("[tool.uv.workspace]\nmembers = [\"a\"]\n"),
        EditRefusal::Aggregator { line: 1, .. }
    ));
    assert!(
        !holds_dependencies("[tool.ruff]\n")
            && !holds_dependencies("[project]\ndynamic = [\"dependencies\"]\n")
    );
    assert!(holds_dependencies("[project]\n") && holds_dependencies("[tool.poetry]\n"));
}

#[test]
fn odd_lines_get_notes() {
    let source = "[project]\nrequires-python = \">=3.6\"\ndependencies = [\"taos-ws-py==0.7.0\"]\n[tool.uv.sources]\nTaos-ws-py = { path = \"x\" }\n";
    assert_eq!(
        edit(source, WANTED).unwrap().notes,
        [
            "pyproject.toml:2 admits Python 3.6; taos-ws-py requires Python 3.7 or later",
            "pyproject.toml:5 names a source for Taos-ws-py, which is unchanged and may change what is installed",
        ]
    );
}

prop_compose! {
    fn any_list()(
        names in proptest::collection::btree_set("[a-z]{1,3}|tap|taz", 0..5),
        shuffled in any::<bool>(),
        separator in prop_oneof![Just(", "), Just(","), Just(",\n  "), Just(", # c ]\n  "), Just("\n  , "), Just(",\n  # above\n  ")],
        open in prop_oneof![Just("["), Just("[ "), Just("[\n  "), Just("[ # o\n  ")],
        close in prop_oneof![Just("]"), Just(",]"), Just(",\n]"), Just("\n]"), Just(" # last\n]"), Just(", # last\n]")],
        quote in prop_oneof![Just('"'), Just('\'')],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        mark in prop_oneof![Just(""), Just("\u{feff}")],
    ) -> String {
        let mut names: Vec<_> = names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
        if shuffled { names.reverse(); }
        let close = if names.is_empty() { close.trim_start_matches(',') } else { close };
        let list = format!("{open}{}{close}", names.join(separator));
        let text = format!("[project]\nname = \"a\"\ndependencies = {list} # end\n\n[project.scripts]\n");
        format!("{mark}{}", text.replace('\n', ending))
    }
}

proptest! {
    #[test]
    fn edits_only_add(source in any_list()) {
        let new = after(&source);
        let mut rest = new.chars();
        // What was there is there, character by character and in order.
        prop_assert!(source.chars().all(|c| rest.any(|it| it == c)), "{}", new);
        prop_assert_eq!(new.contains("\r\n"), source.contains("\r\n"));
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        let names = |text: &str| -> Vec<String> {
            let table: toml::Table = toml::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            let list = table["project"]["dependencies"].as_array().unwrap();
            list.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        let before = names(&source);
        let mut found = names(&new);
        prop_assert!(!before.is_sorted() || found.is_sorted());
        found.retain(|name| name != "taos-ws-py==0.7.0");
        prop_assert_eq!(found, before);
    }

    #[test]
    fn any_input_is_handled(source in "(\\[project\\]\n|\\[tool.poetry.dependencies\\]\n)?(dependencies = )?[a-z\\[\\]{}\"'=., \r\n#\u{feff}é]{0,40}") {
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
        holds_dependencies(&source);
    }
}
