use crate::catalog::connectors::VersionRules;

use super::*;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "manifest",
    package: "@tdengine/websocket",
    version: "3.1.0",
    runtime: "14",
    runtime_below: None,
    classifier: None,
    parts: &[],
    or_parts: &[],
    all_parts: &[],
    companions: &[],
    retired: &["td2.0-connector"],
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
    assert_eq!(removes, 0);
    assert_eq!(new.len(), source.len() + text.len());
    assert_eq!(&new[..at], &source[..at]);
    assert_eq!(&new[at + text.len()..], &source[at..]);
    let second = edit(&new, WANTED).unwrap();
    assert_eq!(second.insertion, None, "the second run:\n{new}");
    new
}

fn unparsable(source: &str) -> Option<usize> {
    match edit(source, WANTED) {
        Err(EditRefusal::Unparsable { line, .. }) => Some(line),
        _ => None,
    }
}

#[test]
fn insertion_follows_order() {
    assert_eq!(
        after("{}"),
        "{\n  \"dependencies\": {\n    \"@tdengine/websocket\": \"3.1.0\"\n  }\n}"
    );
    assert_eq!(
        after("{\"name\":\"a\",\"dependencies\":{\"b\":\"1\"}}"),
        "{\"name\":\"a\",\"dependencies\":{\"@tdengine/websocket\":\"3.1.0\",\"b\":\"1\"}}"
    );
    assert_eq!(
        after("{\"dependencies\":{}}"),
        "{\"dependencies\":{\"@tdengine/websocket\":\"3.1.0\"}}"
    );
    assert_eq!(
        after(
            "{\n\t\"name\": \"a\",\n\t\"dependencies\": {\n\t\t\"z\": \"1\",\n\t\t\"b\": \"1\"\n\t}\n}\n"
        ),
        "{\n\t\"name\": \"a\",\n\t\"dependencies\": {\n\t\t\"z\": \"1\",\n\t\t\"b\": \"1\",\n\t\t\"@tdengine/websocket\": \"3.1.0\"\n\t}\n}\n"
    );
}

#[test]
fn invalid_lines_are_reported() {
    assert_eq!(unparsable("{\n  \"a\": 1,\n}"), Some(3));
    assert_eq!(unparsable("{ // no\n}"), Some(1));
    assert_eq!(unparsable("[]"), Some(1));
    assert_eq!(unparsable(""), Some(1));
    assert_eq!(unparsable("{\n\"a\": 1,\n\"\\u0061\": 2}"), Some(3));
    assert_eq!(unparsable("{\n\"dependencies\": []}"), Some(2));
    assert_eq!(
        unparsable("{\n\"dependencies\": {\"@tdengine/websocket\": 3}}"),
        Some(2)
    );
    assert_eq!(unparsable(&"[".repeat(100_000)), Some(1));
}

#[test]
fn versions_stay_or_conflict() {
    let with = |asked: &str| {
        format!("{{\n  \"dependencies\": {{\n    \"@tdengine/websocket\": {asked:?}\n  }}\n}}\n")
    };
    let unchanged = Edit {
        asked: Some("3.1.0".into()),
        ..Edit::default()
    };
    assert_eq!(edit(&with("3.1.0"), WANTED), Ok(unchanged));
    for left in [
        "^3.0.0",
        "latest",
        "*",
        "git+https://example.com/a.git",
        "workspace:*",
    ] {
        let edit = edit(&with(left), WANTED).unwrap();
        assert!(edit.insertion.is_none() && edit.notes.len() == 1, "{left}");
    }
    for other in ["3.0.1", "^3.1.5", "2.x"] {
        let edit = edit(&with(other), WANTED);
        assert!(
            matches!(edit, Err(EditRefusal::Conflict { line: 3, .. })),
            "{other}"
        );
    }
}

#[test]
fn workspace_root_is_refused() {
    let members = |value: &str| match edit(&format!("{{\"workspaces\": {value}}}"), WANTED) {
        Err(EditRefusal::Aggregator { members, .. }) => members,
        _ => Vec::new(),
    };
    assert_eq!(members("[\"a\", \"packages/*\"]"), ["a", "packages/*"]);
    assert_eq!(members("{\"packages\": [\"a\"]}"), ["a"]);
    assert!(members("[]").is_empty() && members("null").is_empty() && members("[[[]]]").is_empty());
}

#[test]
fn unwanted_package_is_not_added() {
    let nothing = Requirement {
        file: "manifest",
        package: "",
        ..WANTED
    };
    let edit = edit("{\"dependencies\": {\"td2.0-connector\": \"2\"}}", nothing).unwrap();
    assert_eq!(edit.insertion, None);
    assert_eq!(
        edit.notes,
        [
            "package.json:1 names td2.0-connector, which is retired: it is for TDengine 2 and builds only on Node.js 10 and 12; use @tdengine/websocket; --upgrade removes it"
        ]
    );
}

#[test]
fn invalid_package_names_get_complaints() {
    for good in ["a", "a-b_c.d", "@me/a", "9"] {
        assert_eq!(complaint_about_package_name(good), None, "{good}");
    }
    for bad in [
        "",
        "A",
        "a b",
        ".a",
        "_a",
        "@me",
        "@/a",
        "a/b",
        "@me/a/b",
        "node_modules",
        "é",
        "a\"b",
    ] {
        assert!(complaint_about_package_name(bad).is_some(), "{bad}");
    }
}

prop_compose! {
    fn any_package()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n"), Just("")],
        unit in prop_oneof![Just("  "), Just("\t"), Just("    "), Just("")],
        colon in prop_oneof![Just(":"), Just(": "), Just(" : ")],
        sections in proptest::sample::subsequence(vec!["dependencies", "devDependencies", "peerDependencies"], 0..=3).prop_shuffle(),
        names in proptest::collection::btree_set("[@a-zé\"]{1,4}", 0..4),
        first in any::<bool>(),
        last_break in any::<bool>(),
    ) -> String {
        let e = ending;
        let entries: Vec<_> = names.iter().map(|it| format!("{unit}{unit}{}{colon}\"1.0.0\"", serde_json::to_string(it).unwrap())).collect();
        let mut members: Vec<_> = sections.iter().map(|section| {
            let inner = entries.join(&format!(",{e}"));
            if entries.is_empty() { format!("{unit}\"{section}\"{colon}{{}}") }
            else { format!("{unit}\"{section}\"{colon}{{{e}{inner}{e}{unit}}}") }
        }).collect();
        let name = format!("{unit}\"name\"{colon}\"a\\\"}}{{\"");
        if first { members.insert(0, name) } else { members.push(name) }
        let last = if last_break { ending } else { "" };
        format!("{mark}{{{e}{}{e}}}{last}", members.join(&format!(",{e}")))
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_package()) {
        let new = after(&source);
        prop_assert_eq!(new.contains('\n'), source.contains('\n'));
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        let value = |text: &str| -> serde_json::Value {
            serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap()
        };
        let mut expected = value(&source);
        expected["dependencies"]["@tdengine/websocket"] = "3.1.0".into();
        let new = value(&new);
        prop_assert_eq!(&new, &expected);
        // The names were sorted, and stay so.
        let names: Vec<_> = new["dependencies"].as_object().unwrap().keys().collect();
        prop_assert!(names.is_sorted());
    }

    #[test]
    fn any_input_is_handled(source in "[{}\\[\\]\":,\\\\a1 \r\n\u{feff}é]{0,40}|\\{\"dependencies\":[{}\":,a1 ]{0,20}\\}") {
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
    }
}

#[test]
fn older_version_is_upgraded() {
    let with = |asked: &str| format!("{{\"dependencies\":{{\"@tdengine/websocket\" :{asked:?}}}}}");
    let upgraded = |asked: &str| {
        let wanted = Requirement {
            upgrade: true,
            ..WANTED
        };
        let edit = edit(&with(asked), wanted).ok()?;
        Some((edit.apply(&with(asked)), edit.asked.unwrap()))
    };
    for (asked, expected) in [
        ("3.0.1", "3.1.0"),
        ("~3.0.1", "~3.1.0"),
        ("^2.0.0", "^3.1.0"),
        ("2.x || 3.0.x", "3.1.0"),
        ("<3.1.0", "3.1.0"),
        ("^3.0.0", "^3.0.0"),
    ] {
        assert_eq!(
            upgraded(asked),
            Some((with(expected), expected.to_owned())),
            "{asked}"
        );
    }
    assert_eq!(upgraded("3.2.1"), None);
    assert_eq!(upgraded("^4"), None);
}

#[test]
fn retired_packages_go() {
    let retired = ["td2.0-connector", "td-connector"];
    let gone = |source: &str| {
        let (text, names) = crate::project::manifest::remove_retired(
            crate::project::manifest::ManifestFormat::PackageJson,
            source,
            &retired,
        );
        (text, names.len())
    };
    for (list, left, count) in [
        (
            "{\n  \"a\": \"1\",\n  \"td2.0-connector\": \"2\"\n}",
            "{\n  \"a\": \"1\"\n}",
            1,
        ),
        (
            "{\n  \"td2.0-connector\": \"2\",\n  \"z\": \"1\"\n}",
            "{\n  \"z\": \"1\"\n}",
            1,
        ),
        (
            "{\"a\":\"1\",\"td-connector\":\"2\",\"z\":\"1\"}",
            "{\"a\":\"1\",\"z\":\"1\"}",
            1,
        ),
        (
            "{ \"td-connector\": \"2\", \"td2.0-connector\": \"2\" }",
            "{}",
            2,
        ),
        ("{\"a\":\"td-connector\"}", "{\"a\":\"td-connector\"}", 0),
    ] {
        let source = format!("{{\"dependencies\": {list}}}");
        assert_eq!(
            gone(&source),
            (format!("{{\"dependencies\": {left}}}"), count),
            "{list}"
        );
    }
    assert_eq!(gone("{"), ("{".to_owned(), 0));
}
