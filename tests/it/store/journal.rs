//! A change that dies or fails at any of its steps: afterwards the store is as it was or as it should be, never between.
#![cfg(all(unix, debug_assertions))]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::client_package::{file, tree};
use crate::support::installed::{add, installed, installed_in, prefix};
use crate::support::program::{Program, TestContext};
use crate::support::steps::stop_at_each_step;
use insta::assert_snapshot;
use std::os::unix::fs::symlink;
use taos_sandbox::mirror::Package;

type State = BTreeMap<PathBuf, String>;

/// All of the store but what says when and who: the lock, the logs, and the time in a receipt.
fn state(context: &TestContext) -> State {
    let home = context.taos_setup_home();
    let mut state = tree(&home);
    state.remove(Path::new("lock"));
    state.remove(Path::new("log"));
    for (path, what) in &mut state {
        if path.ends_with("receipt.toml") {
            let text = std::fs::read_to_string(home.join(path)).unwrap();
            let lines = text
                .lines()
                .filter(|line| !line.starts_with("installed_at"));
            *what = lines.collect::<Vec<_>>().join("\n");
        }
    }
    state
}

/// Copies a store, links as links.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            symlink(std::fs::read_link(&from).unwrap(), &to).unwrap();
        } else if kind.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

/// A change of a store, and how the store comes to be as it is before.
struct Case {
    before: fn() -> TestContext,
    args: fn(&TestContext) -> Vec<String>,
}

fn in_memory(versions: &[&str]) -> TestContext {
    installed_in(TestContext::in_memory(), versions)
}

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

fn install_words(context: &TestContext) -> Vec<String> {
    let (path, sha256) = file(context, &Package::new("3.3.7.5"));
    words(&[
        "install",
        "--from",
        path.to_str().unwrap(),
        "--sha256",
        &sha256,
    ])
}

fn damaged() -> TestContext {
    let context = in_memory(&["3.3.7.5", "3.2.2.0"]);
    std::fs::write(prefix(&context, "3.3.7.5").join("include/taos.h"), "x").unwrap();
    context
}

fn with_changes() -> TestContext {
    let context = in_memory(&["3.2.2.0", "3.3.7.5"]);
    std::fs::write(prefix(&context, "3.3.7.5").join("etc/taos.cfg"), "mine").unwrap();
    context
}

const CASES: [Case; 6] = [
    Case {
        before: || in_memory(&["3.2.2.0"]),
        args: install_words,
    },
    Case {
        before: damaged,
        args: install_words,
    },
    Case {
        before: || in_memory(&["3.2.2.0", "3.3.7.5"]),
        args: |_| words(&["uninstall", "3.3.7.5"]),
    },
    Case {
        before: with_changes,
        args: |_| words(&["uninstall", "3.3.7.5"]),
    },
    Case {
        before: || in_memory(&["3.3.7.5"]),
        args: |_| words(&["uninstall", "3.3.7.5"]),
    },
    Case {
        before: || in_memory(&["3.2.2.0", "3.3.7.5"]),
        args: |_| words(&["use", "3.2.2.0"]),
    },
];

/// A case before its change, with what the store is before and after it.
struct Prepared {
    context: TestContext,
    args: Vec<String>,
    pristine: PathBuf,
    before: State,
    after: State,
}

impl Case {
    fn prepare(&self) -> Prepared {
        let context = (self.before)();
        let pristine = context.root().join("pristine");
        copy(&context.taos_setup_home(), &pristine);
        let mut case = Prepared {
            args: (self.args)(&context),
            before: state(&context),
            after: State::new(),
            context,
            pristine,
        };
        let ended = case.program().run();
        assert_eq!(ended.exit, Some(0), "{ended}");
        case.after = state(&case.context);
        assert!(case.before != case.after);
        case
    }
}

impl Prepared {
    fn program(&self) -> Program<'_> {
        let program = self.context.program(&self.args);
        program.env("TAOS_SETUP_NO_PROGRESS", "1")
    }

    /// Makes the store what it is in `kept`.
    fn put_back(&self, kept: &Path) {
        let home = self.context.taos_setup_home();
        std::fs::remove_dir_all(&home).unwrap();
        copy(kept, &home);
    }

    /// Runs the change from the start, and `at_step` before each of its steps. Returns how many there are.
    fn steps(&self, at_step: impl FnMut()) -> usize {
        self.put_back(&self.pristine);
        let steps = stop_at_each_step(self.program(), at_step);
        self.check("stopped at each step", true, &state(&self.context));
        steps
    }

    /// Checks that the store is as it was or as it should be, `changed`: as it should be.
    fn check(&self, what: &str, changed: bool, state: &State) {
        assert!(
            *state == self.after || (!changed && *state == self.before),
            "{what} {:#?}\n{:#?}",
            difference(&self.before, state),
            difference(&self.after, state)
        );
    }
}

fn difference(from: &State, to: &State) -> Vec<String> {
    let gone = from
        .iter()
        .filter(|(path, what)| to.get(*path) != Some(what))
        .map(|(path, _)| format!("-{}", path.display()));
    let new = to
        .iter()
        .filter(|(path, what)| from.get(*path) != Some(what))
        .map(|(path, _)| format!("+{}", path.display()));
    gone.chain(new).collect()
}

/// What the next command that writes makes of it.
fn recovered(context: &TestContext) -> State {
    let run = context.program(["gc"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let state = state(context);
    let stray: Vec<_> = state
        .keys()
        .filter(|path| path.to_string_lossy().contains("/.") || path.starts_with("journal.toml"))
        .collect();
    assert_eq!(stray, Vec::<&PathBuf>::new());
    state
}

/// A kill leaves what the change had done until then: each of these stores is recovered.
fn killed(case: usize) {
    let case = CASES[case].prepare();
    let context = &case.context;
    let home = context.taos_setup_home();
    let mut left: Vec<PathBuf> = Vec::new();
    let mut last = State::new();
    let steps = case.steps(|| {
        // Not every step changes what is on the disk.
        let now = tree(&home);
        if now != last {
            let kept = context.root().join(format!("killed-{}", left.len()));
            copy(&home, &kept);
            left.push(kept);
            last = now;
        }
    });
    assert!(steps >= 2 && left.len() >= 2, "{steps}");
    for kept in left {
        case.put_back(&kept);
        // Whoever only reads gets along with what is there.
        let run = context.program(["list"]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        case.check(&kept.display().to_string(), false, &recovered(context));
        // Whoever runs the same command again has it done, also where all but the last steps were.
        case.put_back(&kept);
        let run = case.program().run();
        assert!(matches!(run.exit, Some(0 | 3)), "{run}");
        case.check(&format!("{} again", kept.display()), true, &state(context));
    }
}

fn failing(case: usize) {
    let case = CASES[case].prepare();
    let steps = case.steps(|| {});
    // Most failures leave the same store.
    let mut known: BTreeMap<State, State> = BTreeMap::new();
    for fault in ["EIO", "ENOSPC", "EXDEV", "EBUSY"] {
        for step in 1..=steps {
            case.put_back(&case.pristine);
            let fault = format!("{fault}@{step}");
            let run = case.program().env("TAOS_SETUP_TEST_FAULT", &fault).run();
            assert!(run.exit == Some(8) || run.exit == Some(0), "{run}");
            let recovered = known
                .entry(state(&case.context))
                .or_insert_with(|| recovered(&case.context));
            case.check(&format!("{fault} {run}"), run.exit == Some(0), recovered);
        }
    }
}

#[test]
fn kill_while_installing_is_recovered() {
    killed(0);
}

#[test]
fn kill_while_replacing_is_recovered() {
    killed(1);
}

#[test]
fn kill_while_uninstalling_is_recovered() {
    killed(2);
}

#[test]
fn killed_while_uninstalling_a_changed_client() {
    killed(3);
}

#[test]
fn killed_while_uninstalling_the_last_client() {
    killed(4);
}

#[test]
fn kill_while_choosing_is_recovered() {
    killed(5);
}

#[test]
fn disk_that_fails_while_installing() {
    failing(0);
}

#[test]
fn disk_that_fails_while_replacing() {
    failing(1);
}

#[test]
fn disk_that_fails_while_uninstalling() {
    failing(3);
}

#[test]
fn disk_that_fails_while_choosing() {
    failing(5);
}

#[test]
fn disk_that_fails_for_good() {
    let context = installed(&["3.2.2.0"]);
    let before = state(&context);
    let run = context
        .program(install_words(&context))
        .env("TAOS_SETUP_NO_PROGRESS", "1")
        .env("TAOS_SETUP_TEST_FAULT", "EIO@4+")
        .run();
    assert_eq!(run.exit, Some(8), "{run}");
    assert!(run.stderr.contains("completes or rolls back"), "{run}");
    // Its journal stays, so that the next command can choose; here it finds all but the last step done.
    let after = recovered(&context);
    let current = &after[Path::new("current")];
    assert!(
        after == before || current == "-> clients/oss-3.3.7.5-linux-x64",
        "{current}"
    );
}

#[test]
fn next_command_reports_recovery() {
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    let run = context
        .program(["uninstall", "3.3.7.5"])
        .env("TAOS_SETUP_TEST_FAULT", "kill@9")
        .run();
    assert_eq!(run.exit, None, "{run}");
    assert_snapshot!(context.program(["gc", "--dry-run"]).run(), @"
    exit 0
    --- stdout
      the removal of oss-3.3.7.5-linux-x64 was interrupted and would be completed or rolled back
    ok would remove 0 bytes
    --- stderr
    ");
    assert_snapshot!(context.program(["use", "system"]).run(), @"
    exit 0
    --- stdout
    ok the machine's own driver is used; no client is current
    --- stderr
    note: the removal of oss-3.3.7.5-linux-x64 was interrupted earlier and has been completed
    next: taos-setup which
    ");
    add(&context, "3.3.7.5");
}

#[test]
fn forged_journal_is_refused() {
    let context = installed(&["3.3.7.5"]);
    let outside = context.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("precious"), "precious").unwrap();
    let before = tree(&outside);
    for (name, value) in [
        ("staging", ".staging-/../../../outside"),
        ("client", "../../outside"),
        ("staging", "../../outside"),
    ] {
        let (mut staging, mut client) = (".staging-x", "oss-3.3.7.5-linux-x64");
        *(if name == "staging" {
            &mut staging
        } else {
            &mut client
        }) = value;
        let text = format!(
            "schema = 1\n[change]\nkind = \"publish\"\nclient = {client:?}\nstaging = {staging:?}\n"
        );
        std::fs::write(context.taos_setup_home().join("journal.toml"), text).unwrap();
        let run = context.program(["gc"]).run();
        assert_eq!(run.exit, Some(8), "{run}");
        assert!(
            run.stderr
                .contains("its content was not written by taos-setup"),
            "{run}"
        );
        assert_eq!(tree(&outside), before);
    }
    std::fs::write(context.taos_setup_home().join("journal.toml"), "schema = 1").unwrap();
    assert_snapshot!(context.program(["gc"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read [STORE]/journal.toml
      missing field `change`
      next: mv [STORE]/journal.toml [STORE]/journal.toml.old
    ");
}
