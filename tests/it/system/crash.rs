//! A change of the machine that dies or fails at any of its steps: afterwards, or after the next run, it is as it was or as it
//! should be, never between.
#![cfg(all(target_os = "linux", debug_assertions))]

use std::collections::BTreeMap;

use crate::support::program::Run;
use crate::support::system_directories::Machine;
use insta::assert_snapshot;

type State = BTreeMap<String, String>;

/// All but what says when and who.
fn state(machine: &Machine) -> State {
    let mut state = machine.state();
    // The folder of the record is made before the first step.
    let locks = |path: &str| {
        // The reserved space may exist or not; it records nothing.
        ["/lock", "/clients", "/reserve"]
            .iter()
            .any(|name| path.ends_with(name))
    };
    state.retain(|path, _| !locks(path) && path != "/var/lib/taos-setup");
    for (path, what) in &mut state {
        if path.ends_with("/system.toml") {
            let text = std::fs::read_to_string(machine.at(path)).unwrap();
            let lines = text
                .lines()
                .filter(|line| !line.starts_with("installed_at"));
            *what = lines.collect::<Vec<_>>().join("\n");
        }
    }
    state
}

struct Case {
    machine: Machine,
    args: Vec<String>,
}

/// Another version is there, and files of somebody's; the configuration is theirs.
fn replacing(machine: Option<Machine>) -> Option<Case> {
    let machine = machine?;
    std::fs::create_dir(machine.at("/etc/taos")).unwrap();
    std::fs::write(machine.at("/etc/taos/taos.cfg"), "firstEp a:1\n").unwrap();
    machine.install("3.2.2.0", &[]);
    std::fs::write(machine.at("/usr/local/lib/libtaosws.so"), "mine").unwrap();
    std::os::unix::fs::symlink("x", machine.at("/usr/local/lib/libtaosnative.so")).unwrap();
    let args = machine.install_words("3.3.7.5", &["--replace", "--first-ep", "b"]);
    Some(Case { machine, args })
}

fn fresh() -> Option<Case> {
    let machine = Machine::in_memory()?;
    let args = machine.install_words("3.2.2.0", &[]);
    Some(Case { machine, args })
}

fn uninstalling(machine: Option<Machine>) -> Option<Case> {
    let Case { machine, args } = replacing(machine)?;
    let run = machine.program(&args).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let args = vec!["uninstall".into(), "--system".into()];
    Some(Case { machine, args })
}

impl Case {
    /// Runs the change with `fault` at each step, until there are no more.
    fn at_each_step(&self, fault: &str, check: impl Fn(&Machine, &Run)) {
        let machine = &self.machine;
        // The store's own steps are tested elsewhere: the client is in it.
        let pristine = machine.context.root().join("pristine");
        machine.copy_to(&pristine);
        let before = state(machine);
        let run = machine.program(&self.args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let after = state(machine);
        assert!(before != after);
        let with = |fault: &str| {
            machine.copy_from(&pristine);
            let program = machine.program(&self.args);
            program.env("TAOS_SETUP_TEST_FAULT", fault).run()
        };
        // It is killed at each of its steps, and not behind the last.
        let (mut steps, mut more) = (1, 1024);
        while steps + 1 < more {
            let middle = usize::midpoint(steps, more);
            match with(&format!("kill@{middle}")).exit {
                None => steps = middle,
                Some(_) => more = middle,
            }
        }
        assert!(steps > 30, "{steps}");
        for step in 1..=steps {
            let fault_here = format!("{fault}@{step}");
            let run = with(&fault_here);
            check(machine, &run);
            let state = state(machine);
            let as_it_should = match run.exit {
                Some(0) => state == after,
                _ => state == before || state == after,
            };
            assert!(
                as_it_should,
                "{fault_here} {run}\nfrom before: {:#?}\nfrom after: {:#?}",
                difference(&before, &state),
                difference(&after, &state)
            );
        }
    }
}

fn difference(from: &State, to: &State) -> Vec<String> {
    let gone = from
        .iter()
        .filter(|(path, what)| to.get(*path) != Some(what));
    let new = to
        .iter()
        .filter(|(path, what)| from.get(*path) != Some(what));
    gone.map(|(path, what)| format!("-{path} {what}"))
        .chain(new.map(|(path, what)| format!("+{path} {what}")))
        .collect()
}

/// The next run finishes or undoes it.
fn recover(machine: &Machine) {
    let homes = ["/var/lib/taos-setup", "/usr/local/state"].map(|home| machine.at(home));
    let left = |name: &str| homes.iter().any(|home| home.join(name).exists());
    if !left("system-journal.toml") && !left(".taos-setup-new-system-journal.toml") {
        return;
    }
    let run = machine.program(["gc"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

fn killed(case: Option<Case>) {
    let Some(case) = case else { return };
    case.at_each_step("kill", |machine, run| {
        assert!(run.exit.is_none() || run.exit == Some(0), "{run}");
        if run.exit.is_none() {
            recover(machine);
        }
    });
}

fn failing(case: Option<Case>, fault: &str) {
    let Some(case) = case else { return };
    case.at_each_step(fault, |machine, run| {
        assert!(run.exit == Some(8) || run.exit == Some(0), "{run}");
        recover(machine);
    });
}

#[test]
fn disk_that_fails_while_replacing() {
    failing(replacing(Machine::in_memory()), "EIO");
}

#[test]
fn full_disk_while_uninstalling() {
    failing(uninstalling(Machine::on_one_file_system()), "ENOSPC");
}

#[test]
fn another_file_system_while_replacing() {
    failing(replacing(Machine::on_one_file_system()), "EXDEV");
}

#[test]
fn kill_while_placing_is_recovered() {
    killed(fresh());
}

#[test]
fn kill_while_replacing_is_recovered() {
    killed(replacing(Machine::on_one_file_system()));
}

#[test]
fn killed_while_replacing_from_another_file_system() {
    killed(replacing(Machine::in_memory()));
}

#[test]
fn kill_while_uninstalling_is_recovered() {
    killed(uninstalling(Machine::on_one_file_system()));
}

#[test]
fn killed_while_uninstalling_from_another_file_system() {
    killed(uninstalling(Machine::in_memory()));
}

/// An image whose `/usr/local` cannot be written: what was made elsewhere is taken back, in the same run.
#[test]
fn folder_that_is_read_only() {
    let Some(Case { machine, args }) = fresh() else {
        return;
    };
    // Without them the first thing to be made there is a folder.
    for folder in ["lib", "include", "bin"] {
        std::fs::remove_dir(machine.at("/usr/local").join(folder)).unwrap();
    }
    let run = machine
        .after("mount -o remount,ro,bind /usr/local", &args)
        .run();
    assert_snapshot!(run.stderr, @"
    error[file-unwritable]: could not write /usr/local/bin
      the file system is read-only
      next: check the directory's owner, mode, and free space
    ");
    assert!(!machine.at("/etc/taos").exists());
    assert!(
        !machine
            .at("/var/lib/taos-setup/system-journal.toml")
            .exists()
    );
    assert_eq!(machine.program(&args).run().exit, Some(0));
}

#[test]
fn next_commands_report_recovery() {
    let Some(Case { machine, args }) = replacing(Machine::in_memory()) else {
        return;
    };
    let run = machine
        .program(&args)
        .env("TAOS_SETUP_TEST_FAULT", "kill@60")
        .run();
    assert_eq!(run.exit, None, "{run}");
    assert_snapshot!(machine.program(["list"]).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   PARTS  VERIFIED  DIRECTORY
      3.2.2.0  oss      linux-x64  all    given     [STORE]/clients/oss-3.2.2.0-linux-x64
    * 3.3.7.5  oss      linux-x64  all    given     [STORE]/clients/oss-3.3.7.5-linux-x64
      3.2.2.0  oss      linux-x64  all    given     /usr/local (for all users)
    --- stderr
    ");
    assert_snapshot!(machine.program(["gc", "--dry-run"]).run(), @"
    exit 0
    --- stdout
    ok would remove 0 bytes
    --- stderr
    note: a change for all users was interrupted; sudo taos-setup gc completes or rolls it back
    ");
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 22 files and links
      restored  /etc/taos/taos.cfg
      restored  /usr/local/lib/libtaosnative.so
      restored  /usr/local/lib/libtaosws.so
    --- stderr
    note: the installation of 3.3.7.5 for all users was interrupted earlier and has been completed
    note: the client in [STORE] stays; taos-setup uninstall 3.3.7.5 removes it
    ");
}
