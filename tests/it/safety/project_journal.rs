//! A change of several files of a project that is killed, or fails, at any of its steps; and journals that somebody planted.
#![cfg(all(target_os = "linux", debug_assertions))]

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::support::client_package::tree;
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;

type State = BTreeMap<PathBuf, String>;

const JOURNAL: &str = ".taos-setup-journal";
const CARGO: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// A command that changes several files of a project.
struct Case {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    args: &'static [&'static str],
}

const CASES: [Case; 5] = [
    Case {
        name: "existing project",
        files: &[("Cargo.toml", CARGO), ("src/lib.rs", "")],
        args: &["init", "--example", "basic"],
    },
    Case {
        name: "empty directory",
        files: &[],
        args: &["init", "--lang", "java", "--name", "a"],
    },
    Case {
        name: "new directory",
        files: &[],
        args: &[
            "init",
            "--lang",
            "java",
            "--dir",
            "new/below",
            "--name",
            "a",
        ],
    },
    Case {
        name: "migrate",
        files: &[
            ("a.properties", "url=jdbc:TAOS-RS://db:6041/power\n"),
            ("b/c.properties", "url=jdbc:TAOS-RS://db:6041/power\n"),
            ("d.properties", "url=jdbc:TAOS-RS://db:6041/power\n"),
        ],
        args: &["migrate"],
    },
    Case {
        name: "sync",
        files: &[
            ("taos-setup.toml", SETUP),
            ("a/go.mod", "module a\n\ngo 1.24\n"),
            ("b/requirements.txt", "requests\n"),
            ("c/go.mod", "module c\n\ngo 1.24\n"),
        ],
        args: &["sync"],
    },
];

const SETUP: &str = "\
[server]
version = \"3.3.7\"

[[project]]
dir = \"a\"
lang = \"go\"

[[project]]
dir = \"b\"
lang = \"python\"

[[project]]
dir = \"c\"
lang = \"go\"
";

impl Case {
    fn context(&self) -> TestContext {
        let context = TestContext::in_memory();
        for (path, text) in self.files {
            let path = context.work().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        context
    }

    /// The option that changes nothing.
    fn look(&self) -> &'static str {
        if self.name == "sync" {
            "--check"
        } else {
            "--dry-run"
        }
    }

    fn run(&self, context: &TestContext, more: &[&str], fault: &str) -> Run {
        let args = [self.args, more].concat();
        let program = context.program(args);
        program.env("TAOS_SETUP_TEST_FAULT", fault).run()
    }
}

fn state(context: &TestContext) -> State {
    tree(&context.work())
}

#[test]
fn killed_at_every_step_is_completed_by_the_next() {
    for case in CASES {
        let name = case.name;
        let context = case.context();
        let before = state(&context);
        let run = case.run(&context, &[], "");
        assert_eq!(run.exit, Some(0), "{name}: {run}");
        let after = state(&context);
        assert!(!after.keys().any(|path| path.ends_with(JOURNAL)), "{name}");
        let mut mixed = 0;
        for step in 1.. {
            let context = case.context();
            let run = case.run(&context, &[], &format!("kill@{step}"));
            if run.exit.is_some() {
                assert_eq!(state(&context), after, "{name}");
                assert!(step > 8, "{name}: {step}");
                break;
            }
            let killed = state(&context);
            // Commands that change nothing leave it.
            let check = case.run(&context, &[case.look()], "");
            // A lock that is missing is an error, and reported before what was interrupted.
            let is_refused = check.exit == Some(7) && name == "sync";
            assert!(
                is_refused || check.exit == Some(0),
                "{name} {step}: {check}"
            );
            assert_eq!(state(&context), killed, "{name} {step}");
            if killed.keys().any(|path| path.ends_with(JOURNAL)) {
                assert!(
                    is_refused || check.stderr.contains("was interrupted"),
                    "{name} {step}: {check}"
                );
            } else if killed != after {
                let old: State = killed
                    .into_iter()
                    .filter(|(path, _)| !path.to_string_lossy().contains(".taos-setup-"))
                    .collect();
                assert_eq!(old, before, "{name} {step}");
            }
            // The next one may be killed, too.
            if step % 2 == 0 {
                case.run(&context, &[], &format!("kill@{}", step / 2));
            }
            let run = case.run(&context, &[], "");
            assert_eq!(run.exit, Some(0), "{name} {step}: {run}");
            assert_eq!(state(&context), after, "{name} {step}");
            mixed += usize::from(run.stderr.contains("interrupted command"));
        }
        eprintln!("{name}: {mixed} completed");
        assert!(name == "new directory" || mixed > 2, "{name}: {mixed}");
    }
}

#[test]
fn failing_at_every_step_changes_nothing() {
    for case in CASES {
        let name = case.name;
        let before = state(&case.context());
        let after = {
            let context = case.context();
            case.run(&context, &[], "");
            state(&context)
        };
        for step in 1..100 {
            let context = case.context();
            let run = case.run(&context, &[], &format!("ENOSPC@{step}"));
            let mut found = state(&context);
            match run.exit {
                Some(8) => assert_eq!(found, before, "{name} {step} {run}"),
                // Only the removal of the journal may fail without an error.
                Some(0) => {
                    found.remove(Path::new(JOURNAL));
                    assert_eq!(found, after, "{name} {step} {run}");
                }
                exit => panic!("{name} {step} {exit:?} {run}"),
            }
        }
    }
}

/// The context of the first case, killed between its two files.
fn interrupted() -> TestContext {
    let case = &CASES[0];
    for step in 1.. {
        let context = case.context();
        let run = case.run(&context, &[], &format!("kill@{step}"));
        assert_eq!(run.exit, None, "{run}");
        let manifest = std::fs::read_to_string(context.work().join("Cargo.toml")).unwrap();
        if context.work().join(JOURNAL).exists() && manifest != CARGO {
            return context;
        }
    }
    unreachable!()
}

#[test]
fn next_command_reports_what_it_completes() {
    let context = interrupted();
    let check = context.program(["init", "--check"]).run();
    assert_snapshot!(check, @"
    exit 7
    --- stdout
    --- stderr
    note: a command was interrupted while it changed Cargo.toml, examples/taos_example.rs; the next init or migrate that writes completes it
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    ");
    let run = context.program(["init"]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    unchanged Cargo.toml

    Build it:
      cargo build
    --- stderr
    note: completed the change of an interrupted command: examples/taos_example.rs
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    ");
    let context = interrupted();
    let run = context.program(["init"]).env("TAOS_SETUP_LANG", "zh").run();
    assert_snapshot!(run.stderr, @"
    提示：已完成被中断的命令的修改：examples/taos_example.rs
    提示：未指定服务端；taos 0.12.3 适用于 3.2.2.2 或更高版本的服务端
    提示：taos 0.12.3 的 WebSocket 连接不支持直接使用 IPv6 地址，只能使用解析到该地址的主机名
    ");
}

#[test]
fn file_that_changed_after_the_interruption_stays() {
    let context = interrupted();
    let manifest = context.work().join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap() + "# mine\n";
    std::fs::write(&manifest, &text).unwrap();
    let run = context.program(["init"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(std::fs::read_to_string(&manifest).unwrap(), text);
    assert_snapshot!(run.stderr, @"
    note: completed the change of an interrupted command: examples/taos_example.rs
    note: Cargo.toml changed after a command was interrupted, and stays unchanged
    note: no server given; taos 0.12.3 works with servers from 3.2.2.2 on
    note: taos 0.12.3 does not accept IPv6 addresses over WebSocket, but accepts host names that resolve to one
    ");
}

/// Journals that are not this user's own, in this place: named, not followed, and left.
#[test]
fn planted_journal_is_named_and_left() {
    type Plant = fn(own: &Path, place: &Path);
    let plant: [(&str, Plant); 6] = [
        ("copy", |own, place| {
            std::fs::copy(own, place).unwrap();
        }),
        ("link", |own, place| symlink(own, place).unwrap()),
        ("second name", |own, place| {
            std::fs::hard_link(own, place).unwrap();
        }),
        ("directory", |_, place| std::fs::create_dir(place).unwrap()),
        ("pipe", |_, place| {
            let made = std::process::Command::new("mkfifo").arg(place).status();
            assert!(made.unwrap().success());
        }),
        ("text", |_, place| std::fs::write(place, "mine").unwrap()),
    ];
    for (name, plant) in plant {
        let context = interrupted();
        let own = context.root().join("own");
        let place = context.work().join(JOURNAL);
        std::fs::rename(&place, &own).unwrap();
        std::fs::write(context.work().join("Cargo.toml"), CARGO).unwrap();
        plant(&own, &place);
        let others = || {
            let kept = context.root().join("kept");
            std::fs::rename(&place, &kept).unwrap();
            let found = state(&context);
            std::fs::rename(&kept, &place).unwrap();
            found
        };
        let before = others();
        let kept = std::fs::read(&own).unwrap();
        for args in [["init"].as_slice(), &["migrate"]] {
            let run = context.program(args).run();
            assert_eq!(run.exit, Some(7), "{name}: {run}");
            assert!(run.stderr.contains(JOURNAL), "{name}: {run}");
        }
        let run = context.program(["init", "--dry-run"]).run();
        assert_eq!(run.exit, Some(0), "{name}: {run}");
        assert!(run.stderr.contains(JOURNAL), "{name}: {run}");
        assert_eq!(others(), before, "{name}");
        assert_eq!(std::fs::read(&own).unwrap(), kept, "{name}");
    }
}

/// Another user's journal; only root can show it.
#[test]
fn journal_of_another_user_is_not_followed() {
    let context = interrupted();
    let place = context.work().join(JOURNAL);
    if std::os::unix::fs::chown(&place, Some(65534), None).is_err() {
        return;
    }
    let before = state(&context);
    let run = context.program(["init"]).run();
    assert_eq!(state(&context), before);
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not change the project in .
      cannot use .taos-setup-journal: it belongs to another user (uid 65534)
      next: check .taos-setup-journal and remove it: this user's taos-setup did not write it there
    ");
}

#[test]
fn project_that_is_being_changed_is_busy() {
    let context = interrupted();
    let file = std::fs::File::open(context.work().join(JOURNAL)).unwrap();
    file.lock().unwrap();
    let before = state(&context);
    let run = context.program(["init"]).run();
    assert_snapshot!(run, @"
    exit 6
    --- stdout
    --- stderr
    error[store-busy]: could not change the project in .
      another taos-setup is changing it
      next: run the command again
    ");
    assert_eq!(state(&context), before);
    drop(file);
    assert_eq!(context.program(["init"]).run().exit, Some(0));
}

#[test]
fn journal_is_readable_by_its_user_only() {
    let context = interrupted();
    let found = std::fs::metadata(context.work().join(JOURNAL)).unwrap();
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
}
