use proptest::prelude::*;

use super::*;
use crate::catalog::connectors::VersionRules;

const WANTED: Requirement = Requirement {
    file: "composer.json",
    package: "ext-tdengine",
    version: "1.0.6",
    runtime: "7.4",
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
    assert_eq!(removes, 0);
    assert_eq!(&new[..at], &source[..at]);
    assert_eq!(&new[at + text.len()..], &source[at..]);
    let second = edit(&new, WANTED).unwrap();
    assert_eq!(second.insertion, None, "the second run:\n{new}");
    new
}

#[test]
fn extensions_stand_between_php_and_packages() {
    for (before, expected) in [
        (
            r#"{}"#,
            "{\n    \"require\": {\n        \"ext-tdengine\": \"*\"\n    }\n}",
        ),
        (
            r#"{"require":{"php":">=8","a/b":"1"}}"#,
            r#"{"require":{"php":">=8","ext-tdengine":"*","a/b":"1"}}"#,
        ),
        (
            r#"{"require":{"ext-curl":"*","lib-icu":"*","php-a/b":"1"}}"#,
            r#"{"require":{"ext-curl":"*","ext-tdengine":"*","lib-icu":"*","php-a/b":"1"}}"#,
        ),
        (
            r#"{"require":{"z/z":"1","a/b":"1"}}"#,
            r#"{"require":{"z/z":"1","a/b":"1","ext-tdengine":"*"}}"#,
        ),
        (
            r#"{"require":{"z/z":"1","a/b":"1"},"config":{"sort-packages":true}}"#,
            r#"{"require":{"ext-tdengine":"*","z/z":"1","a/b":"1"},"config":{"sort-packages":true}}"#,
        ),
        (
            r#"{"name":"a/b","require-dev":{},"config":{}}"#,
            r#"{"name":"a/b","require":{"ext-tdengine":"*"},"require-dev":{},"config":{}}"#,
        ),
    ] {
        assert_eq!(after(before), expected);
    }
}

#[test]
fn named_extension_stays() {
    let with = |constraint: &str| format!("{{\"require\": {{\"Ext-TDengine\": {constraint}}}}}");
    let edited = edit(&with("\"*\""), WANTED).unwrap();
    assert_eq!((edited.insertion, edited.notes.len()), (None, 0));
    let edited = edit(&with("\"^1.0\""), WANTED).unwrap();
    assert_eq!((edited.insertion, edited.notes.len()), (None, 1));
    assert!(matches!(
        edit(&with("1"), WANTED),
        Err(EditRefusal::Unparsable { line: 1, .. })
    ));
}

#[test]
fn nothing_wanted_changes_nothing() {
    let nothing = Requirement {
        package: "",
        ..WANTED
    };
    assert_eq!(edit("{\"require\": {}}", nothing), Ok(Edit::default()));
    assert!(edit("{\"require\": 1}", nothing).is_err());
}

#[test]
fn names() {
    for good in ["a", "a/b", "my-vendor/my.app_2"] {
        assert_eq!(complaint_about_package_name(good), None, "{good}");
    }
    for bad in [
        "", "A", "a/", "/a", "a/b/c", "a b", "-a", "a--b", "é", "a\"b",
    ] {
        assert!(complaint_about_package_name(bad).is_some(), "{bad}");
    }
}

prop_compose! {
    fn any_manifest()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n"), Just("")],
        unit in prop_oneof![Just("  "), Just("\t"), Just("    "), Just("")],
        colon in prop_oneof![Just(":"), Just(": "), Just(" : ")],
        lists in proptest::sample::subsequence(vec!["require", "require-dev", "config", "autoload"], 0..=4).prop_shuffle(),
        names in proptest::collection::btree_set("(ext-|lib-|php|[a-z]/)[a-zé\"]{0,3}", 0..4),
        first in any::<bool>(),
        last_break in any::<bool>(),
    ) -> String {
        let e = ending;
        let entries: Vec<_> = names.iter().map(|it| format!("{unit}{unit}{}{colon}\"1.0\"", serde_json::to_string(it).unwrap())).collect();
        let mut members: Vec<_> = lists.iter().map(|list| {
            let inner = entries.join(&format!(",{e}"));
            if entries.is_empty() { format!("{unit}\"{list}\"{colon}{{}}") }
            else { format!("{unit}\"{list}\"{colon}{{{e}{inner}{e}{unit}}}") }
        }).collect();
        let name = format!("{unit}\"name\"{colon}\"a\\\"}}{{\"");
        if first { members.insert(0, name) } else { members.push(name) }
        let last = if last_break { ending } else { "" };
        format!("{mark}{{{e}{}{e}}}{last}", members.join(&format!(",{e}")))
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_manifest()) {
        let new = after(&source);
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        let value = |text: &str| -> serde_json::Value {
            serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap()
        };
        let (mut wanted, came) = (value(&source), value(&new));
        if wanted.get("require").is_none() {
            wanted["require"] = serde_json::json!({});
        }
        wanted["require"]["ext-tdengine"] = "*".into();
        prop_assert_eq!(came, wanted);
    }

    #[test]
    fn hostile_text_is_refused_or_edited(text in ".{0,200}") {
        let _ = edit(&text, WANTED);
        let _ = ComposerJson.pins(&text, "");
    }
}
