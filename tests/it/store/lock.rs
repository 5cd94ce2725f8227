//! One at a time: who waits, what is said, when it ends.
#![cfg(unix)]

use crate::support::client_package::{digest, install, mirror};
use crate::support::installed::installed;
use crate::support::program::TestContext;
use insta::assert_snapshot;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use taos_sandbox::mirror::{MirrorFaults, Package};

#[test]
fn wait_names_process_and_ends() {
    let context = installed(&["3.2.2.0"]);
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    mirror.set_faults(MirrorFaults::Stall(200_000)).unwrap();
    let args = ["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256];
    let mut holder = install(&context, &args)
        .into_command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while context.program(["gc", "--dry-run", "--json"]).run().json()["data"]["idle"] == true {
        std::thread::yield_now();
    }
    let pid = holder.id();
    let run = context
        .program(["uninstall", "3.2.2.0"])
        .env("TAOS_SETUP_LOCK_TIMEOUT", "0")
        .showing(pid, "PID")
        .run();
    assert_snapshot!(run, @"
    exit 6
    --- stdout
    --- stderr
    error[store-busy]: could not lock [STORE]
      process [PID] (taos-setup install) is still changing it after [ms]
      next: wait for it to end, or stop it: kill [PID]
      next: set TAOS_SETUP_LOCK_TIMEOUT to the number of seconds to wait
    ");
    let mut waiting = context
        .program(["use", "system"])
        .into_command()
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(waiting.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(
        line,
        format!(
            "note: waiting for process {pid} (taos-setup install), which is changing {}\n",
            context.taos_setup_home().display()
        )
    );
    // Who only reads does not wait.
    for args in [&["list"][..], &["env"], &["which"], &["run", "--", "true"]] {
        let run = context
            .program(args)
            .env("TAOS_SETUP_LOCK_TIMEOUT", "0")
            .run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert_eq!(run.stderr.matches("waiting").count(), 0, "{run}");
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn time_limit_that_is_none() {
    let context = installed(&["3.3.7.5"]);
    let run = context
        .program(["use", "system"])
        .env("TAOS_SETUP_LOCK_TIMEOUT", "soon")
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not read TAOS_SETUP_LOCK_TIMEOUT
      invalid value `soon`: expected a number of seconds
      next: set TAOS_SETUP_LOCK_TIMEOUT=60 for one minute
    ");
}

#[test]
fn lock_whose_holder_says_nothing() {
    let context = TestContext::new();
    std::fs::create_dir(context.taos_setup_home()).unwrap();
    let path = context.taos_setup_home().join("lock");
    std::fs::write(&path, "0x0 \u{1b}[31m".repeat(1000)).unwrap();
    let lock = std::fs::File::options().write(true).open(&path).unwrap();
    lock.lock().unwrap();
    let run = context
        .program(["use", "system"])
        .env("TAOS_SETUP_LOCK_TIMEOUT", "0.05")
        .run();
    assert_snapshot!(run, @"
    exit 6
    --- stdout
    --- stderr
    error[store-busy]: could not lock [STORE]
      another taos-setup process is still changing it after [ms]
      next: wait for it to end, or stop it
      next: set TAOS_SETUP_LOCK_TIMEOUT to the number of seconds to wait
    ");
}
