//! `uninstall`
#![cfg(unix)]

use crate::support::client_package::tree;
use crate::support::installed::{add, installed, prefix};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use std::os::unix::fs::symlink;
use std::path::Path;

#[test]
fn current_client_and_last_one() {
    let context = installed(&["3.2.2.0", "3.3.6.9", "3.3.7.5"]);
    assert_snapshot!(context.program(["uninstall", "3.3.7.5"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 (oss, linux-x64): 23 files and links
    --- stderr
    note: the current client is now 3.3.6.9
    ");
    assert!(!prefix(&context, "3.3.7.5").exists());
    assert_snapshot!(context.program(["uninstall", "3.2", "oss-3.3.6.9-linux-x64"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.2.2.0 (oss, linux-x64): 17 files and links
    ok uninstalled client 3.3.6.9 (oss, linux-x64): 23 files and links
    --- stderr
    note: no client is current now
    ");
    let left: Vec<_> = tree(&context.taos_setup_home().join("clients"))
        .into_keys()
        .collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
    assert!(std::fs::symlink_metadata(context.taos_setup_home().join("current")).is_err());
    assert_snapshot!(context.program(["env"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client is installed in [STORE]
      next: taos-setup install
    ");
}

#[test]
fn another_than_the_current_one() {
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    let run = context.program(["uninstall", "3.2.2.0", "--json"]).run();
    assert_eq!(run.json()["data"]["current"], "3.3.7.5", "{run}");
    assert_eq!(
        run.json()["data"]["uninstalled"][0]["kept"],
        serde_json::json!([]),
        "{run}"
    );
}

#[test]
fn missing_or_ambiguous_client_is_rejected() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["uninstall", "3.3.7.5"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not uninstall 3.3.7.5
      it is not installed in [STORE]
      next: taos-setup list
    ");
    assert!(!context.taos_setup_home().exists());
    add(&context, "3.3.6.9");
    add(&context, "3.3.7.5");
    let before = tree(&context.taos_setup_home());
    assert_snapshot!(context.program(["uninstall", "3.3"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not uninstall 3.3
      several clients match: oss-3.3.6.9-linux-x64, oss-3.3.7.5-linux-x64
      next: taos-setup uninstall oss-3.3.6.9-linux-x64
    ");
    // One that is not there keeps the others, too.
    assert_snapshot!(context.program(["uninstall", "3.3.7.5", "3.0.0.0"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not uninstall 3.0.0.0
      it is not installed in [STORE]
      next: taos-setup list
    ");
    assert_eq!(tree(&context.taos_setup_home()), before);
}

#[test]
fn added_and_changed_files_stay() {
    let context = installed(&["3.3.7.5"]);
    let prefix = prefix(&context, "3.3.7.5");
    let outside = context.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("libtaos.so"), "mine").unwrap();
    let config = prefix.join("etc/taos.cfg");
    std::fs::write(&config, "firstEp db1:6030\n").unwrap();
    // Of the same size, so that only the content tells.
    let header = prefix.join("include/taos.h");
    let size = std::fs::metadata(&header).unwrap().len();
    std::fs::write(&header, vec![b'x'; usize::try_from(size).unwrap()]).unwrap();
    std::fs::write(prefix.join("bin/mine\u{1b}[2J"), "mine").unwrap();
    std::fs::create_dir_all(prefix.join("lib/empty")).unwrap();
    symlink(&outside, prefix.join("more")).unwrap();
    std::fs::remove_file(prefix.join("lib/libtaos.so")).unwrap();
    symlink("/etc/passwd", prefix.join("lib/libtaos.so")).unwrap();
    assert_snapshot!(context.program(["uninstall", "3.3.7.5"]).run(), @r"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 (oss, linux-x64): 20 files and links
      kept      bin/mine\u{1b}[2J (not from the package)
      kept      etc/taos.cfg (changed since the installation)
      kept      include/taos.h (changed since the installation)
      kept      lib/libtaos.so (changed since the installation)
      kept      more (not from the package)
    --- stderr
    note: kept files are in [STORE]/clients/oss-3.3.7.5-linux-x64
    note: no client is current now
    ");
    let left: Vec<String> = tree(&prefix)
        .into_keys()
        .map(|path| path.display().to_string().replace('\u{1b}', "ESC"))
        .collect();
    assert_snapshot!(left.join("\n"), @"
    bin
    bin/mineESC[2J
    etc
    etc/taos.cfg
    include
    include/taos.h
    lib
    lib/libtaos.so
    more
    ");
    assert_eq!(std::fs::read(outside.join("libtaos.so")).unwrap(), b"mine");
    assert!(Path::new("/etc/passwd").exists());
    assert_eq!(context.program(["list"]).run().stdout, "");
}

/// A receipt names what it likes; only what lies in the client's folder, reached through no link, and is as the receipt says,
/// goes.
#[test]
fn forged_receipt_reaches_nothing_outside() {
    use taos_sandbox::mirror::sha256;
    let context = installed(&["3.2.2.0", "3.3.7.5"]);
    let prefix = prefix(&context, "3.3.7.5");
    let outside = context.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("precious"), "precious").unwrap();
    symlink("precious", outside.join("link")).unwrap();
    symlink(&outside, prefix.join("door")).unwrap();
    // A folder of the client in whose place there is a link now.
    std::fs::rename(prefix.join("include"), context.root().join("include")).unwrap();
    symlink(context.root().join("include"), prefix.join("include")).unwrap();
    let mut receipt = std::fs::read_to_string(prefix.join("receipt.toml")).unwrap();
    let absolute = outside.join("precious").display().to_string();
    for path in [
        absolute.as_str(),
        "../../../outside/precious",
        "lib/../../../../outside/precious",
        "./door/precious",
        "door/precious",
        "door",
        "../oss-3.2.2.0-linux-x64/receipt.toml",
        "..",
        ".",
        "",
        "/",
    ] {
        receipt.push_str(&format!(
            "\n[[files]]\npath = {path:?}\nsize = 8\nsha256 = \"{}\"\n",
            sha256(b"precious")
        ));
    }
    for path in ["door/link", "../../../outside/link"] {
        receipt.push_str(&format!(
            "\n[[links]]\npath = {path:?}\ntarget = \"precious\"\n"
        ));
    }
    std::fs::write(prefix.join("receipt.toml"), receipt).unwrap();
    let watched = || {
        (
            tree(&outside),
            tree(&context.root().join("include")),
            tree(&crate::support::installed::prefix(&context, "3.2.2.0")),
        )
    };
    let before = watched();
    assert_snapshot!(context.program(["uninstall", "3.3.7.5"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 (oss, linux-x64): 17 files and links
      kept      door (changed since the installation)
      kept      include (not from the package)
    --- stderr
    note: kept files are in [STORE]/clients/oss-3.3.7.5-linux-x64
    note: the current client is now 3.2.2.0
    ");
    assert_eq!(watched(), before);
    let left: Vec<String> = tree(&prefix)
        .into_iter()
        .map(|(path, what)| format!("{} {what}", path.display()))
        .collect();
    assert_snapshot!(left.join("\n").replace(context.root().to_str().unwrap(), "[ROOT]"), @"
    door -> [ROOT]/outside
    include -> [ROOT]/include
    ");
}

#[test]
fn link_in_place_of_client() {
    let context = installed(&["3.3.7.5"]);
    let prefix = prefix(&context, "3.3.7.5");
    let elsewhere = context.root().join("elsewhere");
    std::fs::rename(&prefix, &elsewhere).unwrap();
    symlink(&elsewhere, &prefix).unwrap();
    let before = tree(&elsewhere);
    let run = context.program(["uninstall", "3.3.7.5"]).run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not uninstall 3.3.7.5
      it is not installed in [STORE]
      next: taos-setup list
    ");
    assert_eq!(tree(&elsewhere), before);
}
