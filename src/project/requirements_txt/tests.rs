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

fn after(source: &str) -> String {
    let first = edit(source, WANTED).unwrap();
    let new = first.apply(source);
    let Splice { at, text, .. } = first.insertion.unwrap();
    assert_eq!(new.len(), source.len() + text.len());
    assert_eq!(&new[..at], &source[..at]);
    assert_eq!(&new[at + text.len()..], &source[at..]);
    assert_eq!(
        edit(&new, WANTED).unwrap(),
        Edit::default(),
        "the second run:\n{new}"
    );
    new
}

#[test]
fn insertion_follows_order() {
    assert_eq!(after(""), "taos-ws-py==0.7.0\n");
    assert_eq!(after("requests"), "requests\ntaos-ws-py==0.7.0");
    assert_eq!(after("requests\n"), "requests\ntaos-ws-py==0.7.0\n");
    assert_eq!(
        after("\u{feff}requests==2.0\r\nzope==1 # z\r\n"),
        "\u{feff}requests==2.0\r\ntaos-ws-py==0.7.0\r\nzope==1 # z\r\n"
    );
    assert_eq!(
        after("zope\nrequests\n"),
        "zope\nrequests\ntaos-ws-py==0.7.0\n"
    );
    assert_eq!(
        after("# about zope\nzope\n"),
        "taos-ws-py==0.7.0\n# about zope\nzope\n"
    );
    assert_eq!(
        after("# head\n\n-r base.txt\n"),
        "# head\n\n-r base.txt\ntaos-ws-py==0.7.0\n"
    );
    // What belongs to the entry before stays with it; what belongs to the next too.
    assert_eq!(
        after("requests==2.0\n    # via app\n# for zope\nzope==1\n"),
        "requests==2.0\n    # via app\ntaos-ws-py==0.7.0\n# for zope\nzope==1\n"
    );
    assert_eq!(
        after("requests \\\n  ==2.0\nzope\n"),
        "requests \\\n  ==2.0\ntaos-ws-py==0.7.0\nzope\n"
    );
    // A comment may continue, too, and may end a continued line.
    assert_eq!(
        after("requests # why \\\n  not\nzope\n"),
        "requests # why \\\n  not\ntaos-ws-py==0.7.0\nzope\n"
    );
    assert_eq!(
        after("-r x \\\n# y\nzope\n"),
        "-r x \\\n# y\ntaos-ws-py==0.7.0\nzope\n"
    );
}

#[test]
fn continued_line_is_refused() {
    let refusal = edit("requests\nzope\\\n", WANTED).unwrap_err();
    let EditRefusal::Unparsable { line, reason } = refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!(line, 2);
    assert_eq!(reason, "it ends in a backslash, and no line follows");
}

#[test]
fn present_requirement_stays() {
    for source in [
        "taos-ws-py==0.7.0\n",
        "Taos_WS.Py == 0.7.0 ; python_version > '3.7' # why\n",
        "taos-ws-py[x]===0.7.0",
        "taos-ws-py \\\n  ==0.7.0\n",
    ] {
        assert_eq!(
            edit(source, WANTED).map(|edit| edit.insertion),
            Ok(None),
            "{source}"
        );
    }
    let notes = |source| edit(source, WANTED).unwrap().notes;
    assert_eq!(
        notes("x\ntaos-ws-py>=0.3\n"),
        ["requirements.txt:2 asks for taos-ws-py >=0.3, which is unchanged"]
    );
    assert_eq!(
        notes("taos-ws-py\n"),
        ["requirements.txt:1 asks for any version of taos-ws-py, which is unchanged"]
    );
    for source in [
        "taos-ws-py @ git+https://example.com/x.git@main\n",
        "-e git+https://example.com/x.git#egg=taos_ws_py\n",
    ] {
        assert_eq!(
            notes(source),
            ["requirements.txt:1 takes taos-ws-py from a location, which is unchanged"]
        );
    }
}

#[test]
fn excluded_version_is_a_conflict() {
    let line = |source| match edit(source, WANTED) {
        Err(EditRefusal::Conflict { line, .. }) => Some(line),
        _ => None,
    };
    assert_eq!(line("a\ntaos-ws-py==0.6.9\n"), Some(2));
    assert_eq!(line("taos_ws_py<0.7"), Some(1));
    assert_eq!(line("a==1 \\\n    --hash=sha256:00\n"), Some(1));
    assert_eq!(line("--require-hashes\na\n"), Some(1));
    // Names that only look alike.
    assert_eq!(line("taos-ws-py-extra==1\ntaos==1\n"), None);
}

#[test]
fn invalid_lines_are_reported() {
    let line = |source| match edit(source, WANTED) {
        Err(EditRefusal::Unparsable { line, .. }) => Some(line),
        _ => None,
    };
    assert_eq!(line("a\n<<<<<<< HEAD\n"), Some(2));
    assert_eq!(line("a b\n"), Some(1));
    assert_eq!(line("a[b\n"), Some(1));
    assert_eq!(line("taos-ws-py=0.7\n"), Some(1));
}

#[test]
fn valid_lines_parse() {
    for source in [
        "-i https://example.com/simple\n--extra-index-url https://example.com\n-c constraints.txt\n",
        "./local\n../other\nhttps://example.com/a.whl\na.whl\n-e .\nfile:///a/b\nC:\\x\\y.whl\n",
        "a (>=1)\nb>=1,<2;python_version<'3'\nc[x,y]~=1.0\n",
        "a @ file:///x\n",
    ] {
        after(source);
    }
}

#[test]
fn invalid_project_names_get_complaints() {
    assert_eq!(normalised("Taos__WS.-Py"), "taos-ws-py");
    for good in ["a", "a-b", "A.b_c9"] {
        assert_eq!(complaint_about_project_name(good), None);
    }
    for bad in ["", "-a", "a-", "a b", "é", "a/b"] {
        assert!(complaint_about_project_name(bad).is_some(), "{bad}");
    }
}

prop_compose! {
    fn any_requirements()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        lines in proptest::collection::vec(prop_oneof![
            "[a-z]{1,8}(==[0-9]\\.[0-9]|>=1|\\[x\\])?( ?# why| ; python_version > '3')?",
            "#[a-z ]{0,6}",
            "    # via [a-z]{1,3}",
            Just("-r base.txt".to_owned()),
            Just(String::new()),
        ], 0..10),
        last_break in any::<bool>(),
    ) -> String {
        let mut text = format!("{mark}{}", lines.join(ending));
        if last_break {
            text.push_str(ending);
        }
        text
    }
}

proptest! {
    #[test]
    fn edit_is_one_splice(source in any_requirements()) {
        // `a# why` is a name that pip refuses too.
        prop_assume!(syntax::parse(&source).is_ok());
        let new = after(&source);
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        let (old, new) = (syntax::parse(&source).unwrap(), syntax::parse(&new).unwrap());
        prop_assert_eq!(new.entries.len(), old.entries.len() + 1);
        if old.entries.is_sorted_by(|a, b| a.name <= b.name) {
            prop_assert!(new.entries.is_sorted_by(|a, b| a.name <= b.name));
        }
    }

    #[test]
    fn any_input_is_handled(source in "[a-z=<>\\[\\]();@#\\\\ \t\r\n\u{feff}é.-]{0,60}") {
        if let Ok(edit) = edit(&source, WANTED) {
            edit.apply(&source);
        }
    }
}

#[test]
fn older_version_is_upgraded() {
    let upgraded = |source: &str| {
        let wanted = Requirement {
            upgrade: true,
            ..WANTED
        };
        edit(source, wanted).ok().map(|edit| edit.apply(source))
    };
    for (source, expected) in [
        (
            "taos-ws-py==0.6.9 # why\r\nz\r\n",
            "taos-ws-py==0.7.0 # why\r\nz\r\n",
        ),
        (
            "Taos_WS.Py [x] == 0.6.9 ; python_version > '3.7'",
            "Taos_WS.Py [x] == 0.7.0 ; python_version > '3.7'",
        ),
        ("taos-ws-py>=0.3,<0.7\n", "taos-ws-py==0.7.0\n"),
        ("taos-ws-py~=0.6.1\n", "taos-ws-py==0.7.0\n"),
        ("taos-ws-py>=0.3\n", "taos-ws-py>=0.3\n"),
    ] {
        assert_eq!(upgraded(source).as_deref(), Some(expected), "{source}");
    }
    for refused in [
        "taos-ws-py==0.8.0\n",
        "taos-ws-py!=0.7.0\n",
        "taos-ws-py==0.6.9 --hash=sha256:00\n",
        "taos-ws-py \\\n  ==0.6.9\n",
    ] {
        assert_eq!(upgraded(refused), None, "{refused}");
    }
}

#[test]
fn location_is_left_alone() {
    let wanted = Requirement {
        location: Some("git+https://example.com/a.git@v1"),
        ..WANTED
    };
    let after = |source: &str| edit(source, wanted).map(|edit| edit.apply(source));
    let line = "taos-ws-py @ git+https://example.com/a.git@v1\n";
    assert_eq!(after("").as_deref(), Ok(line));
    assert_eq!(after(line).as_deref(), Ok(line));
    for other in [
        "taos-ws-py\n",
        "taos-ws-py==0.7.0\n",
        "taos-ws-py @ git+https://example.com/a.git\n",
    ] {
        assert!(
            matches!(after(other), Err(EditRefusal::Conflict { line: 1, .. })),
            "{other}"
        );
    }
}
