use crate::catalog::connectors::VersionRules;

use super::*;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

const WANTED: Requirement = Requirement {
    file: "manifest",
    package: "github.com/taosdata/driver-go/v3",
    version: "v3.5.5",
    runtime: "1.14",
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
    let first = edit(source, WANTED).unwrap();
    let new = first.apply(source);
    let Splice { at, text, .. } = first.insertion.unwrap();
    assert_eq!(new.replacen(&text, "", 1).len(), source.len());
    assert_eq!(&new[..at], &source[..at]);
    assert_eq!(&new[at + text.len()..], &source[at..]);
    assert_eq!(
        edit(&new, WANTED).unwrap().insertion,
        None,
        "the second run:\n{new}"
    );
    new
}

#[test]
fn first_requirement_goes_below_the_head() {
    assert_eq!(
        after("module a\n\ngo 1.21\n"),
        "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 v3.5.5\n"
    );
    assert_eq!(
        after("module a // b"),
        "module a // b\n\nrequire github.com/taosdata/driver-go/v3 v3.5.5"
    );
    assert_eq!(
        after("\u{feff}module a\r\n\r\ngo 1.21\r\n\r\nreplace b => ../b\r\n"),
        "\u{feff}module a\r\n\r\ngo 1.21\r\n\r\nrequire github.com/taosdata/driver-go/v3 v3.5.5\r\n\r\nreplace b => ../b\r\n"
    );
}

#[test]
fn single_line_is_added_in_order() {
    assert_eq!(
        after(
            "module a\ngo 1.21\nrequire github.com/b/b v1.0.0 // why\nrequire golang.org/x/z v0.1.0\n"
        ),
        "module a\ngo 1.21\nrequire github.com/b/b v1.0.0 // why\nrequire github.com/taosdata/driver-go/v3 v3.5.5\nrequire golang.org/x/z v0.1.0\n"
    );
    assert_eq!(
        after("module a\n\n// needed for z\nrequire golang.org/x/z v0.1.0\n"),
        "module a\n\nrequire github.com/taosdata/driver-go/v3 v3.5.5\n// needed for z\nrequire golang.org/x/z v0.1.0\n"
    );
}

#[test]
fn requirement_is_added_to_a_block() {
    assert_eq!(
        after(
            "module a\n\nrequire (\n\tgithub.com/b/b v1.0.0\n\t// for z\n\tgolang.org/x/z v0.1.0\n)\n"
        ),
        "module a\n\nrequire (\n\tgithub.com/b/b v1.0.0\n\tgithub.com/taosdata/driver-go/v3 v3.5.5\n\t// for z\n\tgolang.org/x/z v0.1.0\n)\n"
    );
    // Before the first: its comment stays with it.
    assert_eq!(
        after("module a\nrequire (\n  // for z\n  golang.org/x/z v0.1.0\n)\n"),
        "module a\nrequire (\n  github.com/taosdata/driver-go/v3 v3.5.5\n  // for z\n  golang.org/x/z v0.1.0\n)\n"
    );
    // Not sorted: at the end.
    assert_eq!(
        after("module a\nrequire (\n\tz.org/z v0.1.0\n\tb.org/b v1.0.0\n)\n"),
        "module a\nrequire (\n\tz.org/z v0.1.0\n\tb.org/b v1.0.0\n\tgithub.com/taosdata/driver-go/v3 v3.5.5\n)\n"
    );
    assert_eq!(
        after("module a\nrequire ()"),
        "module a\nrequire (\n\tgithub.com/taosdata/driver-go/v3 v3.5.5\n)"
    );
    assert_eq!(
        after("module a\nrequire (\n)\n"),
        "module a\nrequire (\n\tgithub.com/taosdata/driver-go/v3 v3.5.5\n)\n"
    );
}

#[test]
fn indirect_block_stays() {
    assert_eq!(
        after(
            "module a\n\ngo 1.21\n\nrequire (\n\tx.org/x v1.0.0 // indirect\n)\n\nrequire (\n\tb.org/b v1.0.0\n)\n"
        ),
        "module a\n\ngo 1.21\n\nrequire (\n\tx.org/x v1.0.0 // indirect\n)\n\nrequire (\n\tb.org/b v1.0.0\n\tgithub.com/taosdata/driver-go/v3 v3.5.5\n)\n"
    );
    assert_eq!(
        after("module a\n\ngo 1.21\n\nrequire (\n\tx.org/x v1.0.0 // indirect\n)\n"),
        "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 v3.5.5\n\nrequire (\n\tx.org/x v1.0.0 // indirect\n)\n"
    );
}

#[test]
fn present_requirement_stays() {
    for source in [
        "module a\ngo 1.21\nrequire github.com/taosdata/driver-go/v3 v3.5.5\n",
        "module a\ngo 1.21\nrequire \"github.com/taosdata/driver-go/v3\" v3.5.5 // indirect",
        "module a\r\ngo 1.21\r\nrequire(\r\n\tgithub.com/taosdata/driver-go/v3 v3.5.5\r\n)",
    ] {
        let unchanged = Edit {
            asked: Some("v3.5.5".into()),
            ..Edit::default()
        };
        assert_eq!(edit(source, WANTED).unwrap(), unchanged);
    }
}

#[test]
fn another_version_stays_or_conflicts() {
    let source = "module a\ngo 1.21\nrequire (\n\tgithub.com/taosdata/driver-go/v3 v3.7.8\n)\n";
    assert!(matches!(
        edit(source, WANTED),
        Err(EditRefusal::Conflict { line: 4, .. })
    ));
}

#[test]
fn odd_lines_get_notes() {
    let source = "module a\ngo 1.12\nreplace github.com/taosdata/driver-go/v3 => ../fork\n";
    let notes = edit(source, WANTED).unwrap().notes;
    assert_eq!(notes.len(), 2);
    let first = |source: &str| edit(source, WANTED).unwrap().notes[0].to_string();
    assert!(first(source).starts_with("go.mod:2 says go 1.12"));
    assert!(
        notes[1]
            .to_string()
            .starts_with("go.mod:3: the replace line")
    );
    assert!(first("module a\n").starts_with("go.mod has no go line"));
}

#[test]
fn invalid_lines_are_reported() {
    let line = |source| match edit(source, WANTED) {
        Err(EditRefusal::Unparsable { line, .. }) => Some(line),
        _ => None,
    };
    assert_eq!(line(""), Some(1));
    assert_eq!(line("go 1.21\n"), Some(1));
    assert_eq!(line("module a\nhello world\n"), Some(2));
    assert_eq!(line("module a\nrequire b\n"), Some(2));
    assert_eq!(line("module a\n\nrequire (\n\tb v1.0.0\n"), Some(3));
    assert_eq!(line("module a\nrequire ( b v1.0.0 )\n"), Some(2));
    assert_eq!(line("module \"a\n"), Some(1));
    assert_eq!(line("module a\nmodule b\n"), Some(2));
    assert_eq!(line("module a\n)\n"), Some(2));
    assert_eq!(line("<<<<<<< HEAD\nmodule a\n"), Some(1));
}

#[test]
fn valid_lines_parse() {
    for source in [
        "module a\nretract [v1.0.0, v1.9.9]\nretract (\n\tv1 // bad\n\t[v1.0.0, v1.9.9]\n)\n",
        "module a\nexclude b v1.0.0\nreplace b v1.0.0 => ../b\nreplace b => c v1.0.0\n",
        "module a\ngodebug default=go1.21\ntool b/cmd/c\ntoolchain go1.22.1\nignore ./x\n",
        "// head\n\nmodule a // why\n",
        "module a\nrequire b latest\n",
    ] {
        after(source);
    }
}

#[test]
fn invalid_module_paths_get_complaints() {
    for good in ["a", "example.com/a-b/c_d", "hello", "x~y", "a/v2"] {
        assert_eq!(complaint_about_module_path(good), None, "{good}");
    }
    for bad in [
        "", "a b", "/a", "a/", "a//b", ".a", "a.", "-a", "é", "std", "a\nb", "a\\b",
    ] {
        assert!(complaint_about_module_path(bad).is_some(), "{bad}");
    }
}

fn requirement_line() -> impl Strategy<Value = String> {
    (
        "[a-z]{1,3}\\.org/[a-z]{1,4}",
        "v[0-9]\\.[0-9]\\.[0-9]",
        prop_oneof![Just(""), Just(" // indirect"), Just(" // because")],
    )
        .prop_map(|(path, version, comment)| format!("{path} {version}{comment}"))
}

prop_compose! {
    fn any_go_mod()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        head in prop_oneof![Just(vec!["module a"]), Just(vec!["// top", "", "module a", "", "go 1.21"])],
        single in proptest::collection::vec(requirement_line(), 0..4),
        blocks in proptest::collection::vec(proptest::collection::vec(requirement_line(), 0..5), 0..3),
        indent in prop_oneof![Just("\t"), Just("  "), Just("")],
        tail in prop_oneof![Just(""), Just("replace x.org/y => ../y // local")],
        last_break in any::<bool>(),
    ) -> String {
        let mut lines: Vec<String> = head.into_iter().map(str::to_owned).collect();
        lines.extend(single.into_iter().map(|line| format!("require {line}")));
        for block in blocks {
            lines.push(String::new());
            lines.push("require (".into());
            for line in block {
                lines.push(format!("{indent}// about the next"));
                lines.push(format!("{indent}{line}"));
            }
            lines.push(")".into());
        }
        if !tail.is_empty() {
            lines.push(tail.into());
        }
        let mut text = format!("{mark}{}", lines.join(ending));
        if last_break {
            text.push_str(ending);
        }
        text
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_go_mod()) {
        let new = after(&source);
        prop_assert_eq!(new.matches("\r\n").count() > 0, source.contains("\r\n") );
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        prop_assert_eq!(new.ends_with('\n'), source.ends_with('\n'));
        let (old, new) = (syntax::parse(&source).unwrap(), syntax::parse(&new).unwrap());
        prop_assert_eq!(new.requires.len(), old.requires.len() + 1);
    }

    #[test]
    fn any_input_is_handled(source in "(module a\n)?[a-z()\"`/ \t\r\n=>,\\[\\]\u{feff}é]{0,60}") {
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
    }
}

#[test]
fn older_version_is_upgraded() {
    let upgrade = Requirement {
        upgrade: true,
        ..WANTED
    };
    let source = "module a\r\ngo 1.21\r\nrequire(\r\n\t\"github.com/taosdata/driver-go/v3\"  v3.5.0 // why\r\n)";
    let edit_of = |source: &str| edit(source, upgrade).map(|edit| edit.apply(source));
    assert_eq!(edit_of(source).unwrap(), source.replace("v3.5.0", "v3.5.5"));
    let newer = "module a\ngo 1.21\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n";
    assert!(matches!(
        edit_of(newer),
        Err(EditRefusal::Conflict { line: 3, found, .. }) if found.to_string().ends_with("v3.7.8")
    ));
}

#[test]
fn retired_modules_go() {
    let source =
        "module a\n\nrequire (\n\tb.org/b v1.0.0\n\tgithub.com/taosdata/driver-go/v2 v2.0.4\n)\n";
    let retired = ["github.com/taosdata/driver-go/v2"];
    assert_eq!(
        without_retired(source, &retired),
        Ok(Some((
            retired[0],
            source.replace("\tgithub.com/taosdata/driver-go/v2 v2.0.4\n", "")
        )))
    );
    let wanted = Requirement {
        retired: &retired,
        ..WANTED
    };
    let notes = edit(source, wanted).unwrap().notes;
    assert!(notes.iter().any(|note| *note == "go.mod:5 names github.com/taosdata/driver-go/v2, which is retired: it is for TDengine 2; use github.com/taosdata/driver-go/v3; --upgrade removes it"));
}
