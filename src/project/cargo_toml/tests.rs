use std::sync::OnceLock;

use super::crate_name::complaint_about_crate_name;
use super::workspace::{counts_member, note_about_new_member, workspace_folders};
use crate::catalog::connectors::VersionRules;
use crate::message::locale::LocalizedText;

use super::*;
use crate::catalog::connectors::Companion;
use crate::project::requirement::DependencyList;
use proptest::prelude::*;

/// What is wanted over WebSocket, as connectors.toml has it.
fn wanted() -> Requirement<'static> {
    static FACTS: OnceLock<(Vec<String>, Vec<String>, Vec<Companion>)> = OnceLock::new();
    let (parts, or_parts, companions) = FACTS.get_or_init(|| {
        let companion = Companion {
            package: "tokio".into(),
            version: ">=1.40, <1.54".into(),
            parts: vec!["macros".into(), "rt-multi-thread".into()],
            below: Some("1.54".into()),
            why: LocalizedText {
                en: "it panics".into(),
                zh: "它会 panic".into(),
            },
        };
        let one = |it: &str| vec![it.to_owned()];
        (one("ws-rustls"), one("ws-native-tls"), vec![companion])
    });
    Requirement {
        file: "manifest",
        package: "taos",
        version: "0.12.3",
        runtime: "1.65",
        runtime_below: None,
        classifier: None,
        parts,
        or_parts,
        all_parts: &[],
        companions,
        retired: &["libtaos"],
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

const TAOS: &str =
    r#"taos = { version = "0.12.3", default-features = false, features = ["ws-rustls"] }"#;
const TOKIO: &str =
    r#"tokio = { version = ">=1.40, <1.54", features = ["macros", "rt-multi-thread"] }"#;
const HEAD: &str = "[package]\nname = \"a\"\n";

/// `source` after the edit, which must be one splice and leave nothing to do.
fn after_with(source: &str, wanted: Requirement) -> String {
    let new = edit(source, wanted).unwrap().apply(source);
    assert_eq!(
        edit(&new, wanted).unwrap().insertion,
        None,
        "a second run of\n{new}"
    );
    new
}

fn after(source: &str) -> String {
    after_with(source, wanted())
}

/// The text with the two lines for `[TAOS]` and `[TOKIO]`.
fn filled(text: &str) -> String {
    text.replace("[TAOS]", TAOS).replace("[TOKIO]", TOKIO)
}

#[track_caller]
fn becomes(before: &str, expected: &str) {
    assert_eq!(
        after(&format!("{HEAD}{before}")),
        format!("{HEAD}{}", filled(expected))
    );
}

fn conflict(source: &str) -> (usize, String, String) {
    match edit(source, wanted()) {
        Err(EditRefusal::Conflict { line, found, next }) => {
            (line, found.to_string(), next.to_string())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn insertion_follows_order() {
    becomes("", "\n[dependencies]\n[TAOS]\n[TOKIO]\n");
    becomes("[dependencies]\n", "[dependencies]\n[TAOS]\n[TOKIO]\n");
    becomes("[dependencies]", "[dependencies]\n[TAOS]\n[TOKIO]");
    becomes(
        "\n[dependencies] # ours\n\n[dev-dependencies]\nx = \"1\"\n",
        "\n[dependencies] # ours\n[TAOS]\n[TOKIO]\n\n[dev-dependencies]\nx = \"1\"\n",
    );
    // In order, around what stands between.
    becomes(
        "[dependencies]\nanyhow = \"1\" # a\n# about tar\ntar = \"0.4\"\nurl = \"2\"\n",
        "[dependencies]\nanyhow = \"1\" # a\n[TAOS]\n# about tar\ntar = \"0.4\"\n[TOKIO]\nurl = \"2\"\n",
    );
    // Out of order: at the end.
    becomes(
        "[dependencies]\nurl = \"2\"\nanyhow = \"1\"\n\n[features]\n",
        "[dependencies]\nurl = \"2\"\nanyhow = \"1\"\n[TAOS]\n[TOKIO]\n\n[features]\n",
    );
    becomes(
        "[dependencies]\n# about url\nurl = \"2\"\n",
        "[dependencies]\n[TAOS]\n[TOKIO]\n# about url\nurl = \"2\"\n",
    );
    becomes(
        "[dependencies]\n  serde = { version = \"1\", features = [\n    \"derive\",\n  ] } # s\n\n  # last\n",
        "[dependencies]\n  serde = { version = \"1\", features = [\n    \"derive\",\n  ] } # s\n  [TAOS]\n  [TOKIO]\n\n  # last\n",
    );
}

#[test]
fn other_ways_to_write_a_table() {
    becomes(
        "\n# about serde\n[dependencies.serde]\nversion = \"1\"\n",
        "\n[dependencies]\n[TAOS]\n[TOKIO]\n\n# about serde\n[dependencies.serde]\nversion = \"1\"\n",
    );
    becomes(
        "[dependencies]\nserde.version = \"1\"\nserde.features = [\"derive\"]\n",
        "[dependencies]\nserde.version = \"1\"\nserde.features = [\"derive\"]\n[TAOS]\n[TOKIO]\n",
    );
    let dotted = "dependencies.serde = \"1\"\n[package]\nname = \"a\"\n";
    assert_eq!(
        after(dotted),
        format!(
            "dependencies.serde = \"1\"\ndependencies.{TAOS}\ndependencies.{TOKIO}\n[package]\nname = \"a\"\n"
        )
    );
    for (before, expected) in [
        (
            "dependencies = {}\n",
            "dependencies = { [TAOS], [TOKIO] }\n",
        ),
        (
            "dependencies = { a = \"1\" }\n",
            "dependencies = { a = \"1\", [TAOS], [TOKIO] }\n",
        ),
    ] {
        assert_eq!(after(&format!("{before}{HEAD}")), filled(expected) + HEAD);
    }
}

#[test]
fn other_dependencies_stay() {
    let others = "[target.'cfg(unix)'.dependencies]\ntaos = \"0.11\"\n[build-dependencies]\ntaos = \"0.1\"\n[package.metadata.dependencies]\ntaos = \"9\"\n";
    becomes(
        others,
        &format!("{others}\n[dependencies]\n[TAOS]\n[TOKIO]\n"),
    );
}

#[test]
fn line_endings_and_marks() {
    let text = "\u{feff}[package]\r\nname = \"a\"\r\n[dependencies]\r\nserde = \"1\"\r\n\r\n[features]\r\n";
    assert_eq!(
        after(text),
        text.replace("\"1\"\r\n", &format!("\"1\"\r\n{TAOS}\r\n{TOKIO}\r\n"))
    );
}

#[test]
fn tokio_that_is_there() {
    let with = |tokio: &str| format!("{HEAD}[dependencies]\n{TAOS}\ntokio = {tokio}\n");
    for (asked, capped) in [
        ("\"1\"", "\"1, <1.54\""),
        ("'1.50'", "'1.50, <1.54'"),
        (
            "{ version = \"1\", features = [\"full\"] }",
            "{ version = \"1, <1.54\", features = [\"full\"] }",
        ),
    ] {
        assert_eq!(after(&with(asked)), with(capped));
        let notes = edit(&with(asked), wanted()).unwrap().notes;
        assert!(
            notes[0]
                .to_string()
                .starts_with("Cargo.toml:5 asked for tokio"),
            "{notes:?}"
        );
    }
    for fine in [
        "\">=1.40, <1.54\"",
        "\"=1.53.3\"",
        "\"~1.45\"",
        "{ path = \"../tokio\" }",
    ] {
        assert_eq!(
            edit(&with(fine), wanted()).map(|it| Edit { asked: None, ..it }),
            Ok(Edit::default()),
            "{fine}"
        );
    }
    for broken in ["\"1.54\"", "\"=1.60.1\"", "\"*\"", "\"\"\"1\"\"\""] {
        let (line, found, next) = conflict(&with(broken));
        assert_eq!(line, 5, "{broken}");
        assert!(
            found.ends_with(", and it panics") && next.contains(">=1.40, <1.54"),
            "{found}"
        );
    }
    // Not too new, but nothing that the example can use.
    for other in ["\"0.2\"", "\"~1.38\"", "\"=1.20.1\""] {
        let (line, found, next) = conflict(&with(other));
        assert_eq!(line, 5, "{other}");
        assert!(
            found.ends_with(", and the example needs >=1.40, <1.54")
                && next.contains(">=1.40, <1.54"),
            "{found}"
        );
    }
    // Another major version under another name does not matter.
    let source = format!(
        "{HEAD}[dependencies]\n{TAOS}\ntokio02 = {{ package = \"tokio\", version = \"0.2\" }}\n"
    );
    assert_eq!(
        after(&source),
        source.replace(TAOS, &format!("{TAOS}\n{TOKIO}"))
    );
    // For some platforms, for builds, or by choice: the example needs one of its own, and that limits all.
    let source =
        format!("{HEAD}[dependencies]\n{TAOS}\n[target.'cfg(unix)'.dependencies]\ntokio = \"1\"\n");
    assert_eq!(
        after(&source),
        source.replace(TAOS, &format!("{TAOS}\n{TOKIO}"))
    );
    let source = format!("{HEAD}[dependencies]\n{TAOS}\n[dev-dependencies]\ntokio = \"1\"\n");
    assert_eq!(after(&source), source.replace("\"1\"", "\"1, <1.54\""));
}

#[test]
fn taos_that_is_there() {
    let with = |taos: &str| format!("{HEAD}[dependencies]\n{taos}\n{TOKIO}\n");
    for same in [
        "taos = \"0.12.3\"",
        "taos = \"=0.12.3\"",
        TAOS,
        "taos.version = \"0.12.3\"",
    ] {
        assert_eq!(
            edit(&with(same), wanted()).map(|it| Edit { asked: None, ..it }),
            Ok(Edit::default()),
            "{same}"
        );
    }
    for (left, note) in [
        (
            "taos = \"0.12\"",
            "Cargo.toml:4 asks for taos 0.12, which is unchanged",
        ),
        (
            "taos = { git = \"https://example.com/a\" }",
            "Cargo.toml:4 takes taos from a location, which is unchanged",
        ),
        (
            "taos.workspace = true",
            "Cargo.toml:4 inherits taos from a workspace that was not found; it is unchanged",
        ),
        (
            "taos = { version = \"0.12.3\", optional = true }",
            "Cargo.toml:4 makes taos optional: the example needs --features taos",
        ),
    ] {
        let edit = edit(&with(left), wanted()).unwrap();
        assert_eq!(edit.insertion, None);
        assert_eq!(edit.notes, [note]);
    }
    for other in [
        "taos = \"0.11\"",
        "taos = \"0.12.4\"",
        "tdengine = { package = \"taos\", version = \"0.12.3\" }",
        "taos = { version = \"0.12.3\", default-features = false, features = [\"optin\"] }",
    ] {
        assert_eq!(conflict(&with(other)).0, 4, "{other}");
    }
    let wrong = edit(&with("taos = \"a\""), wanted());
    assert!(matches!(
        wrong,
        Err(EditRefusal::Unparsable { line: 4, .. })
    ));
    let retired = edit(&with(&format!("libtaos = \"0.5\"\n{TAOS}")), wanted());
    assert_eq!(
        retired.unwrap().notes,
        [
            "Cargo.toml:4 names libtaos, which is retired: it is the former name of the crate taos; use taos; --upgrade removes it"
        ]
    );
}

#[test]
fn members_of_a_workspace() {
    let parent = |dependencies: &str| {
        let text =
            format!("[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\n{dependencies}");
        [("../Cargo.toml".to_owned(), text)]
    };
    let member = |dependencies: &str| {
        format!(
            "[package]\nname = \"a\"\nversion.workspace = true\n\n[dependencies]\n{dependencies}"
        )
    };
    let run = |before: &str, root: &str| {
        let parents = parent(root);
        let wanted = Requirement {
            parents: &parents,
            ..wanted()
        };
        edit(&member(before), wanted).map(|_| after_with(&member(before), wanted))
    };
    let plain = Ok(member(&filled("[TAOS]\n[TOKIO]\n")));
    assert_eq!(run("", ""), plain);
    assert_eq!(run("", "tokio = \"1\"\n"), plain);
    assert_eq!(
        run("", "taos = \"0.12\"\ntokio = \"1, <1.54\"\n"),
        Ok(member(
            "taos.workspace = true\ntokio = { workspace = true, features = [\"macros\", \"rt-multi-thread\"] }\n"
        ))
    );
    assert_eq!(
        run(
            "",
            "taos = { version = \"0.12.3\", default-features = false }\n"
        ),
        Ok(member(&filled(
            "taos = { workspace = true, features = [\"ws-rustls\"] }\n[TOKIO]\n"
        )))
    );
    // Two that the root gives, and one of them is too new.
    let inherited = run(
        "taos.workspace = true\ntokio.workspace = true\n",
        "taos = \"0.12.3\"\ntokio = \"1\"\n",
    );
    let Err(EditRefusal::Conflict { line, found, next }) = inherited else {
        panic!("{inherited:?}");
    };
    assert_eq!(line, 7);
    assert_eq!(
        found,
        "../Cargo.toml:5, which it inherits, asks for tokio 1, and it panics"
    );
    assert_eq!(
        next,
        "run the command again with --upgrade, which writes \">=1.40, <1.54\" there"
    );
    let other = run("", "taos = \"0.10\"\n");
    assert!(
        matches!(other, Err(EditRefusal::Conflict { .. })),
        "{other:?}"
    );
    // A root with a package of its own inherits from itself.
    let root = format!(
        "{HEAD}[workspace]\n[workspace.dependencies]\ntokio = \"1\"\n[dependencies]\n{TAOS}\ntokio.workspace = true\n"
    );
    assert_eq!(after(&root), root.replace("\"1\"", "\"1, <1.54\""));
}

#[test]
fn missing_package_is_refused() {
    let members = match edit(
        "[workspace]\nmembers = [\n  \"a\", # x\n  'crates/*',\n]\n",
        wanted(),
    ) {
        Err(EditRefusal::Aggregator {
            line: 1, members, ..
        }) => members,
        other => panic!("{other:?}"),
    };
    assert_eq!(members, ["a", "crates/*"]);
    for (text, wrong) in [
        ("", 1),
        ("[package]\nname = ", 2),
        ("[package]\n[package]\n", 2),
        ("<<<<<<< HEAD\n", 1),
    ] {
        let line = match edit(text, wanted()) {
            Err(EditRefusal::Unparsable { line, .. }) => line,
            other => panic!("{text:?}: {other:?}"),
        };
        assert_eq!(line, wrong, "{text:?}");
    }
}

#[test]
fn workspace_roots_are_found() {
    assert_eq!(workspace_folders(HEAD)[..2], ["..", "../.."]);
    assert_eq!(workspace_folders("package.workspace = \"../x\""), ["../x"]);
    assert!(workspace_folders("[workspace]").is_empty());
}

#[test]
fn members_of_a_workspace_are_counted() {
    let root = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"./crates/old/\", \"fuzz\"]\n";
    assert!(counts_member(root, "crates/a") && counts_member(root, "tools/a"));
    assert!(!counts_member(root, "crates/old/a") && !counts_member(root, "fuzz"));
    let named = "[workspace]\nmembers = [\"fuzz\"]\nexclude = [\"fuzz\"]\n";
    assert!(counts_member(named, "fuzz"));
    assert!(!counts_member(HEAD, "a") && !counts_member("[", "a"));
    assert_eq!(
        note_about_new_member("../../Cargo.toml", root, "crates/a"),
        None
    );
    let note = note_about_new_member("../../Cargo.toml", root, "tools/a").unwrap();
    let note = note.to_string();
    assert!(
        note.starts_with("../../Cargo.toml:1 ") && note.contains("\"tools/a\""),
        "{note}"
    );
}

#[test]
fn names_that_others_have() {
    for (taken, name) in [
        ("taos = { package = \"fork\", version = \"1\" }", "taos"),
        ("tokio = { package = \"fork\", version = \"1\" }", "tokio"),
    ] {
        let (line, found, _) = conflict(&format!("{HEAD}[dependencies]\n{taken}\n"));
        assert_eq!(line, 4);
        assert!(
            found.contains(&format!("fork under the name {name}")),
            "{found}"
        );
    }
    let renamed = "tokio1 = { package = \"tokio\", version = \"1\" }";
    let (line, found, _) = conflict(&format!("{HEAD}[dev-dependencies]\n{renamed}\n"));
    assert_eq!(
        (line, found.as_str()),
        (4, "the project has tokio under the name tokio1")
    );
}

/// The root of a workspace gives its members the packages under its own names.
#[test]
fn names_that_the_root_gives() {
    let source = format!("{HEAD}[dependencies]\nasynchronous.workspace = true\n");
    for own in [true, false] {
        let root = "[workspace]\n[workspace.dependencies]\nasynchronous = { package = \"tokio\", version = \"1\" }\n";
        let parents = vec![("../Cargo.toml".to_owned(), root.to_owned())];
        let (text, parents) = if own {
            (format!("{source}{root}"), Vec::new())
        } else {
            (source.clone(), parents)
        };
        let wanted = Requirement {
            parents: &parents,
            ..wanted()
        };
        assert!(
            matches!(
                edit(&text, wanted),
                Err(EditRefusal::Conflict { line: 4, found, .. })
                    if found == "the project has tokio under the name asynchronous"
            ),
            "{own}"
        );
    }
}

#[test]
fn lock_file_names_broken_companions() {
    let lock = |version: &str| {
        format!("version = 4\n\n[[package]]\nname = \"tokio\"\nversion = \"{version}\"\n")
    };
    let companions = wanted().companions;
    assert!(
        cargo_lock::describe_broken_companions("Cargo.lock", &lock("1.53.3"), companions)
            .is_empty()
    );
    assert!(cargo_lock::describe_broken_companions("Cargo.lock", "{", companions).is_empty());
    for older in ["0.2.25", "1.20.0"] {
        assert!(
            cargo_lock::describe_broken_companions("Cargo.lock", &lock(older), companions)
                .is_empty(),
            "{older}"
        );
    }
    let both = lock("0.2.25") + lock("1.54.0").trim_start_matches("version = 4\n");
    assert_eq!(
        cargo_lock::describe_broken_companions("Cargo.lock", &both, companions).len(),
        1
    );
    assert_eq!(
        cargo_lock::describe_broken_companions("Cargo.lock", &lock("1.54.1"), companions),
        [
            "Cargo.lock contains tokio 1.54.1, and it panics; the manifest now asks for >=1.40, <1.54"
        ]
    );
}

#[test]
fn invalid_crate_names_get_complaints() {
    for good in ["a", "a-b_c", "x9"] {
        assert_eq!(complaint_about_crate_name(good), None, "{good}");
    }
    for bad in ["", "9a", "a b", "taos", "fn", "é", "_a", "a.b"] {
        assert!(complaint_about_crate_name(bad).is_some(), "{bad}");
    }
}

prop_compose! {
    fn any_manifest()(
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        names in proptest::collection::vec("[a-z]{1,4}|tar|tb|tz", 0..6),
        values in proptest::collection::vec(prop_oneof![
            Just("\"1\""), Just("{ version = \"1\" } # x"), Just("{ path = \"../[dependencies]\" }"), Just("{ version = \"1\", features = [\n \"a\", # ]\n] }"),
        ], 6),
        comments in any::<[bool; 6]>(),
        tokio in prop_oneof![Just(""), Just("tokio = \"1\"\n"), Just("tokio = { version = '1.40', features = [] }\n")],
        header in prop_oneof![Just("[dependencies]"), Just("[ dependencies ] # d"), Just("")],
        after in prop_oneof![Just(""), Just("\n[features]\ntaos = []\n"), Just("\n[dependencies.zzz]\nversion = \"1\"\n")],
        last_break in any::<bool>(),
    ) -> String {
        let mut text = String::from("[package]\nname = \"a\"\n\n");
        if !header.is_empty() {
            text += header;
            text.push('\n');
            let mut seen = std::collections::BTreeSet::from(["tokio".to_owned(), "taos".to_owned()]);
            for (index, name) in names.iter().enumerate().filter(|(_, name)| seen.insert((*name).clone())) {
                if comments[index] { text += "# about it\n"; }
                text += &format!("{name} = {}\n", values[index]);
            }
            text += tokio;
        }
        text += after;
        if !last_break { text.pop(); }
        format!("{mark}{}", text.replace('\n', ending))
    }
}

proptest! {
    #[test]
    fn edits_only_add(source in any_manifest()) {
        let new = after(&source);
        // What was there is there, byte for byte and in order.
        let mut rest = new.as_str();
        for line in source.split_inclusive('\n') {
            let kept = line.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}');
            let kept = if kept.starts_with("tokio") { "tokio" } else { kept };
            let at = rest.find(kept);
            prop_assert!(at.is_some(), "{:?} is gone from\n{}", kept, new);
            rest = &rest[at.unwrap() + kept.len()..];
        }
        if source.contains("\r\n") {
            prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
        }
        let toml = |text: &str| -> toml::Table { toml::from_str(text.trim_start_matches('\u{feff}')).unwrap() };
        let mut expected = toml(&source);
        let found = toml(&new);
        let lists = found["dependencies"].as_table().unwrap();
        let empty = toml::Value::Table(toml::Table::new());
        let list = expected.entry("dependencies").or_insert(empty).as_table_mut().unwrap();
        list.insert("taos".into(), lists["taos"].clone());
        list.insert("tokio".into(), lists["tokio"].clone());
        prop_assert_eq!(&found, &expected);
    }

    #[test]
    fn any_input_is_handled(source in "(\\[package\\]\n)?(\\[(workspace\\.)?dependencies(\\.(taos|tokio))?\\]\n)?[a-z\\[\\]{}\"'=., \r\n#\u{feff}é]{0,40}") {
        if let Ok(edit) = edit(&source, wanted()) {
            edit.apply(&source);
        }
        workspace_folders(&source);
    }
}

#[test]
fn older_version_is_upgraded() {
    let with = |asked: &str| {
        format!(
            "{HEAD}\n[dependencies]\n# ours\ntaos = {{ version = \"{asked}\", default-features = false, features = [\"ws-rustls\"] }} # why\n{TOKIO}\n"
        )
    };
    let upgraded = |asked: &str| {
        let wanted = Requirement {
            upgrade: true,
            ..wanted()
        };
        let source = with(asked);
        let edit = edit(&source, wanted).ok()?;
        Some((edit.apply(&source), edit.asked))
    };
    for (asked, expected) in [
        ("0.11.4", "0.12.3"),
        ("=0.12.2", "=0.12.3"),
        ("~0.11", "~0.12.3"),
    ] {
        let (text, _) = upgraded(asked).unwrap();
        assert_eq!(text, with(expected), "{asked}");
    }
    assert_eq!(
        upgraded("0.12.1"),
        Some((with("0.12.1"), Some("0.12.1".into())))
    );
    assert_eq!(upgraded("0.13"), None);
}

#[test]
fn retired_crates_go() {
    let source = format!("{HEAD}\n[dependencies]\na = \"1\"\nlibtaos = \"0.4.2\"\n");
    assert_eq!(
        without_retired(&source, &["libtaos"]),
        Ok(Some((
            "libtaos",
            source.replace("libtaos = \"0.4.2\"\n", "")
        )))
    );
    // Where it is not reached, that is said.
    let source = format!("{HEAD}[dev-dependencies]\nlibtaos = \"0.4.2\"\n");
    assert_eq!(without_retired(&source, &["libtaos"]), Ok(None));
    let upgrade = Requirement {
        upgrade: true,
        ..wanted()
    };
    assert_eq!(
        edit(&source, upgrade).unwrap().notes,
        [
            "Cargo.toml:4 names libtaos, which is retired: it is the former name of the crate taos; use taos; remove it manually, because --upgrade does not edit this place"
        ]
    );
    let table = "[dependencies.libtaos]\nversion = \"0.4\"\nfeatures = [\n  \"rest\",\n] # r\n\n";
    for (before, behind) in [
        ("", "[features]\n"),
        (
            "[dependencies]\na = \"1\"\n\n",
            "# about b\n[dependencies.b]\n",
        ),
    ] {
        let source = format!("{HEAD}{before}{table}{behind}");
        assert_eq!(
            without_retired(&source, &["libtaos"]),
            Ok(Some(("libtaos", format!("{HEAD}{before}{behind}"))))
        );
    }
}
