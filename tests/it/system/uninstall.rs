//! `uninstall --system`
#![cfg(target_os = "linux")]

use std::os::unix::fs::symlink;

use crate::support::system_directories::Machine;
use insta::assert_snapshot;
use taos_sandbox::mirror::sha256;

#[test]
fn missing_client_is_reported() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let before = machine.state();
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not uninstall the client for all users
      no client was installed with --system on this machine
      next: taos-setup list
    ");
    assert_eq!(machine.state(), before);
    assert_snapshot!(machine.program(["uninstall", "--system", "3.3.7.5"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: the argument '--system' cannot be used with '[VERSION]...'

    Usage: taos-setup uninstall --system [VERSION]...

    For more information, try '--help'.
    ");
}

#[test]
fn changed_files_stay() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let before = machine.state();
    machine.install("3.3.7.5", &[]);
    let lib = machine.at("/usr/local/lib");
    std::fs::write(machine.at("/etc/taos/taos.cfg"), "mine").unwrap();
    std::fs::remove_file(lib.join("libtaos.so")).unwrap();
    symlink("/etc/passwd", lib.join("libtaos.so")).unwrap();
    std::fs::remove_file(lib.join("libtaosws.so")).unwrap();
    std::fs::write(lib.join("cmake/taos/mine"), "mine").unwrap();
    // A folder in whose place there is a link now: what is behind it is not reached.
    let elsewhere = machine.at("/usr/local/elsewhere");
    std::fs::rename(lib.join("pkgconfig"), &elsewhere).unwrap();
    symlink("../elsewhere", lib.join("pkgconfig")).unwrap();
    let logs = machine.at("/var/log/taos/taoslog0.0");
    std::fs::write(&logs, "log").unwrap();
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 18 files and links
      kept      /etc/taos/taos.cfg (changed since the installation)
      kept      /usr/local/lib/libtaos.so (changed since the installation)
      kept      /usr/local/lib/pkgconfig/taos.pc (changed since the installation)
    --- stderr
    note: the client in [STORE] stays; taos-setup uninstall 3.3.7.5 removes it
    ");
    let after = machine.state();
    let left: Vec<String> = after
        .into_iter()
        .filter(|(path, _)| !before.contains_key(path))
        .map(|(path, what)| format!("{path} {}", what.split(" sha256").next().unwrap()))
        .collect();
    assert_snapshot!(left.join("\n"), @"
    /etc/taos 755 folder
    /etc/taos/taos.cfg 644
    /usr/local/elsewhere 755 folder
    /usr/local/elsewhere/taos.pc 644
    /usr/local/lib/cmake 755 folder
    /usr/local/lib/cmake/taos 755 folder
    /usr/local/lib/cmake/taos/mine 644
    /usr/local/lib/libtaos.so -> /etc/passwd
    /usr/local/lib/pkgconfig -> ../elsewhere
    /var/log/taos/taoslog0.0 644
    ");
}

/// A record is root's own, and yet it leads nowhere else.
#[test]
fn forged_record_is_refused() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.install("3.3.7.5", &[]);
    let record = machine.at("/var/lib/taos-setup/system.toml");
    let text = std::fs::read_to_string(&record).unwrap();
    std::fs::write(machine.at("/etc/precious"), "precious").unwrap();
    for path in [
        "/etc/precious",
        "/usr/local/lib/../../../etc/precious",
        "/usr/local/lib",
        "/usr/lib/libc.so.6",
    ] {
        let forged = format!(
            "{text}\n[[paths]]\npath = {path:?}\nput = {{ kind = \"file\", size = 8, sha256 = \"{}\" }}\n",
            sha256(b"precious")
        );
        std::fs::write(&record, forged).unwrap();
        let before = machine.state();
        let run = machine.program(["uninstall", "--system"]).run();
        assert_eq!(run.exit, Some(8), "{path}: {run}");
        assert!(
            run.stderr
                .contains("its content was not written by taos-setup"),
            "{run}"
        );
        assert_eq!(machine.state(), before);
    }
}
