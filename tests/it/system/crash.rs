//! A change of the machine that dies or fails at any of its steps: afterwards, or after the next run, it is as it was or as it
//! should be, never between.
#![cfg(all(target_os = "linux", debug_assertions))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::steps::stop_at_each_step;
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

/// A case before its change, with what the machine is before and after it.
struct Prepared<'a> {
    case: &'a Case,
    pristine: PathBuf,
    before: State,
    after: State,
}

impl Case {
    /// Runs the change once. The store's own steps are tested elsewhere: from here on the client is in it.
    fn prepare(&self) -> Prepared<'_> {
        let machine = &self.machine;
        let pristine = machine.context.root().join("pristine");
        machine.copy_to(&pristine);
        let before = state(machine);
        let run = machine.program(&self.args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let after = state(machine);
        assert!(before != after);
        Prepared {
            case: self,
            pristine,
            before,
            after,
        }
    }
}

impl Prepared<'_> {
    /// Runs the change from the start, and `at_step` before each of its steps. Returns how many there are.
    fn steps(&self, at_step: impl FnMut()) -> usize {
        let machine = &self.case.machine;
        machine.copy_from(&self.pristine);
        let steps = stop_at_each_step(machine.program(&self.case.args), at_step);
        assert!(steps > 30, "{steps}");
        self.check("stopped at each step", true);
        steps
    }

    /// Checks that the machine is as it was or as it should be, `changed`: as it should be.
    fn check(&self, what: &str, changed: bool) {
        let state = state(&self.case.machine);
        assert!(
            state == self.after || (!changed && state == self.before),
            "{what}\nfrom before: {:#?}\nfrom after: {:#?}",
            difference(&self.before, &state),
            difference(&self.after, &state)
        );
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

/// A kill leaves what the change had done until then: each of these machines recovers.
fn killed(case: Option<Case>) {
    let Some(case) = case else { return };
    let (machine, case) = (&case.machine, case.prepare());
    let mut left: Vec<PathBuf> = Vec::new();
    let mut last = BTreeMap::new();
    case.steps(|| {
        // Not every step changes what is on the disk.
        let now = machine.state();
        if now != last {
            let copy = machine
                .context
                .root()
                .join(format!("killed-{}", left.len()));
            machine.copy_to(&copy);
            left.push(copy);
            last = now;
        }
    });
    assert!(left.len() > 20, "{}", left.len());
    for copy in left {
        machine.copy_from(&copy);
        recover(machine);
        case.check(&copy.display().to_string(), false);
    }
}

fn failing(case: Option<Case>, fault: &str) {
    let Some(case) = case else { return };
    let (machine, case) = (&case.machine, case.prepare());
    for step in 1..=case.steps(|| {}) {
        machine.copy_from(&case.pristine);
        let fault = format!("{fault}@{step}");
        let program = machine.program(&case.case.args);
        let run = program.env("TAOS_SETUP_TEST_FAULT", &fault).run();
        assert!(run.exit == Some(8) || run.exit == Some(0), "{run}");
        recover(machine);
        case.check(&format!("{fault} {run}"), run.exit == Some(0));
    }
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
