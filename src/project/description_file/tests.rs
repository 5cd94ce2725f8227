use proptest::prelude::*;

use super::*;
use crate::catalog::connectors::VersionRules;

pub(in crate::project) const WANTED: Requirement = Requirement {
    file: "DESCRIPTION",
    package: "RJDBC",
    version: "0.2-10",
    runtime: "3.6",
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
    sections: &[],
    rules: VersionRules::NONE,
    list: DependencyList::Main,
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
fn list_keeps_its_form() {
    for (before, expected) in [
        ("Imports: DBI", "Imports: DBI, RJDBC"),
        ("Imports: zoo, DBI\n", "Imports: zoo, DBI, RJDBC\n"),
        ("Imports: DBI,zoo\n", "Imports: DBI,RJDBC,zoo\n"),
        ("Imports:\n    DBI\n", "Imports:\n    DBI,\n    RJDBC\n"),
        (
            "Imports:\n\tDBI,\n\tzoo\nX: y\n",
            "Imports:\n\tDBI,\n\tRJDBC,\n\tzoo\nX: y\n",
        ),
        (
            "Imports: DBI,\n  dplyr (>= 1.0)\n",
            "Imports: DBI,\n  dplyr (>= 1.0),\n  RJDBC\n",
        ),
        ("Imports:\r\n  b\r\n, a\r\n", "malformed"),
        (
            "Imports:\r\n  zoo\r\n  , a\r\n",
            "Imports:\r\n  zoo\r\n  , a\r\n  , RJDBC\r\n",
        ),
        ("Imports: a,\n    b,\n", "Imports: a,\n    b,\n    RJDBC\n"),
        (
            "Imports:\nVersion: 1\n",
            "Imports:\n    RJDBC\nVersion: 1\n",
        ),
        ("Imports: ,\n", "Imports: RJDBC ,\n"),
        (
            "Package: a\nDepends:\n    R (>= 4)\nSuggests: b\n",
            "Package: a\nDepends:\n    R (>= 4)\nImports:\n    RJDBC\nSuggests: b\n",
        ),
        ("X: y", "X: y\nImports:\n    RJDBC"),
        ("", "Imports:\n    RJDBC\n"),
        ("\u{feff}", "\u{feff}Imports:\n    RJDBC\n"),
        (
            "Package: a\n\nOther: record\n",
            "Package: a\nImports:\n    RJDBC\n\nOther: record\n",
        ),
    ] {
        if expected == "malformed" {
            assert!(edit(before, WANTED).is_err(), "{before}");
        } else {
            assert_eq!(after(before), expected);
        }
    }
}

#[test]
fn named_package_stays() {
    for source in [
        "Imports: RJDBC\n",
        "Depends: R, RJDBC\n",
        "Imports: DBI,\n  RJDBC (>= 0.2-5)\n",
    ] {
        let edited = edit(source, WANTED).unwrap();
        assert_eq!(edited.insertion, None, "{source}");
        assert_eq!(edited.notes.len(), usize::from(source.contains(">=")));
    }
    let edited = edit("Suggests: RJDBC\n", WANTED).unwrap();
    assert_eq!((edited.insertion, edited.notes.len()), (None, 1));
    let development = Requirement {
        list: DependencyList::Development,
        ..WANTED
    };
    let edited = edit("Suggests: RJDBC\n", development).unwrap();
    assert_eq!((edited.insertion, edited.notes.len()), (None, 0));
    let edited = edit("Imports: DBI\n", development).unwrap();
    assert_eq!(
        edited.apply("Imports: DBI\n"),
        "Imports: DBI\nSuggests:\n    RJDBC\n"
    );
}

#[test]
fn pins_are_read() {
    let source = "Depends: R (>= 4.1), methods\nImports: RJDBC (>= 0.2-5), DBI (== 1.1.3)\n";
    let pins = DescriptionFile.pins(source, "DESCRIPTION").unwrap();
    let shown: Vec<_> = pins
        .iter()
        .map(|pin| format!("{} {} {}", pin.package, pin.asked, pin.exact))
        .collect();
    assert_eq!(
        shown,
        [
            "RJDBC >= 0.2-5 false",
            "DBI == 1.1.3 true",
            "methods  false"
        ]
    );
}

#[test]
fn names() {
    for good in ["ab", "taos-example", "my.pkg2", "a_b"] {
        assert_eq!(complaint_about_name(good), None, "{good}");
    }
    for bad in ["", "a", "1a", "a-", ".ab", "a b", "é1"] {
        assert!(complaint_about_name(bad).is_some(), "{bad}");
    }
}

#[test]
fn files_of_other_tools_are_not_of_r() {
    assert!(DescriptionFile.holds_dependencies("Package: a\n"));
    assert!(DescriptionFile.holds_dependencies("Type: Project\nImports: DBI\n"));
    // Octave.
    assert!(!DescriptionFile.holds_dependencies("Name: control\nDepends: octave (>= 4.0)\n"));
    assert!(!DescriptionFile.holds_dependencies("This directory holds files\n"));
}

prop_compose! {
    fn any_manifest()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        indent in prop_oneof![Just("  "), Just("\t"), Just("    ")],
        separator in 0..4_usize,
        head in any::<bool>(),
        names in proptest::collection::btree_set("[a-zA-Z][a-z.]{1,4}", 0..4),
        bound in any::<bool>(),
        fields in proptest::sample::subsequence(vec!["Package: a", "Version: 1", "Depends: R (>= 4)", "Suggests: b", "X-y: é,ü"], 0..=5).prop_shuffle(),
        place in 0..6_usize,
        has_list in any::<bool>(),
        last_break in any::<bool>(),
    ) -> String {
        let between = [
            ", ".to_owned(),
            format!(",{ending}{indent}"),
            format!("{ending}{indent}, "),
            ",".to_owned(),
        ][separator].clone();
        let names: Vec<_> = names.iter().map(|it| if bound { format!("{it} (>= 1.0)") } else { it.clone() }).collect();
        let start = if head { format!("Imports:{ending}{indent}") } else { "Imports: ".to_owned() };
        let mut fields: Vec<_> = fields.into_iter().map(str::to_owned).collect();
        if has_list {
            let list = format!("{start}{}", names.join(&between));
            fields.insert(place.min(fields.len()), list);
        }
        let last = if last_break { ending } else { "" };
        format!("{mark}{}{last}", fields.join(ending))
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_manifest()) {
        prop_assume!(!source.contains("RJDBC"));
        let before: Vec<String> = DescriptionFile.pins(&source, "").unwrap().into_iter().map(|it| it.package).collect();
        let new = after(&source);
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        let mut names: Vec<String> = DescriptionFile.pins(&new, "").unwrap().into_iter().map(|it| it.package).collect();
        prop_assert!(names.contains(&"RJDBC".to_owned()));
        names.retain(|name| name != "RJDBC");
        prop_assert_eq!(names, before);
    }

    #[test]
    fn hostile_text_is_refused_or_edited(text in "[A-Z:a(),\\r\\n \\t>=.é]{0,120}") {
        if edit(&text, WANTED).is_ok_and(|it| it.insertion.is_some()) {
            after(&text);
        }
        let _ = DescriptionFile.pins(&text, "");
        let _ = DescriptionFile.holds_dependencies(&text);
        let _ = DescriptionFile.project_name(&text);
    }
}
