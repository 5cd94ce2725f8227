//! What other users planted where root installs, records, and uninstalls for all users; and a disk that is full.
#![cfg(target_os = "linux")]

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use crate::support::system_directories::Machine;
use insta::{allow_duplicates, assert_snapshot};

/// A machine, if files can be given to other users.
fn machine() -> Option<Machine> {
    if !rustix::process::geteuid().is_root() {
        eprintln!("!!! SKIPPED: files of other users take root, so they are NOT tested");
        return None;
    }
    Machine::new()
}

#[test]
fn record_of_another_user_is_not_followed() {
    let Some(machine) = machine() else { return };
    machine.install("3.3.7.5", &[]);
    chown(machine.at("/var/lib/taos-setup"), Some(12), None).unwrap();
    let words = machine.install_words("3.3.7.5", &["--repair"]);
    let before = machine.state();
    for args in [vec!["uninstall".to_owned(), "--system".to_owned()], words] {
        let run = machine.program(&args).run();
        allow_duplicates!(assert_snapshot!(run, @"
        exit 8
        --- stdout
        --- stderr
        error[file-unwritable]: could not use /var/lib/taos-setup
          /var/lib/taos-setup: it belongs to another user (uid 12)
          next: inspect it, then remove it: sudo rm -r /var/lib/taos-setup
        "));
    }
    let journal = machine.at("/var/lib/taos-setup/system-journal.toml");
    std::fs::write(&journal, "schema = 1\n").unwrap();
    let run = machine.program(["gc"]).run();
    assert_eq!(run.exit, Some(8), "{run}");
    std::fs::remove_file(journal).unwrap();
    assert_eq!(machine.state(), before);
}

#[test]
fn record_file_of_another_user_is_not_followed() {
    let Some(machine) = machine() else { return };
    machine.install("3.3.7.5", &[]);
    let record = machine.at("/var/lib/taos-setup/system.toml");
    chown(&record, Some(12), None).unwrap();
    let before = machine.state();
    let run = machine.program(["uninstall", "--system"]).run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read /var/lib/taos-setup/system.toml
      it belongs to another user (uid 12)
      next: check the owner and the mode of the file and of its parent directories
    ");
    assert_eq!(machine.state(), before);
}

#[test]
fn clients_of_another_user_do_not_become_roots() {
    let Some(machine) = machine() else { return };
    let words = machine.install_words("3.3.7.5", &[]);
    let home = machine.context.taos_setup_home();
    std::fs::create_dir(&home).unwrap();
    std::fs::create_dir(home.join("clients")).unwrap();
    chown(home.join("clients"), Some(12), None).unwrap();
    let before = machine.state();
    assert_snapshot!(machine.program(&words).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not use the store [STORE]
      [STORE]/clients: it belongs to another user (uid 12)
      next: set TAOS_SETUP_HOME to a directory that only you can write
    ");
    assert_eq!(machine.state(), before);
    std::fs::remove_dir(home.join("clients")).unwrap();
    std::fs::set_permissions(&home, PermissionsExt::from_mode(0o1777)).unwrap();
    let run = machine.program(&words).run();
    assert_eq!(run.exit, Some(8), "{run}");
    assert_eq!(machine.state(), before);
}

#[test]
fn file_that_a_user_exchanged_is_not_placed() {
    let Some(machine) = machine() else { return };
    machine.install("3.3.7.5", &[]);
    let run = machine.program(["uninstall", "--system"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let prefix = crate::support::installed::prefix(&machine.context, "3.3.7.5");
    let file = prefix.join("include/taos.h");
    chown(&file, Some(12), None).unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read [STORE]/clients/oss-3.3.7.5-linux-x64/include/taos.h
      it belongs to another user (uid 12)
      next: check the owner and the mode of the file and of its parent directories
    ");
    assert_eq!(machine.state(), before);
}

#[test]
fn planted_staging_name_is_no_obstacle() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let planted = machine.at("/usr/local/lib/.taos-setup-new-libtaos.so");
    std::fs::create_dir_all(planted.join("x")).unwrap();
    machine.install("3.3.7.5", &[]);
    let run = machine.program(["uninstall", "--system"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(planted.join("x").is_dir());
}

#[test]
fn failed_installation_leaves_nothing() {
    let Some(machine) = Machine::new() else {
        return;
    };
    std::fs::write(machine.at("/usr/local/lib/libtaos.so"), "mine").unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &[]);
    let run = machine.program(&words).env("TAOS_SETUP_HOME", "").run();
    assert_eq!(run.exit, Some(7), "{run}");
    let mut after = machine.state();
    // The digest that was given stays recorded.
    after.retain(|path, _| !path.starts_with("/var/lib/taos-setup"));
    assert_eq!(after, before);
    let left = std::fs::read_dir(machine.at("/var/lib/taos-setup")).unwrap();
    let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["lock", "trust.toml"]);
}

#[test]
fn special_bits_are_not_put_back() {
    let Some(machine) = machine() else { return };
    let file = machine.at("/usr/local/lib/libtaosws.so");
    std::fs::write(&file, "mine").unwrap();
    chown(&file, Some(12), None).unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o6755)).unwrap();
    machine.install("3.3.7.5", &["--replace"]);
    let run = machine.program(["uninstall", "--system"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let found = std::fs::metadata(&file).unwrap();
    assert_eq!(found.mode() & 0o7777, 0o755);
    assert_eq!(found.uid(), 12);
}

/// Shell commands that fill the file system of each path.
fn fill(paths: &[&str]) -> String {
    let fill = |path: &&str| format!("cat /dev/zero > {path}/fill 2>/dev/null || true\n");
    paths.iter().map(fill).collect()
}

#[test]
fn uninstalling_on_a_full_disk_succeeds() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let install = machine.install_words("3.3.7.5", &[]);
    let mut prelude = String::new();
    for path in ["/usr/local", "/var/lib"] {
        prelude.push_str(&format!("mount -t tmpfs -o size=32m none {path}\n"));
    }
    prelude.push_str(
        "mkdir /usr/local/lib /usr/local/include /usr/local/bin\nexport TAOS_SETUP_HOME=\n",
    );
    prelude.push_str(&format!("\"$1\" {} >/dev/null\n", install.join(" ")));
    prelude.push_str(&fill(&["/usr/local", "/var/lib"]));
    let run = machine.after(&prelude, ["uninstall", "--system"]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 22 files and links
    --- stderr
    ");
}

#[test]
fn uninstalling_own_client_on_a_full_disk_succeeds() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let home = machine.context.taos_setup_home();
    std::fs::create_dir(&home).unwrap();
    let mut install = machine.install_words("3.3.7.5", &[]);
    install.retain(|word| word != "--system");
    let home = home.display();
    let mut prelude = format!("mount -t tmpfs -o size=32m,mode=755 none {home}\n");
    prelude.push_str(&format!("\"$1\" {} >/dev/null\n", install.join(" ")));
    prelude.push_str(&fill(&[&home.to_string()]));
    let run = machine.after(&prelude, ["uninstall", "3.3.7.5"]).run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 (oss, linux-x64): 23 files and links
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    note: no client is current now
    "#);
}
