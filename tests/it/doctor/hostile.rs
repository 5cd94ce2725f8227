//! Files, variables, and programs that are larger than any honest one, never end, or lead in circles.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use super::machine::{Machine, PARTS, findings};

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    let mode = rustix::fs::Mode::RWXU;
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
}

#[test]
fn doctor_is_bounded_on_a_hostile_machine() {
    let machine = Machine::with_package("3.3.7.5", &PARTS);
    let config = machine.at("/etc/taos/taos.cfg");
    let run = |name: &str, expected: &str| {
        let program = machine.doctor(&["--json", "--timeout", "500ms"]);
        let (run, cost) = program.env("HOME", machine.home()).run_measured();
        cost.check(Duration::from_secs(5), name);
        assert!(findings(&run).join(" ").contains(expected), "{name}: {run}");
    };
    File::create(&config).unwrap().set_len(1 << 30).unwrap();
    run("taos.cfg of 1 GiB", "config-unreadable");
    fs::write(&config, "firstEp a\n".repeat(100_000)).unwrap();
    run("taos.cfg with 100,000 entries", "config-unreadable");
    fs::write(
        &config,
        format!("fristEp {}\n", "\u{202e}x".repeat(400_000)),
    )
    .unwrap();
    run("taos.cfg with a value of 1 MiB", "config-unreadable");
    pipe(&config);
    run("taos.cfg is a FIFO", "config-unreadable");
    fs::remove_file(&config).unwrap();
    symlink("taos.cfg", &config).unwrap();
    run("taos.cfg is a link to itself", "config-unreadable");
    fs::remove_file(&config).unwrap();
    let library = machine.at("/usr/local/taos/driver/libtaos.so.3.3.7.5");
    for name in ["taos", "taosnative", "taosws"] {
        pipe(&machine.at(&format!("/usr/local/taos/driver/lib{name}.so.3.3.7.5")));
    }
    pipe(&machine.at("/usr/local/taos/include/taos.h"));
    run("FIFOs in place of libraries", "");
    fs::remove_file(&library).unwrap();
    symlink(machine.at("/usr/lib/libtaos.so"), &library).unwrap();
    run("libraries that are links in a circle", "");
    fs::remove_file(&library).unwrap();
    File::create(&library).unwrap().set_len(8 << 30).unwrap();
    run("a library of 8 GiB of zeros", "library-unloadable");
}

#[test]
fn very_long_search_paths_are_searched_in_time() {
    let machine = Machine::new();
    let folders = (0..10_000).map(|number| machine.at(&format!("/none/{number}")));
    let path = std::env::join_paths(folders).unwrap();
    // One variable holds at most 128 KiB.
    let path = path.to_str().unwrap();
    let short: String = (0..10_000).map(|number| format!("/n{number}:")).collect();
    assert!(path.len() > short.len());
    let program = machine.doctor(&["--json"]).env("PATH", &short);
    let (run, cost) = program
        .env("LD_LIBRARY_PATH", &short)
        .env("TD_LIBRARY_PATH", &short)
        .run_measured();
    cost.check(Duration::from_secs(5), "10,000 directories");
    assert_eq!(findings(&run), ["w:variable-wrong"]);
}

#[test]
fn programs_that_never_end_are_ended() {
    let machine = Machine::new();
    for (name, script) in [
        ("java", "sleep 60"),
        ("python3", "while :; do echo 0123456789; done"),
        ("node", "exec cat /dev/zero"),
        ("go", "kill -STOP $$"),
    ] {
        let file = machine.at("/empty").join(name);
        fs::write(&file, format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")).unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let program = machine.doctor(&["--json", "--timeout", "400ms"]);
    let (run, cost) = program.run_measured();
    cost.check(Duration::from_secs(4), "endless programs");
    assert_eq!(findings(&run), ["w:runtime-unusable"; 4]);
}

#[test]
fn hostile_names_are_escaped() {
    let machine = Machine::with_package("3.3.7.5", &PARTS);
    machine.configured("firstEp \u{1b}[31mred;6030\n\u{202e}evil$(id) 1\nfristEp\u{1b} x\n");
    let run = machine.doctor(&["-v"]).run();
    let is_control = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!run.stdout.contains(is_control), "{:?}", run.stdout);
    assert!(!run.stderr.contains(is_control), "{:?}", run.stderr);
}
