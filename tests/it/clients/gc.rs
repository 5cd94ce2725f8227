//! `gc`
#![cfg(unix)]

use crate::support::client_package::tree;
use crate::support::installed::installed;
use crate::support::program::TestContext;
use insta::assert_snapshot;

#[test]
fn empty_store_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["gc"]).run(), @"
    exit 0
    --- stdout
    ok removed 0 bytes
    --- stderr
    ");
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn left_overs_and_downloads_go_and_clients_stay() {
    let context = installed(&["3.3.7.5"]);
    let home = context.taos_setup_home();
    std::fs::create_dir(home.join("downloads")).unwrap();
    std::fs::write(home.join("downloads/by-hand.tar.gz"), "a user's").unwrap();
    let before = tree(&home);
    let outside = context.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("precious"), "precious").unwrap();
    for folder in ["clients/.staging-abc/lib", "downloads/partial"] {
        std::fs::create_dir_all(home.join(folder)).unwrap();
    }
    std::fs::write(
        home.join("clients/.staging-abc/lib/libtaos.so"),
        vec![0; 1000],
    )
    .unwrap();
    std::fs::write(home.join("downloads/sha256-1"), vec![0; 200]).unwrap();
    std::fs::write(home.join("downloads/partial/x"), vec![0; 30]).unwrap();
    std::os::unix::fs::symlink(&outside, home.join("downloads/sha256-2")).unwrap();
    let full = tree(&home);
    assert_snapshot!(context.program(["gc", "--dry-run"]).run(), @"
    exit 0
    --- stdout
              1000 bytes  [STORE]/clients/.staging-abc
                30 bytes  [STORE]/downloads/partial
               200 bytes  [STORE]/downloads/sha256-1
                 0 bytes  [STORE]/downloads/sha256-2
    ok would remove 1230 bytes
    --- stderr
    ");
    assert_eq!(tree(&home), full);
    let run = context.program(["gc", "--dry-run", "--json"]).run();
    assert_eq!(run.json()["data"]["bytes"], 1230, "{run}");
    assert_snapshot!(context.program(["gc"]).run(), @"
    exit 0
    --- stdout
              1000 bytes  [STORE]/clients/.staging-abc
                30 bytes  [STORE]/downloads/partial
               200 bytes  [STORE]/downloads/sha256-1
                 0 bytes  [STORE]/downloads/sha256-2
    ok removed 1230 bytes
    --- stderr
    ");
    assert_eq!(tree(&home), before);
    assert!(outside.join("precious").exists());
}

#[test]
fn dry_run_does_not_wait() {
    let context = installed(&["3.3.7.5"]);
    std::fs::create_dir(
        context
            .taos_setup_home()
            .join("clients/.staging-of-another"),
    )
    .unwrap();
    let lock = std::fs::File::options()
        .write(true)
        .open(context.taos_setup_home().join("lock"))
        .unwrap();
    lock.lock().unwrap();
    assert_snapshot!(context.program(["gc", "--dry-run"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    note: another taos-setup process is changing the store; run the command again when it has finished
    ");
}
