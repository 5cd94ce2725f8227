//! Files and directories that another user planted under the store's own names, and stores that other users can write.
#![cfg(target_os = "linux")]

use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use crate::support::installed::installed;
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;
use rustix::fs::{CWD, FileType, Mode, mkdirat, mknodat, openat};

const SECRET: &str = "a victim's only copy";

/// A store with one client, and a victim's file outside it.
fn with_victim() -> (TestContext, PathBuf) {
    let context = installed(&["3.3.7.5"]);
    let victim = context.root().join("victim");
    std::fs::write(&victim, SECRET).unwrap();
    (context, victim)
}

/// Every command that takes the lock.
const WRITING: [&[&str]; 4] = [
    &["use", "system"],
    &["uninstall", "3.3.7.5"],
    &["gc"],
    &["install", "3.3.6.13", "--mirror", "."],
];

/// Plants something at the first path; the second one is a victim's file.
type Plant = fn(&Path, &Path);

#[test]
fn planted_lock_is_named_and_left() {
    let plants: [(&str, Plant); 6] = [
        ("link", |lock, victim| symlink(victim, lock).unwrap()),
        ("dangling", |lock, victim| {
            symlink(victim.with_extension("new"), lock).unwrap();
        }),
        ("hard link", |lock, victim| {
            std::fs::hard_link(victim, lock).unwrap();
        }),
        ("fifo", |lock, _| {
            mknodat(CWD, lock, FileType::Fifo, Mode::RWXU, 0).unwrap();
        }),
        ("directory", |lock, _| std::fs::create_dir(lock).unwrap()),
        ("own file", |lock, _| {
            std::fs::write(lock, "the user's notes").unwrap();
        }),
    ];
    let mut observed = String::new();
    for (name, plant) in plants {
        let (context, victim) = with_victim();
        let lock = context.taos_setup_home().join("lock");
        std::fs::remove_file(&lock).unwrap();
        plant(&lock, &victim);
        let before = std::fs::symlink_metadata(&lock).unwrap();
        for args in WRITING {
            let run = context.program(args).run();
            assert_eq!(run.exit, Some(8), "{name} {args:?} {run}");
            let after = std::fs::symlink_metadata(&lock).unwrap();
            assert_eq!(after.modified().unwrap(), before.modified().unwrap());
            assert_eq!(after.len(), before.len());
            assert_eq!(std::fs::read_to_string(&victim).unwrap(), SECRET);
            assert!(!victim.with_extension("new").exists());
        }
        let run = context.program(["gc"]).run();
        let line = run.stderr.lines().nth(1).unwrap_or_default().to_owned();
        observed.push_str(&format!("{name}:{line}\n"));
        // Commands that only read do not need the lock.
        assert_eq!(context.program(["list"]).run().exit, Some(0));
    }
    assert_snapshot!(observed, @"
    link:  it is a symbolic link, which is not followed here
    dangling:  it is a symbolic link, which is not followed here
    hard link:  it has more than one name (hard links)
    fifo:  it is not a regular file
    directory:  it is a directory
    own file:  taos-setup did not write it
    ");
}

#[test]
fn own_file_called_lock_survives_gc_of_an_empty_store() {
    let context = TestContext::new();
    let home = context.taos_setup_home();
    std::fs::create_dir(&home).unwrap();
    for content in ["notes", ""] {
        std::fs::write(home.join("lock"), content).unwrap();
        let run = context.program(["gc"]).run();
        let expected = if content.is_empty() { 0 } else { 8 };
        assert_eq!(run.exit, Some(expected), "{run}");
        let left = std::fs::read_to_string(home.join("lock")).unwrap();
        assert!(left == content || left == "taos-setup", "{left}");
    }
}

#[test]
fn planted_records_are_not_followed() {
    for name in [".current-new", ".journal.toml.new", ".trust.toml.new"] {
        let (context, victim) = with_victim();
        symlink(&victim, context.taos_setup_home().join(name)).unwrap();
        let run = context.program(["use", "system"]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), SECRET);
        let left = context.taos_setup_home().join(name);
        assert!(std::fs::symlink_metadata(left).is_err(), "{name}");
    }
}

fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("!!! SKIPPED: files of other users take root, so they are NOT tested");
    }
    is_root
}

/// What every command that takes the lock, and `run`, report about `change` to the store.
fn refused(change: impl Fn(&Path)) -> Run {
    let (context, victim) = with_victim();
    let home = context.taos_setup_home();
    change(&home);
    let before = crate::support::client_package::tree(&home);
    let run = context.program(["run", "--", "true"]).run();
    assert_eq!(run.exit, Some(8), "{run}");
    for args in WRITING {
        let run = context.program(args).run();
        assert_eq!(run.exit, Some(8), "{args:?} {run}");
    }
    assert_eq!(crate::support::client_package::tree(&home), before);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), SECRET);
    context.program(["use", "system"]).run()
}

#[test]
fn store_that_others_can_write_is_refused() {
    for mode in [0o777, 0o1777, 0o2777] {
        let run = refused(|home| {
            std::fs::set_permissions(home, PermissionsExt::from_mode(mode)).unwrap();
        });
        insta::allow_duplicates!(assert_snapshot!(run, @"
        exit 8
        --- stdout
        --- stderr
        error[file-unwritable]: could not use the store [STORE]
          [STORE]: other users can write it
          next: chmod go-w [STORE]
          next: set TAOS_SETUP_HOME to a directory that only you can write
        "));
    }
    let run = refused(|home| {
        let clients = home.join("clients");
        std::fs::set_permissions(clients, PermissionsExt::from_mode(0o777)).unwrap();
    });
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not use the store [STORE]
      [STORE]/clients: other users can write it
      next: chmod go-w [STORE]/clients
      next: set TAOS_SETUP_HOME to a directory that only you can write
    ");
    if is_root() {
        refused(|home| {
            chown(home, None, Some(1234)).unwrap();
            std::fs::set_permissions(home, PermissionsExt::from_mode(0o2770)).unwrap();
        });
    }
}

#[test]
fn store_of_another_user_is_refused_for_root() {
    if !is_root() {
        return;
    }
    let run = refused(|home| chown(home, Some(12), None).unwrap());
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not use the store [STORE]
      [STORE]: it belongs to another user (uid 12)
      next: set TAOS_SETUP_HOME to a directory that only you can write
    ");
    let run = refused(|home| chown(home.join("clients"), Some(12), None).unwrap());
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not use the store [STORE]
      [STORE]/clients: it belongs to another user (uid 12)
      next: set TAOS_SETUP_HOME to a directory that only you can write
    ");
}

#[test]
fn trust_of_another_user_is_not_used() {
    if !is_root() {
        return;
    }
    let (context, _) = with_victim();
    let trust = context.taos_setup_home().join("trust.toml");
    std::fs::write(&trust, "schema = 1\n").unwrap();
    chown(&trust, Some(12), None).unwrap();
    let run = context
        .program(["install", "3.3.6.13", "--mirror", "."])
        .run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read [STORE]/trust.toml
      it belongs to another user (uid 12)
      next: remove it to forget which packages were trusted
    ");
}

/// Creates directories in directories, deeper than a path can be.
fn create_deep(at: &Path) {
    let directory = rustix::fs::OFlags::DIRECTORY;
    let mut here = openat(CWD, at, directory, Mode::empty()).unwrap();
    for _ in 0..3000 {
        mkdirat(&here, "deep", Mode::RWXU).unwrap();
        here = openat(&here, "deep", directory, Mode::empty()).unwrap();
    }
}

#[test]
fn deep_trees_are_collected() {
    let context = installed(&["3.3.7.5"]);
    let clients = context.taos_setup_home().join("clients");
    let names = [
        ".staging-deep",
        ".trash-deep",
        ".trash-oss-3.3.6.13-linux-x64",
    ];
    for name in names {
        std::fs::create_dir(clients.join(name)).unwrap();
        create_deep(&clients.join(name));
    }
    let downloads = context.taos_setup_home().join("downloads/partial");
    std::fs::create_dir_all(&downloads).unwrap();
    create_deep(&downloads);
    assert_snapshot!(context.program(["gc", "--dry-run"]).run(), @"
    exit 0
    --- stdout
                 0 bytes  [STORE]/clients/.staging-deep
                 0 bytes  [STORE]/clients/.trash-deep
      the removal of oss-3.3.6.13-linux-x64 was interrupted and would be completed or rolled back
                 0 bytes  [STORE]/downloads/partial
    ok would remove 0 bytes
    --- stderr
    ");
    assert_snapshot!(context.program(["gc"]).run(), @"
    exit 0
    --- stdout
                 0 bytes  [STORE]/clients/.staging-deep
                 0 bytes  [STORE]/clients/.trash-deep
      the removal of oss-3.3.6.13-linux-x64 was interrupted and has been completed or rolled back
                 0 bytes  [STORE]/downloads/partial
    ok removed 0 bytes
    --- stderr
    ");
    for name in names {
        assert!(!clients.join(name).exists(), "{name}");
    }
    assert!(!downloads.exists());
}

#[test]
fn uninstall_removes_deep_empty_directories() {
    let context = installed(&["3.3.7.5"]);
    let prefix = crate::support::installed::prefix(&context, "3.3.7.5");
    create_deep(&prefix);
    let run = context.program(["uninstall", "3.3.7.5"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let prefix = prefix.join("deep/deep");
    // Deeper than any client is, they count as the user's; empty ones go all the same.
    assert!(!prefix.exists());
}
