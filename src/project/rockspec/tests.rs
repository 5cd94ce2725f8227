use proptest::prelude::*;

use super::*;
use crate::catalog::connectors::{Companion, VersionRules};
use crate::message::locale::LocalizedText;
use crate::project::requirement::DependencyList;

fn companions() -> Vec<Companion> {
    vec![Companion {
        package: "lua-cjson".into(),
        version: ">= 2.1.0".into(),
        parts: Vec::new(),
        below: None,
        why: LocalizedText {
            en: String::new(),
            zh: String::new(),
        },
    }]
}

fn wanted(companions: &[Companion]) -> Requirement<'_> {
    Requirement {
        file: "app-1.0-1.rockspec",
        package: "luasocket",
        version: "3.1.0",
        runtime: "5.1",
        runtime_below: None,
        classifier: None,
        parts: &[],
        or_parts: &[],
        all_parts: &[],
        companions,
        retired: &[],
        parents: &[],
        upgrade: false,
        is_pinned: false,
        location: None,
        locked: &[],
        rules: VersionRules::NONE,
        list: DependencyList::Main,
        sections: &[],
    }
}

fn edited(source: &str) -> Result<Edit, EditRefusal> {
    Rockspec.edit(source, wanted(&companions()))
}

fn rocks(source: &str) -> Vec<(String, String)> {
    let pins = Rockspec.pins(source, "").unwrap();
    pins.into_iter().map(|it| (it.package, it.asked)).collect()
}

#[test]
fn pins_are_the_rocks_of_the_list() {
    let source = r#"
        build_dependencies = { "luasocket >= 1" }
        dependencies = {
            "lua >= 5.1, < 5.5", 'kikito/Inspect', [[lua-cjson == 2.1.0-1]],
            "http " .. version, [5] = "luasec ~> 1.2", platforms = { windows = { "winapi" } },
        }
    "#;
    let pins = Rockspec.pins(source, "a.rockspec").unwrap();
    let shown = pins.iter().map(|pin| {
        let Pin {
            package,
            version,
            exact,
            ..
        } = pin;
        format!("{package} {version} {exact}")
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "lua 5.1 false",
            "inspect  false",
            "lua-cjson 2.1.0-1 true",
            "http  false",
            "luasec 1.2 false"
        ]
    );
}

#[test]
fn upgrade_replaces_an_older_version() {
    let source = "dependencies = {\n  'luasocket == 2.0.2', -- old\n  'lua-cjson',\n}\n";
    let companions = companions();
    let wanted = Requirement {
        upgrade: true,
        ..wanted(&companions)
    };
    let edit = Rockspec.edit(source, wanted).unwrap();
    assert_eq!(
        edit.apply(source),
        source.replace("== 2.0.2", ">= 3.1.0"),
        "{edit:?}"
    );
    assert_eq!(edit.asked.as_deref(), Some(">= 3.1.0"));
}

#[test]
fn constraints_are_those_of_luarocks() {
    for (asked, version, expected) in [
        ("", "3.1.0", true),
        (">= 3.1", "3.1.0", true),
        (">= 3.1.0-1", "3.1.0", true),
        ("> 3.1", "3.1.0", false),
        ("~> 3.1", "3.1.7", true),
        ("~> 3.1", "3.2.0", false),
        ("== 3.1", "3.1.0", true),
        ("3.0", "3.1.0", false),
        ("~= 3.1", "3.1.0", false),
        (">= 3, < 4", "3.1.0", true),
        (">= 3, < 3.1", "3.1.0", false),
        ("dev", "3.1.0", false),
    ] {
        assert_eq!(Rockspec.admits(asked, version), expected, "{asked}");
    }
}

#[test]
fn nothing_wanted_still_reads_the_file() {
    let native = Requirement {
        package: "",
        ..wanted(&[])
    };
    let edit = Rockspec.edit("package = 'a'\n", native).unwrap();
    assert_eq!(edit, Edit::default());
    assert!(Rockspec.edit("package = \n", native).is_err());
}

#[test]
fn names_are_those_of_rocks() {
    for name in ["a", "lua-app", "app_2.x"] {
        assert_eq!(Rockspec.complaint_about_name(name), None, "{name}");
    }
    for name in ["", "App", "a b", "-a", "é"] {
        assert!(Rockspec.complaint_about_name(name).is_some(), "{name}");
    }
}

/// A rockspec whose list has entries of every form, and the rocks that it names.
fn rockspec() -> impl Strategy<Value = String> {
    let entry = prop_oneof![
        "\"[a-z]{1,6}( >= [0-9]\\.[0-9])?\"",
        "'[a-z]{1,6}'",
        Just("[[lpeg ~> 1.0]]".to_owned()),
        Just("platforms = { unix = { \"a\", } }".to_owned()),
        Just("[9] = \"inspect\"".to_owned()),
    ];
    let gap = prop_oneof![
        Just(String::new()),
        Just(" ".to_owned()),
        Just("\n   ".to_owned()),
        Just(" -- \"a\" }\n\t".to_owned()),
        Just(" --[[ , ]] ".to_owned()),
    ];
    let item = (
        gap.clone(),
        entry,
        gap.clone(),
        prop::sample::select(vec![",", ";"]),
    );
    let head = prop::sample::select(vec![
        "",
        "\u{feff}",
        "#!lua\n",
        "package = \"a\"\n",
        "local x = {}\n",
    ]);
    let tail = prop::sample::select(vec!["", "\n", "\nbuild = {}\n", " build = {}"]);
    (
        head,
        prop::collection::vec(item, 0..5),
        gap,
        any::<bool>(),
        tail,
    )
        .prop_map(|(head, items, gap, has_last, tail)| {
            let count = items.len();
            let mut list = String::new();
            for (index, (before, entry, after, separator)) in items.into_iter().enumerate() {
                let is_last = index + 1 == count;
                let separator = if is_last && !has_last { "" } else { separator };
                list += &format!("{before}{entry}{after}{separator}");
            }
            format!("{head}dependencies = {{{list}{gap}}}{tail}")
        })
}

proptest! {
    #[test]
    fn insertion_keeps_every_other_byte(source in rockspec()) {
        let edit = edited(&source).unwrap();
        let splices = edit.insertion.iter().chain(&edit.replacements);
        for splice in splices {
            prop_assert_eq!(splice.removes, 0);
        }
        let new = edit.apply(&source);
        let mut rest = new.chars();
        prop_assert!(source.chars().all(|c| rest.any(|it| it == c)), "{new}");
        let (before, after) = (rocks(&source), rocks(&new));
        let added: Vec<_> = after.iter().filter(|it| !before.contains(it)).collect();
        prop_assert!(before.iter().all(|it| after.contains(it)), "{new}");
        prop_assert!(added.len() <= 2, "{new}");
        prop_assert!(["luasocket", "lua-cjson"].iter().all(|name| after.iter().any(|it| it.0 == *name)), "{new}");
        let again = edited(&new).unwrap();
        prop_assert_eq!((again.insertion, again.replacements), (None, vec![]));
    }

    #[test]
    fn any_text_is_edited_or_refused(source in "(dependencies|build|=|\\{|\\}|\"a\"|,|;|\n| |--|\\[\\[|\\]\\]|local|if|end|then|x|\\(|\\)|\\.){0,40}") {
        if let Ok(edit) = edited(&source) {
            let new = edit.apply(&source);
            let again = edited(&new).unwrap();
            prop_assert_eq!(again.insertion, None, "{:?} {:?}", source, new);
        }
    }
}
