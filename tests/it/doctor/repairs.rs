//! `doctor --fix`: what would be done, and what is done.

use std::fs;
use std::os::unix::fs::symlink;

use super::machine::{Machine, findings};
use crate::support::client_package::tree;
use crate::support::installed::{installed, prefix};
use insta::assert_snapshot;

/// A machine with a client of which two links are wrong.
fn broken_links() -> Machine {
    let machine = Machine::of(installed(&["3.3.7.5"]));
    let lib = prefix(&machine.context, "3.3.7.5").join("lib");
    fs::remove_file(lib.join("libtaos.so")).unwrap();
    fs::remove_file(lib.join("libtaosws.so")).unwrap();
    symlink("/nowhere", lib.join("libtaosws.so")).unwrap();
    machine
}

#[test]
fn links_are_put_back_only_when_asked() {
    let machine = broken_links();
    let home = machine.context.taos_setup_home();
    let before = tree(&home);
    assert_snapshot!(machine.doctor(&["store", "--fix"]).run(), @"
    exit 4
    --- stdout
    ✗ driver
        ✗ store

    error[store-damaged]: the installed client 3.3.7.5 is damaged: lib/libtaos.so
      observed: [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so is missing or has changed
      expected: every file and link as it was installed
      cause:    A link of the client is missing or leads elsewhere, so that programs do not find the library under its usual name.
      fix:      taos-setup doctor store --fix

    found 1 error and 0 warnings
    --- stderr
    would put back links of installed clients
      [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so -> libtaos.so.1
      [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so -> libtaosws.so.1
    note: nothing has changed
    next: taos-setup doctor --fix --yes
    ");
    assert_eq!(tree(&home), before);
    assert_snapshot!(machine.doctor(&["store", "--fix", "--yes"]).run(), @"
    exit 0
    --- stdout
    ✓ driver

    no problem found (1 check)
    --- stderr
    ok: put back links of installed clients
      [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so -> libtaos.so.1
      [STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so -> libtaosws.so.1
    ");
    let run = machine.doctor(&["--json"]).run();
    assert_eq!(findings(&run), Vec::<String>::new());
    let run = machine.doctor(&["store", "--fix", "--yes", "--json"]).run();
    assert_eq!(run.json()["data"]["repairs"], serde_json::json!([]));
}

#[cfg(debug_assertions)]
#[test]
fn links_are_put_back_all_or_none() {
    let machine = broken_links();
    let client = prefix(&machine.context, "3.3.7.5");
    let before = tree(&client);
    for step in 1..20 {
        let fault = format!("EIO@{step}");
        let program = machine.doctor(&["store", "--fix", "--yes", "--json"]);
        let run = program.env("TAOS_SETUP_TEST_FAULT", fault).run();
        if run.exit == Some(0) {
            assert!(step > 2, "{run}");
            assert_ne!(tree(&client), before);
            return;
        }
        assert_eq!(tree(&client), before, "{run}");
    }
    panic!("it never ends");
}

#[test]
fn files_in_place_of_links_are_left() {
    let machine = broken_links();
    let lib = prefix(&machine.context, "3.3.7.5").join("lib");
    fs::write(lib.join("libtaos.so"), "mine").unwrap();
    let run = machine.doctor(&["store", "--fix", "--yes", "--json"]).run();
    assert_eq!(fs::read_to_string(lib.join("libtaos.so")).unwrap(), "mine");
    // The other link is right again, and the file is reported.
    assert!(lib.join("libtaosws.so").exists(), "{run}");
    assert_eq!(findings(&run), ["e:store-damaged"], "{run}");
    assert_eq!(run.exit, Some(4));
}

#[test]
fn forged_links_reach_nothing_outside() {
    let machine = broken_links();
    let receipt = prefix(&machine.context, "3.3.7.5").join("receipt.toml");
    let text = fs::read_to_string(&receipt).unwrap();
    for (path, target) in [
        ("../../../escaped", "x"),
        ("/escaped", "x"),
        ("lib/escaped", "/etc/passwd"),
        ("lib/escaped", "../../../x"),
    ] {
        let link = format!("\n[[links]]\npath = \"{path}\"\ntarget = \"{target}\"\n");
        fs::write(&receipt, format!("{text}{link}")).unwrap();
        let before = tree(machine.context.root());
        let run = machine.doctor(&["store", "--fix", "--yes", "--json"]).run();
        assert_eq!(run.json()["data"]["repairs"][0]["state"], "failed", "{run}");
        assert_eq!(run.exit, Some(4));
        assert_eq!(tree(machine.context.root()), before, "{path} -> {target}");
    }
}

#[test]
fn log_directory_of_the_store_is_set() {
    let machine = Machine::of(installed(&["3.3.7.5"]));
    let config = prefix(&machine.context, "3.3.7.5").join("etc/taos.cfg");
    let text = fs::read_to_string(&config).unwrap();
    let wrong = format!(
        "# mine\r\n{}\nlogDir /dev/null/log # old\n",
        text.trim_end()
    );
    fs::write(&config, &wrong).unwrap();
    let run = machine.doctor(&["directories", "--fix", "--json"]).run();
    assert_eq!(findings(&run), ["e:log-dir-unwritable"], "{run}");
    assert_eq!(run.json()["data"]["repairs"][0]["state"], "planned");
    assert_eq!(fs::read_to_string(&config).unwrap(), wrong);
    let run = machine
        .doctor(&["directories", "--fix", "--yes", "--json"])
        .run();
    assert_eq!(findings(&run), Vec::<String>::new(), "{run}");
    assert_eq!(run.json()["data"]["repairs"][0]["state"], "done");
    let log = machine.context.taos_setup_home().join("log");
    let expected = wrong.replace("/dev/null/log", log.to_str().unwrap());
    assert_eq!(fs::read_to_string(&config).unwrap(), expected);
}
