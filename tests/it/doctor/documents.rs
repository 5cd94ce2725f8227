//! The list of checks: as the program prints it, and in the documents.

use std::path::Path;

use super::machine::Machine;
use insta::assert_snapshot;

fn document(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn documents_list_every_check() {
    let machine = Machine::new();
    for (name, language) in [("doctor.md", "en"), ("doctor.zh.md", "zh")] {
        let run = machine
            .doctor(&["--list", "--json"])
            .env("TAOS_SETUP_LANG", language)
            .run();
        let json = run.json();
        let rows = json["data"]["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|check| {
                let text = |key: &str| check[key].as_str().unwrap().to_owned();
                format!(
                    "| `{}` | {} | {} |\n",
                    text("check"),
                    text("group"),
                    text("about")
                )
            });
        let rows: String = rows.collect();
        assert!(document(name).contains(&rows), "{name} lacks\n{rows}");
    }
}

#[test]
fn unknown_checks_are_refused_with_a_suggestion() {
    let machine = Machine::new();
    let run = machine.doctor(&["libraries-"]).run();
    assert_eq!(run.exit, Some(2));
    assert!(run.stderr.contains("'libraries'"), "{run}");
    assert_eq!(machine.doctor(&["--yes"]).run().exit, Some(2));
    assert_eq!(
        machine.doctor(&["--time-from", "ftp://x"]).run().exit,
        Some(2)
    );
}

#[test]
fn one_check_is_run_alone() {
    let machine = Machine::new();
    let run = machine.doctor(&["ports", "libraries", "ports"]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ✓ driver         no client library; WebSocket and REST need none
    ✓ network        no server on this machine

    no problem found (2 checks)
    --- stderr
    ");
}
