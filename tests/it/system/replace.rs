//! `install --system` where something is already there.
#![cfg(target_os = "linux")]

use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::system_directories::Machine;
use insta::assert_snapshot;

/// The vendor's client, as its script leaves it, with links in `/usr/local/lib` in place of `/usr/lib`.
fn vendors(machine: &Machine) {
    for folder in ["driver", "bin", "include"] {
        std::fs::create_dir_all(machine.at("/usr/local/taos").join(folder)).unwrap();
    }
    let write = |path: &str, text: &str, mode| {
        std::fs::write(machine.at(path), text).unwrap();
        std::fs::set_permissions(machine.at(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    write(
        "/usr/local/taos/driver/libtaos.so.3.3.6.0",
        "library",
        0o777,
    );
    write("/usr/local/taos/bin/taos", "program", 0o755);
    write("/usr/local/taos/include/taos.h", "header", 0o644);
    write("/usr/local/lib/libtaosws.so", "web socket", 0o4751);
    for (target, path) in [
        (
            "/usr/local/taos/driver/libtaos.so.3.3.6.0",
            "/usr/local/lib/libtaos.so.1",
        ),
        ("/usr/local/lib/libtaos.so.1", "/usr/local/lib/libtaos.so"),
        ("/usr/local/taos/include/taos.h", "/usr/include/taos.h"),
    ] {
        symlink(target, machine.at(path)).unwrap();
    }
}

#[test]
fn client_of_the_vendor_is_replaced() {
    let Some(machine) = Machine::new() else {
        return;
    };
    vendors(&machine);
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install a client for all users
      the vendor's client 3.3.6.0 is installed in /usr/local/taos
      next: sudo taos-setup install --from [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz --sha256 [DIGEST] --system --replace    # moves the vendor's links to /var/lib/taos-setup/backup; uninstall --system restores them
      next: taos-setup use system    # uses it unchanged
    ");
    assert!(!machine.context.taos_setup_home().exists());
    assert_eq!(machine.state(), before);
    let words = machine.install_words("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      placed    22 files and links in /usr/local and /etc/taos
      kept      /usr/local/lib/libtaos.so in /var/lib/taos-setup/backup/1/usr/local/lib/libtaos.so
      kept      /usr/local/lib/libtaos.so.1 in /var/lib/taos-setup/backup/1/usr/local/lib/libtaos.so.1
      kept      /usr/local/lib/libtaosws.so in /var/lib/taos-setup/backup/1/usr/local/lib/libtaosws.so
      kept      /usr/include/taos.h in /var/lib/taos-setup/backup/1/usr/include/taos.h
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    // The same again changes nothing, with or without --replace.
    let placed = machine.state();
    machine.install("3.3.7.5", &[]);
    machine.install("3.3.7.5", &["--replace"]);
    assert_eq!(machine.state(), placed);
    machine.install("3.2.2.0", &[]);
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.2.2.0 for all users: 16 files and links
      restored  /usr/include/taos.h
      restored  /usr/local/lib/libtaos.so
      restored  /usr/local/lib/libtaos.so.1
      restored  /usr/local/lib/libtaosws.so
    --- stderr
    note: the client in [STORE] stays; taos-setup uninstall 3.2.2.0 removes it
    ");
    assert_eq!(machine.state(), before);
}

/// A driver of somebody's in one of the system's folders: ours would stand before it, or behind.
#[test]
fn driver_in_another_folder() {
    let Some(machine) = Machine::new() else {
        return;
    };
    std::fs::write(
        machine.at("/etc/ld.so.conf"),
        "/usr/lib/locale\n/usr/local/lib\n",
    )
    .unwrap();
    let folder = machine.at("/usr/lib/locale");
    std::fs::write(folder.join("libtaos.so.3.2.1.0"), "library").unwrap();
    std::fs::write(folder.join("libtaosother"), "mine").unwrap();
    symlink("libtaos.so.3.2.1.0", folder.join("libtaos.so")).unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install a client for all users
      the vendor's client 3.2.1.0 is installed in /usr/lib/locale
      next: sudo taos-setup install --from [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz --sha256 [DIGEST] --system --replace    # moves the vendor's links to /var/lib/taos-setup/backup; uninstall --system restores them
      next: taos-setup use system    # uses it unchanged
    ");
    assert_eq!(machine.state(), before);
    let words = machine.install_words("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      placed    22 files and links in /usr/local and /etc/taos
      kept      /usr/lib/locale/libtaos.so in /var/lib/taos-setup/backup/1/usr/lib/locale/libtaos.so
      kept      /usr/lib/locale/libtaos.so.3.2.1.0 in /var/lib/taos-setup/backup/1/usr/lib/locale/libtaos.so.3.2.1.0
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    let run = machine.program(["uninstall", "--system"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(machine.state(), before);
}

#[test]
fn damaged_file_is_renewed() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.install("3.3.7.5", &[]);
    let before = machine.state();
    std::fs::write(machine.at("/usr/local/lib/libtaos.so.3.3.7.5"), "damaged").unwrap();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 for all users
      taos-setup did not create these: /usr/local/lib/libtaos.so.3.3.7.5 (another file, changed since it was installed; --repair renews it)
      next: sudo taos-setup install --from [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz --sha256 [DIGEST] --system --replace    # moves them to /var/lib/taos-setup/backup; uninstall --system restores them
    ");
    machine.install("3.3.7.5", &["--repair"]);
    let stamp = "/var/lib/taos-setup/system.toml";
    let but = |mut state: std::collections::BTreeMap<String, String>| {
        state.remove(stamp);
        state
    };
    assert_eq!(but(machine.state()), but(before));
}

#[test]
fn server_of_the_vendor_stays() {
    let Some(machine) = Machine::new() else {
        return;
    };
    vendors(&machine);
    std::fs::write(machine.at("/usr/local/taos/bin/taosd"), "server").unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install a client for all users
      the vendor's server 3.3.6.0 is installed in /usr/local/taos, and its programs use its driver
      next: taos-setup use system    # uses the server's driver
      next: omit --system to install a client for yourself
    ");
    assert_eq!(machine.state(), before);
}

#[test]
fn files_of_other_programs_stay() {
    let Some(machine) = Machine::new() else {
        return;
    };
    std::fs::write(machine.at("/usr/local/bin/taos"), "mine").unwrap();
    symlink("nowhere", machine.at("/usr/local/lib/libtaos.so")).unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 for all users
      taos-setup did not create these: /usr/local/bin/taos (another file), /usr/local/lib/libtaos.so (a link to nowhere)
      next: sudo taos-setup install --from [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz --sha256 [DIGEST] --system --replace    # moves them to /var/lib/taos-setup/backup; uninstall --system restores them
    ");
    assert_eq!(machine.state(), before);
    machine.install("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 22 files and links
      restored  /usr/local/bin/taos
      restored  /usr/local/lib/libtaos.so
    --- stderr
    note: the client in [STORE] stays; taos-setup uninstall 3.3.7.5 removes it
    ");
    assert_eq!(machine.state(), before);
}

/// A folder of ours that is a link: nothing goes through it.
#[test]
fn link_on_the_way_is_refused() {
    let Some(machine) = Machine::new() else {
        return;
    };
    std::fs::create_dir(machine.at("/usr/local/elsewhere")).unwrap();
    symlink("../elsewhere", machine.at("/usr/local/lib/pkgconfig")).unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 for all users
      taos-setup did not create these: /usr/local/lib/pkgconfig/taos.pc (a parent is a link or not a directory)
      next: move these directories and links, then run the command again
    ");
    assert_eq!(machine.state(), before);
}

#[test]
fn folder_in_place_of_file() {
    let Some(machine) = Machine::new() else {
        return;
    };
    std::fs::create_dir(machine.at("/usr/local/include/taos.h")).unwrap();
    std::fs::write(machine.at("/usr/local/include/taos.h/file"), "mine").unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 for all users
      taos-setup did not create these: /usr/local/include/taos.h (a directory)
      next: move these directories and links, then run the command again
    ");
    assert_eq!(machine.state(), before);
}

/// What a user changed in a file that was placed is theirs.
#[test]
fn changed_file_is_no_longer_ours() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.install("3.3.6.9", &[]);
    std::fs::write(machine.at("/usr/local/include/taos.h"), "mine").unwrap();
    let before = machine.state();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 for all users
      taos-setup did not create these: /usr/local/include/taos.h (another file, changed since it was installed; --repair renews it)
      next: sudo taos-setup install --from [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz --sha256 [DIGEST] --system --replace    # moves them to /var/lib/taos-setup/backup; uninstall --system restores them
    ");
    assert_eq!(machine.state(), before);
    machine.install("3.3.7.5", &["--replace"]);
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 22 files and links
      restored  /usr/local/include/taos.h
    --- stderr
    note: the client in [STORE] stays; taos-setup uninstall 3.3.7.5 removes it
    ");
    let header = std::fs::read_to_string(machine.at("/usr/local/include/taos.h"));
    assert_eq!(header.unwrap(), "mine");
}
