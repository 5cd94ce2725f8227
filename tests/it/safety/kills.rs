//! Kills at random moments of every command that writes: afterwards, or after the next command that writes, everything is as before
//! the command or as after it, and nothing is left over.
//!
//! `TAOS_SETUP_KILLS=100` sets the number of kills of each case; without it each case takes a part of a second.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, lchown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::client_package::{file, install, tree};
use crate::support::program::{Program, TestContext};
use crate::support::system_directories::Machine;
use taos_sandbox::mirror::Package;

type State = BTreeMap<PathBuf, String>;

/// The time of a case for which no number of kills is set.
const BUDGET: Duration = Duration::from_millis(400);

/// The user that is not root, where this process may choose.
const USER: u32 = 65534;

/// A place in which a command writes, and can be put back.
trait Place {
    /// The program with `args`, as the user of this place.
    fn program(&self, args: &[String]) -> Program<'_>;
    /// All that the command may change, without times and locks.
    fn state(&self) -> State;
    /// Remembers everything as it is now.
    fn remember(&self);
    /// Puts everything back as it was remembered.
    fn put_back(&self);
}

/// A command, and the command after which nothing of an interrupted one is left.
struct Case<P> {
    place: P,
    args: Vec<String>,
    next: Vec<String>,
}

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

impl<P: Place> Case<P> {
    fn run(&self, args: &[String]) -> Option<i32> {
        let run = self.place.program(args).run();
        assert!(matches!(run.exit, Some(0 | 3)), "{args:?} {run}");
        run.exit
    }

    /// Runs the command and kills it after `delay`. Returns whether it was alive then.
    fn kill(&self, delay: Duration) -> bool {
        let mut command: Command = self.place.program(&self.args).into_command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let mut child = command.spawn().unwrap();
        while begun.elapsed() < delay {
            std::thread::sleep(Duration::from_micros(50));
        }
        child.kill().unwrap();
        child.wait().unwrap().code().is_none()
    }

    fn check(&self, name: &str) {
        self.place.remember();
        let raw = self.place.state();
        self.run(&self.next);
        let before = self.place.state();
        self.place.put_back();
        let begun = Instant::now();
        assert_eq!(self.run(&self.args), Some(0));
        let duration = begun.elapsed();
        let fresh = self.place.state();
        self.run(&self.next);
        let after = self.place.state();
        assert!(raw != fresh, "{name} changes nothing");
        let asked: Option<u32> = std::env::var("TAOS_SETUP_KILLS")
            .ok()
            .map(|number| number.parse().unwrap());
        let all = asked.unwrap_or(1000);
        let begun = Instant::now();
        let (mut done, mut alive, mut old) = (0, 0, 0);
        while done < all && (asked.is_some() || done < 2 || begun.elapsed() < BUDGET) {
            self.place.put_back();
            // Spread over the whole run, with chance inside of each part.
            let part = match asked {
                Some(all) => f64::from(done) / f64::from(all),
                None => chance(),
            };
            let width = asked.map_or(0.0, |all| 1.0 / f64::from(all));
            let moment = (part + width * chance()) * 1.05;
            alive += u32::from(self.kill(duration.mul_f64(moment)));
            done += 1;
            // The next command is another one, or the same.
            if done % 2 == 0 {
                self.run(&self.next);
                let state = self.place.state();
                assert!(
                    state == before || state == after,
                    "{name} at {moment}: {:#?}\n{:#?}",
                    difference(&before, &state),
                    difference(&after, &state)
                );
                old += u32::from(state == before && before != after);
            }
            self.run(&self.args);
            let state = self.place.state();
            assert!(
                state == fresh || state == after,
                "{name} at {moment}, again: {:#?}\n{:#?}",
                difference(&fresh, &state),
                difference(&after, &state)
            );
        }
        eprintln!("{name}: {done} kills in {duration:?} each, {alive} alive, {old} undone");
    }
}

/// A number from 0 to 1.
fn chance() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    let bits = RandomState::new().hash_one(Instant::now()) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}

fn difference(from: &State, to: &State) -> Vec<String> {
    let gone = from
        .iter()
        .filter(|(path, what)| to.get(*path) != Some(what));
    let new = to
        .iter()
        .filter(|(path, what)| from.get(*path) != Some(what));
    gone.map(|(path, what)| format!("-{} {what}", path.display()))
        .chain(new.map(|(path, what)| format!("+{} {what}", path.display())))
        .collect()
}

/// Copies a tree with its owners, links as links.
fn copy(from: &Path, to: &Path) {
    let found = std::fs::symlink_metadata(from).unwrap();
    if found.is_symlink() {
        symlink(std::fs::read_link(from).unwrap(), to).unwrap();
    } else if found.is_dir() {
        std::fs::create_dir(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
        std::fs::set_permissions(to, found.permissions()).unwrap();
    } else {
        std::fs::copy(from, to).unwrap();
    }
    if rustix::process::getuid().is_root() {
        lchown(to, Some(found.uid()), Some(found.gid())).unwrap();
    }
}

/// Gives `path` with all that is below it to `user`.
fn give(path: &Path, user: u32) {
    lchown(path, Some(user), None).unwrap();
    if std::fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), user);
        }
    }
}

fn without_times(receipt: &Path) -> String {
    let text = std::fs::read_to_string(receipt).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("installed_at"));
    taos_sandbox::mirror::sha256(lines.collect::<Vec<_>>().join("\n").as_bytes())
}

/// The store and the working directory of a user.
struct Home {
    context: TestContext,
    user: u32,
}

impl Home {
    /// A home in which `versions` are installed, as this process's user.
    fn new(versions: &[&str]) -> Self {
        let context = TestContext::in_memory();
        for version in versions {
            let (path, sha256) = file(&context, &Package::new(version));
            let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
            let run = install(&context, &args).run();
            assert_eq!(run.exit, Some(0), "{run}");
        }
        Self { context, user: 0 }
    }

    fn directories(&self) -> [PathBuf; 2] {
        [self.context.taos_setup_home(), self.context.work()]
    }

    fn kept(&self, index: usize) -> PathBuf {
        self.context.root().join(format!("kept-{index}"))
    }
}

impl Place for Home {
    fn program(&self, args: &[String]) -> Program<'_> {
        let program = self
            .context
            .program(args)
            .env("TAOS_SETUP_NO_PROGRESS", "1");
        match self.user {
            0 => program,
            user => program.unprivileged(user),
        }
    }

    fn state(&self) -> State {
        let mut state = State::new();
        for (index, directory) in self.directories().iter().enumerate() {
            for (path, what) in tree(directory) {
                let what = match path.ends_with("receipt.toml") {
                    true => without_times(&directory.join(&path)),
                    false => what,
                };
                state.insert(Path::new(["store", "work"][index]).join(path), what);
            }
        }
        for name in ["store/lock", "store/log", "store/clients"] {
            state.remove(Path::new(name));
        }
        state
    }

    fn remember(&self) {
        for (index, directory) in self.directories().iter().enumerate() {
            if directory.exists() {
                copy(directory, &self.kept(index));
            }
        }
        if self.user != 0 {
            give(self.context.root(), self.user);
        }
    }

    fn put_back(&self) {
        for (index, directory) in self.directories().iter().enumerate() {
            if directory.exists() {
                std::fs::remove_dir_all(directory).unwrap();
            }
            if self.kept(index).exists() {
                copy(&self.kept(index), directory);
            }
        }
    }
}

impl Place for Machine {
    fn program(&self, args: &[String]) -> Program<'_> {
        Machine::program(self, args)
    }

    fn state(&self) -> State {
        let mut state = State::new();
        for (path, what) in Machine::state(self) {
            let names = ["/lock", "/clients", "/reserve", "/taos-setup"];
            if names.iter().any(|name| path.ends_with(name)) {
                continue;
            }
            let what = match path.ends_with("/system.toml") || path.ends_with("/receipt.toml") {
                true => without_times(&self.at(&path)),
                false => what,
            };
            state.insert(PathBuf::from(path), what);
        }
        state
    }

    fn remember(&self) {
        self.copy_to(&self.context.root().join("pristine"));
    }

    fn put_back(&self) {
        self.copy_from(&self.context.root().join("pristine"));
    }
}

/// Checks the case as this process's user and, where this is root, as another user.
fn check(name: &str, make: impl Fn() -> (Home, Vec<String>, &'static [&'static str])) {
    let users: &[u32] = match rustix::process::getuid().is_root() {
        true => &[0, USER],
        false => &[0],
    };
    for user in users {
        let (mut place, args, next) = make();
        place.user = *user;
        let case = Case {
            place,
            args,
            next: words(next),
        };
        case.check(&format!("{name}, user {user}"));
    }
}

fn from_words(context: &TestContext, version: &str, trust: &[&str]) -> Vec<String> {
    let (path, sha256) = file(context, &Package::new(version));
    let mut args = words(&["install", "--from", path.to_str().unwrap()]);
    match trust {
        [] => args.extend(words(&["--sha256", &sha256])),
        trust => args.extend(words(trust)),
    }
    args
}

#[test]
fn killed_install_leaves_old_or_new() {
    check("install", || {
        let home = Home::new(&["3.2.2.0"]);
        let args = from_words(&home.context, "3.3.7.5", &[]);
        (home, args, &["gc"])
    });
}

#[test]
fn killed_repair_leaves_old_or_new() {
    check("install --repair", || {
        let home = Home::new(&["3.3.7.5"]);
        let client = home
            .context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-linux-x64");
        std::fs::write(client.join("include/taos.h"), "damaged").unwrap();
        let mut args = from_words(&home.context, "3.3.7.5", &[]);
        args.push("--repair".into());
        (home, args, &["gc"])
    });
}

#[test]
fn killed_trust_leaves_old_or_new() {
    check("install --trust-on-first-use", || {
        let home = Home::new(&[]);
        let args = from_words(&home.context, "3.2.2.0", &["--trust-on-first-use"]);
        (home, args, &["gc"])
    });
}

#[test]
fn killed_use_leaves_old_or_new() {
    check("use", || {
        (
            Home::new(&["3.2.2.0", "3.3.7.5"]),
            words(&["use", "3.2.2.0"]),
            &["gc"],
        )
    });
}

#[test]
fn killed_uninstall_leaves_old_or_new() {
    check("uninstall", || {
        (
            Home::new(&["3.2.2.0", "3.3.7.5"]),
            words(&["uninstall", "3.3.7.5"]),
            &["gc"],
        )
    });
}

#[test]
fn killed_gc_is_finished_by_the_next() {
    check("gc", || {
        let home = Home::new(&["3.3.7.5"]);
        let store = home.context.taos_setup_home();
        let client = store.join("clients/oss-3.3.7.5-linux-x64");
        for name in ["clients/.staging-x", "clients/.trash-x"] {
            copy(&client, &store.join(name));
        }
        std::fs::create_dir_all(store.join("downloads")).unwrap();
        copy(&client, &store.join("downloads/partial"));
        (home, words(&["gc"]), &["gc"])
    });
}

#[test]
fn killed_init_leaves_old_or_new() {
    check("init", || {
        let args = words(&["init", "--lang", "java", "--dir", "new"]);
        (
            Home::new(&[]),
            args,
            &["init", "--lang", "go", "--dir", "other"],
        )
    });
}

#[test]
fn killed_init_of_existing_project_leaves_old_or_new() {
    check("init in a project", || {
        let home = Home::new(&[]);
        let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
        std::fs::write(home.context.work().join("Cargo.toml"), manifest).unwrap();
        (home, words(&["init", "--example", "basic"]), &["init"])
    });
}

#[test]
fn killed_init_upgrade_leaves_old_or_new() {
    check("init --upgrade", || {
        let home = Home::new(&[]);
        let manifest = "module a\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 v3.5.0\n";
        std::fs::write(home.context.work().join("go.mod"), manifest).unwrap();
        (home, words(&["init", "--upgrade"]), &["init"])
    });
}

#[test]
fn killed_migrate_leaves_old_or_new() {
    check("migrate", || {
        let home = Home::new(&[]);
        for name in ["a", "b", "c", "d"] {
            let text = "url=jdbc:TAOS-RS://db:6041/power\n";
            std::fs::write(home.context.work().join(format!("{name}.properties")), text).unwrap();
        }
        (home, words(&["migrate"]), &["migrate", "."])
    });
}

/// A home with a `taos-setup.toml` and its lock. `packages`, which is not in its store, has a package of each of `versions`.
fn locked_home(setup: &str, versions: &[&str], installed: &[&str]) -> Home {
    let home = Home::new(installed);
    let context = &home.context;
    let packages = context.root().join("packages");
    std::fs::create_dir(&packages).unwrap();
    for version in versions {
        let (path, _) = file(context, &Package::new(version));
        std::fs::rename(&path, packages.join(path.file_name().unwrap())).unwrap();
    }
    let files = [
        ("taos-setup.toml", setup),
        ("a/go.mod", "module a\n\ngo 1.24\n"),
        ("b/requirements.txt", "requests==2.32.3\n"),
    ];
    for (path, text) in files {
        let path = context.work().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let words = ["lock", "--mirror", "../packages", "--trust-on-first-use"];
    let run = context.program(words).run();
    assert_eq!(run.exit, Some(0), "{run}");
    home
}

#[test]
fn killed_sync_of_projects_leaves_old_or_new() {
    check("sync of projects", || {
        let setup = "[server]\nversion = \"3.3.7\"\n\n[[project]]\ndir = \"a\"\nlang = \"go\"\n\n[[project]]\ndir = \"b\"\nlang = \"python\"\n";
        let home = locked_home(setup, &[], &[]);
        (home, words(&["sync", "--locked"]), &["lock", "--offline"])
    });
}

#[test]
fn killed_sync_of_a_client_leaves_old_or_new() {
    check("sync of a client", || {
        let setup = "[client]\nversion = \"3.3.7.5\"\nplatforms = [\"linux-x64\"]\n";
        let home = locked_home(setup, &["3.3.7.5"], &["3.2.2.0"]);
        let args = words(&["sync", "--locked", "--mirror", "../packages"]);
        (home, args, &["gc"])
    });
}

#[test]
fn killed_mirror_create_leaves_old_or_new() {
    check("mirror create", || {
        let home = locked_home("", &["3.2.2.0", "3.3.7.5"], &[]);
        let args = |version: &str| {
            let options = ["--platforms", "linux-x64", "--mirror", "../packages"];
            let create = ["mirror", "create", "m", "--trust-on-first-use"];
            words(&[&create[..], &["--client", version], &options].concat())
        };
        // The digests are recorded before, so that the killed command only reads that record.
        for version in ["3.3.7.5", "3.2.2.0"] {
            let run = home.program(&args(version)).run();
            assert_eq!(run.exit, Some(0), "{run}");
            if version == "3.3.7.5" {
                std::fs::remove_dir_all(home.context.work().join("m")).unwrap();
            }
        }
        (
            home,
            args("3.3.7.5"),
            &["mirror", "create", "m", "--base", "http://127.0.0.1:1/"],
        )
    });
}

#[test]
fn killed_install_for_all_users_leaves_old_or_new() {
    let Some(place) = Machine::on_one_file_system() else {
        return;
    };
    place.install("3.2.2.0", &[]);
    std::fs::write(place.at("/usr/local/lib/libtaosws.so"), "mine").unwrap();
    let args = place.install_words("3.3.7.5", &["--replace"]);
    let next = words(&["gc"]);
    Case { place, args, next }.check("install --system");
}

#[test]
fn killed_uninstall_for_all_users_leaves_old_or_new() {
    let Some(place) = Machine::on_one_file_system() else {
        return;
    };
    std::fs::write(place.at("/usr/local/lib/libtaosws.so"), "mine").unwrap();
    place.install("3.3.7.5", &["--replace"]);
    let args = words(&["uninstall", "--system"]);
    let next = words(&["gc"]);
    Case { place, args, next }.check("uninstall --system");
}
