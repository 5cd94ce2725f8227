//! `run`
#![cfg(unix)]

use crate::support::client_package::{file, install};
use crate::support::program::{TestContext, path_with};
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

fn installed() -> TestContext {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let run = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
    context
}

#[test]
fn program_of_the_client_is_run() {
    let context = installed();
    let run = context
        .program(["run", "--", "taos", "-s", "show databases;"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    taos 3.3.7.5 of the taos-setup sandbox: a stand-in, not a TDengine client
    LD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    TAOS_CONFIG_DIR=[STORE]/clients/oss-3.3.7.5-linux-x64/etc
    TAOS_LOG_DIR=[STORE]/log
    argument: -s
    argument: show databases;
    --- stderr
    ");
    assert!(context.taos_setup_home().join("log").is_dir());
}

#[test]
fn users_lists_stay_behind_clients() {
    let context = installed();
    let own = context.work().join("bin");
    let run = context
        .program([
            "run",
            "--",
            "sh",
            "-c",
            "echo \"$LD_LIBRARY_PATH\"; echo \"$PATH\"; echo \"$CGO_CFLAGS\"; exit 7",
        ])
        .env("LD_LIBRARY_PATH", "/opt/mine")
        .env("PATH", path_with(&own))
        .showing(std::env::var("PATH").unwrap(), "PATH")
        .run();
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    [STORE]/clients/oss-3.3.7.5-linux-x64/lib:/opt/mine
    [STORE]/clients/oss-3.3.7.5-linux-x64/bin:[ROOT]/work/bin:[PATH]
    -I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O2 -g
    --- stderr
    ");
}

#[test]
fn program_is_found_without_path() {
    let context = installed();
    let args = ["run", "--", "sh", "-c", "echo \"${PATH#*:}\"; taos"];
    let mut command = context.program(args).into_command();
    let output = command.env_remove("PATH").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("/usr/local/bin:/usr/bin:/bin\ntaos 3.3.7.5 "),
        "{said}"
    );
}

/// `--json` is about taos-setup's own results; what the command prints is the command's.
#[test]
fn commands_streams_are_its_own() {
    let context = installed();
    let run = context
        .program([
            "run",
            "--json",
            "--",
            "sh",
            "-c",
            "echo out; echo err >&2; exit 3",
        ])
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    out
    --- stderr
    err
    ");
}

#[test]
fn signal_ends_command_itself() {
    let context = installed();
    let run = context
        .program(["run", "--", "sh", "-c", "kill -TERM $$"])
        .run();
    assert_eq!(run.exit, None, "{run}");
}

#[test]
fn missing_command_is_reported() {
    let context = installed();
    assert_snapshot!(context.program(["run", "--", "no-such-command"]).run(), @"
    exit 127
    --- stdout
    --- stderr
    error[command-missing]: could not run no-such-command
      command not found, neither in the client nor on PATH
      next: check the command's name; taos-setup list shows where the client's programs are
    ");
    std::fs::write(context.work().join("plain"), "text").unwrap();
    assert_snapshot!(context.program(["run", "--json", "--", "./plain"]).run(), @r#"
    exit 126
    --- stdout
    {
      "schema": 1,
      "command": "run",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "command-unrunnable",
        "exit": 126,
        "tried": "run ./plain",
        "observed": "permission denied",
        "next": "check the file's mode and format"
      }
    }
    --- stderr
    "#);
}

#[test]
fn nothing_is_installed() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["run", "--", "taos"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[nothing-installed]: could not find an installed client
      no client is installed in [STORE]
      next: taos-setup install
    ");
    assert_snapshot!(context.program(["run", "taos"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: unexpected argument 'taos' found

    Usage: taos-setup run [OPTIONS] -- <COMMAND>...

    For more information, try '--help'.
    ");
}

#[test]
fn log_folder_that_cannot_be_made() {
    let context = installed();
    std::fs::remove_dir(context.taos_setup_home().join("log")).unwrap();
    std::fs::write(context.taos_setup_home().join("log"), "a file").unwrap();
    assert_snapshot!(context.program(["run", "--", "taos"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not write to the log directory [STORE]/log
      a file has this name
      next: fix the directory's permissions, or set XDG_STATE_HOME or TAOS_SETUP_HOME to a directory that you own; the client needs a writable log directory
    ");
}

/// "No such file" is what the system says of an interpreter that is missing, too.
#[test]
fn command_whose_interpreter_is_missing() {
    use std::os::unix::fs::PermissionsExt;
    let context = installed();
    let script = |name: &str, content: &str| {
        let path = context.work().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    };
    script("windows.sh", "#!/bin/sh\r\necho hi\r\n");
    assert_snapshot!(context.program(["run", "--", "./windows.sh"]).run(), @r"
    exit 126
    --- stdout
    --- stderr
    error[command-unrunnable]: could not run ./windows.sh
      ./windows.sh exists, but its interpreter does not: /bin/sh\r
      next: sed -i 's/\r$//' FILE    # converts the line ends of Windows
    ");
    script("odd", "#! /nowhere/perl -w\n");
    let run = context
        .program(["run", "--", "odd"])
        .env("PATH", path_with(&context.work()))
        .run();
    assert_snapshot!(run, @"
    exit 126
    --- stdout
    --- stderr
    error[command-unrunnable]: could not run odd
      [ROOT]/work/odd exists, but its interpreter does not: /nowhere/perl
      next: install the interpreter, or name it: taos-setup run -- INTERPRETER FILE
    ");
}

/// What a program for glibc looks like on a machine without.
#[cfg(target_os = "linux")]
#[test]
fn command_whose_loader_is_missing() {
    let context = installed();
    let own = std::fs::read("/proc/self/exe").unwrap();
    let loader = b"/lib64/ld-linux-x86-64.so.2\0";
    let Some(at) = own.windows(loader.len()).position(|bytes| bytes == loader) else {
        crate::support::skipped::report("run", "this program has another loader");
        return;
    };
    let mut other = own;
    other[at + 1] = b'X';
    let taos = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64/bin/taos");
    std::fs::write(&taos, other).unwrap();
    assert_snapshot!(context.program(["run", "--", "taos"]).run(), @"
    exit 126
    --- stdout
    --- stderr
    error[command-unrunnable]: could not run taos
      [STORE]/clients/oss-3.3.7.5-linux-x64/bin/taos exists, but its loader does not: the program was built for another C library, such as glibc
      next: use a system with glibc, or connect over WebSocket, which needs no client: taos-setup init
    ");
}

/// A client for macOS in a directory of its own: whether a note says that macOS removes the loader's variable is decided as there.
#[cfg(target_os = "linux")]
#[test]
fn protected_program_of_macos_loses_the_loaders_variable() {
    use crate::support::platform_packages::{install_bytes, macos_files, pkg, universal};
    let context = TestContext::new();
    let args = ["3.3.7.5", "--platform", "macos-arm64", "--prefix", "out"];
    let run = install_bytes(&context, "client.pkg", &pkg(&macos_files(universal)), &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let script = |name: &str, line: &str| {
        let file = context.work().join(name);
        std::fs::write(&file, format!("{line}\nexit 0\n")).unwrap();
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&file, permissions).unwrap();
    };
    script("of-the-system", "#!/bin/sh -e");
    script("by-env", "#!/usr/bin/env sh");
    std::os::unix::fs::symlink("/bin/sh", context.work().join("own-sh")).unwrap();
    let shell = context.work().join("own-sh");
    script("own", &format!("#!{}", shell.display()));
    let env = context.program(["env", "--prefix", "out"]).run();
    let removed = "macOS removes it for programs in /bin and /usr/bin";
    assert!(env.stdout.contains(removed), "{env}");
    let note = |words: &[&str]| {
        let words = [&["run", "--prefix", "out", "--"], words].concat();
        let run = context.program(words).env("PATH", "/bin").run();
        assert_eq!(run.exit, Some(0), "{run}");
        run.stderr
    };
    assert_snapshot!(
        [
            note(&["sh", "-c", "exit 0"]),
            note(&["./of-the-system"]),
            note(&["./by-env"]),
            note(&["./own"]),
        ]
        .concat(), @"
    note: macOS removes DYLD_LIBRARY_PATH from the environment of /bin/sh; the driver is found by its path only
    note: macOS removes DYLD_LIBRARY_PATH from the environment of /bin/sh; the driver is found by its path only
    note: macOS removes DYLD_LIBRARY_PATH from the environment of /usr/bin/env; the driver is found by its path only
    ");
}
