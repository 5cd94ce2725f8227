//! Client libraries that are missing, not whole, not for this machine, or misbehave.

use std::fs;

use super::case::{CASE, Case, Needs, error, note, warning};
use super::scene::Scene;
use crate::support::served::without_adapter;
use taos_sandbox::faults::Listener;
use taos_sandbox::server::{Listen, Options};

const NATIVE: &[&str] = &["--transport", "native"];

/// A healthy server and a driver in which `change` changes the folder.
fn broken(change: fn(&std::path::Path)) -> Scene {
    let scene = Scene::healthy();
    change(&scene.served.context.root().join("driver"));
    scene
}

fn without(name: &str, folder: &std::path::Path) {
    fs::remove_file(folder.join(name)).unwrap();
}

/// ELF's e_machine becomes 32-bit ARM's.
fn for_arm(folder: &std::path::Path) {
    let file = folder.join("libtaos.so");
    let mut bytes = fs::read(&file).unwrap();
    bytes[18] = 40;
    fs::write(&file, bytes).unwrap();
}

fn cut(folder: &std::path::Path) {
    let file = folder.join("libtaos.so");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
}

/// A healthy server, and this taos.cfg on this machine.
fn configured(text: &str) -> Scene {
    let scene = Scene::healthy();
    let folder = scene.served.context.work().join("cfg");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("taos.cfg"), text).unwrap();
    scene.env("TAOS_CONFIG_DIR", folder)
}

/// Runs a program on a machine whose own name has no address.
const NAMELESS: &[&str] = &[
    "unshare",
    "--uts",
    "sh",
    "-c",
    "echo unknown-host.invalid >/proc/sys/kernel/hostname && exec \"$0\" \"$@\"",
];

pub const CASES: &[Case] = &[
    Case {
        name: "there is none, and native was asked for",
        scene: || Scene::healthy().env("LD_LIBRARY_PATH", ""),
        args: NATIVE,
        exit: 13,
        findings: &[error("library-missing", "native")],
        ..CASE
    },
    Case {
        name: "its directory may not be read by this user",
        scene: || {
            use std::os::unix::fs::PermissionsExt;
            let scene = broken(|folder| {
                fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
            });
            scene.unprivileged()
        },
        args: NATIVE,
        exit: 13,
        findings: &[error("library-unreadable", "native")],
        says: &["chmod a+rX"],
        needs: Needs::Root,
        ..CASE
    },
    Case {
        name: "it waits for the address of this machine's own name, which is unknown",
        scene: || {
            Scene::healthy()
                .driver_fault("hang-on-load")
                .through(NAMELESS)
        },
        args: NATIVE,
        exit: 13,
        findings: &[error("library-hung", "native")],
        timeouts: 2,
        says: &["unknown-host.invalid", "/etc/hosts"],
        needs: Needs::Root,
        ..CASE
    },
    Case {
        name: "TLS for native connections is on here, and not on the server",
        scene: || configured("enableTLS 1\n"),
        args: NATIVE,
        exit: 12,
        findings: &[error("native-tls-unexpected", "native")],
        says: &["enableTLS 0"],
        ..CASE
    },
    Case {
        name: "one of the three is missing",
        scene: || broken(|folder| without("libtaosws.so", folder)),
        exit: 13,
        findings: &[error("library-incomplete", "native")],
        ..CASE
    },
    Case {
        name: "libtaosnative is missing",
        scene: || broken(|folder| without("libtaosnative.so", folder)),
        exit: 13,
        findings: &[error("library-incomplete", "native")],
        ..CASE
    },
    Case {
        name: "it is for another processor",
        scene: || broken(for_arm),
        exit: 13,
        findings: &[error("library-wrong-arch", "native")],
        ..CASE
    },
    Case {
        name: "it is cut in half",
        scene: || broken(cut),
        exit: 13,
        findings: &[error("library-unloadable", "native")],
        ..CASE
    },
    Case {
        name: "it crashes when it is loaded",
        scene: || Scene::healthy().driver_fault("crash-on-load"),
        exit: 13,
        findings: &[error("library-crashed", "native")],
        ..CASE
    },
    Case {
        name: "it crashes when it connects",
        scene: || Scene::healthy().driver_fault("crash"),
        exit: 13,
        findings: &[error("library-crashed", "native")],
        ..CASE
    },
    Case {
        name: "it ends its process with code 0",
        scene: || Scene::healthy().driver_fault("exit"),
        exit: 13,
        findings: &[error("library-crashed", "native")],
        ..CASE
    },
    Case {
        name: "it hangs when it is loaded",
        scene: || Scene::healthy().driver_fault("hang-on-load"),
        exit: 13,
        findings: &[error("library-hung", "native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "it hangs when it connects",
        scene: || Scene::healthy().driver_fault("hang"),
        exit: 13,
        findings: &[error("library-hung", "native")],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "it hangs when it is loaded, and taosAdapter hangs",
        scene: || Scene::adapter(Listener::Hangs).driver_fault("hang-on-load"),
        exit: 10,
        findings: &[
            error("no-answer", "ws rest"),
            error("library-hung", "native"),
        ],
        timeouts: 1,
        ..CASE
    },
    Case {
        name: "it would hang, and taosd's port refuses",
        scene: || {
            let scene = Scene::of(Options {
                native: Listen::Refused,
                ..Options::default()
            });
            scene.driver_fault("hang")
        },
        args: NATIVE,
        exit: 10,
        findings: &[error("tcp-refused", "native")],
        ..CASE
    },
    Case {
        name: "it crashes, and taosAdapter does not run",
        scene: || Scene::of(without_adapter()).driver_fault("crash-on-load"),
        exit: 14,
        findings: &[
            error("adapter-not-running", "ws rest"),
            error("library-crashed", "native"),
        ],
        ..CASE
    },
    Case {
        name: "it crashes, and the password is wrong",
        scene: || Scene::healthy().driver_fault("crash").wrong_password(),
        exit: 11,
        findings: &[error("auth-failed", "ws rest native")],
        ..CASE
    },
    Case {
        name: "it prints on standard output",
        scene: || Scene::healthy().driver_fault("noise"),
        findings: &[note("library-noisy", "native")],
        ..CASE
    },
    Case {
        name: "its log folder cannot be written",
        scene: || {
            let scene = Scene::healthy().file("a-file", "");
            let folder = scene.served.context.work().join("a-file/log");
            scene.env("TAOS_LOG_DIR", folder)
        },
        exit: 13,
        findings: &[error("log-dir-unwritable", "native")],
        ..CASE
    },
    Case {
        name: "3.2.2.2 against 3.3.7.5",
        scene: || Scene::healthy().driver("3.2.2.2"),
        exit: 12,
        findings: &[error("version-mismatch", "native")],
        ..CASE
    },
    Case {
        name: "3.3.7.5 against 3.2.2.2",
        scene: || Scene::old(Default::default()).driver("3.3.7.5"),
        exit: 12,
        findings: &[error("version-mismatch", "native")],
        ..CASE
    },
    Case {
        name: "taos.cfg names another server",
        scene: || configured("firstEp other.invalid:6030\n"),
        findings: &[warning("firstep-wrong", "native")],
        timeouts: 1,
        ..CASE
    },
];
