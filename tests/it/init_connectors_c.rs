//! C projects, built with CMake and make against the stand-in driver and run natively against the sandbox. Its WebSocket mode
//! is not played by the stand-in: that program is compiled, and tells so in one line. See `init_connectors`.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use crate::init_connectors::{AWKWARD, EMPTY_SERVER, databases, sandbox, skip_none, succeeds};
use crate::install_bench::{file, install};
use crate::program::{Bench, Run};
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;
use taos_sandbox::server::Sandbox;

/// A bench with a client installed; `None`, and a line that says so, where the tools are missing.
fn c(test: &str) -> Option<Bench> {
    for tool in ["cc", "cmake", "make", "pkg-config"] {
        if Command::new(tool).arg("--version").output().is_err() {
            return skip_none(test, &format!("there is no {tool}")).map(|()| Bench::new());
        }
    }
    let bench = Bench::new();
    let (path, sha256) = file(&bench, &Package::new("3.3.7.5"));
    let from = path.to_str().unwrap();
    let run = install(&bench, &["--from", from, "--sha256", &sha256]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    Some(bench)
}

/// Runs `command` in `folder`, with the client where it starts with `taos-setup run`.
fn with_client(bench: &Bench, folder: &Path, command: &str, variables: &[(&str, &str)]) -> Run {
    let command = command
        .strip_prefix("taos-setup run -- ")
        .unwrap_or(command);
    let command = format!("cd {} && {command}", folder.display());
    let mut program = bench.program(["run", "--", "sh", "-c", &command]);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    program.run()
}

/// Sets `folder` up, builds it as `init` says, and gives the command that runs it.
#[track_caller]
fn built(bench: &Bench, folder: &Path, arguments: &[&str]) -> String {
    let mut all = vec![
        "init",
        "--json",
        "--lang",
        "c",
        "--dir",
        folder.to_str().unwrap(),
    ];
    all.extend(arguments);
    let json = bench.program(all).run().json();
    let project = &json["data"]["projects"][0];
    for command in project["build"]
        .as_array()
        .unwrap_or_else(|| panic!("{json}"))
    {
        let command = command.as_str().unwrap();
        if command.starts_with("taos-setup") {
            let run = with_client(bench, folder, command, &[]);
            assert_eq!(run.exit, Some(0), "{command}\n{run}");
        } else {
            succeeds(folder, command);
        }
    }
    project["run"][0].as_str().unwrap().to_owned()
}

/// Runs the program that `command` names; gives what it printed, with instants as `[instant]`.
fn run(
    bench: &Bench,
    folder: &Path,
    command: &str,
    sandbox: &Sandbox,
    variables: &[(&str, &str)],
) -> String {
    let port = sandbox.native().port().to_string();
    let mut all = vec![("TAOS_HOST", "127.0.0.1"), ("TAOS_PORT", port.as_str())];
    all.extend(variables);
    let run = with_client(bench, folder, command, &all);
    let mut text = format!("exit {}\n", run.exit.unwrap());
    for line in run.stdout.lines() {
        match line.split_once("Z  ") {
            Some((instant, rest)) if instant.len() == 23 => text += &format!("[instant]  {rest}\n"),
            _ => text += &format!("{line}\n"),
        }
    }
    for line in run.stderr.lines() {
        text += &format!("stderr: {line}\n");
    }
    text
}

#[track_caller]
fn compiles_without_a_warning(bench: &Bench, folder: &Path, file: &str) {
    let flags = "-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror";
    let command = format!("cc {flags} -c {file} -o /dev/null");
    let run = with_client(bench, folder, &command, &[]);
    assert_eq!(run.exit, Some(0), "{command}\n{run}");
}

#[test]
fn c_native() {
    let Some(bench) = c("c_native") else {
        return;
    };
    let folder = bench.work().join("hello");
    let program = built(&bench, &folder, &["--transport", "native"]);
    compiles_without_a_warning(&bench, &folder, "main.c");
    let sandbox = sandbox();
    let plain = run(&bench, &folder, &program, &sandbox, &[]);
    assert_snapshot!(plain, @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    ");
    let awkward = [("TAOS_USER", "awkward"), ("TAOS_PASSWORD", AWKWARD)];
    assert_eq!(run(&bench, &folder, &program, &sandbox, &awkward), plain);
    assert_eq!(sandbox.logins().refused, 0);
    let wrong = run(
        &bench,
        &folder,
        &program,
        &sandbox,
        &[("TAOS_PASSWORD", "wrong")],
    );
    assert_eq!(
        sandbox.logins().refused,
        1,
        "servers lock accounts after three"
    );
    let denied = run(
        &bench,
        &folder,
        &program,
        &sandbox,
        &[("TAOS_USER", "reader")],
    );
    assert_eq!(databases(sandbox.adapter()), EMPTY_SERVER);
    let cloud = [("TDENGINE_CLOUD_URL", "https://127.0.0.1")];
    let cloud = run(&bench, &folder, &program, &sandbox, &cloud);
    assert_snapshot!(format!("{wrong}--- may not create databases\n{denied}--- Cloud\n{cloud}"), @"
    exit 1
    stderr: error: [0x357] Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: [0x303] Insufficient privilege for operation
    --- Cloud
    exit 1
    stderr: error: this example does not connect to TDengine Cloud: unset TDENGINE_CLOUD_URL
    ");
}

#[test]
fn c_over_websocket() {
    let Some(bench) = c("c_over_websocket") else {
        return;
    };
    let folder = bench.work().join("hello");
    let program = built(&bench, &folder, &[]);
    compiles_without_a_warning(&bench, &folder, "main.c");
    assert_snapshot!(run(&bench, &folder, &program, &sandbox(), &[]), @"
    exit 1
    stderr: error: [0x100] The stand-in driver has no WebSocket mode
    ");
}

/// A project of C++ gets C beside it, and make finds the library by pkg-config.
#[test]
fn c_in_existing_projects() {
    let Some(bench) = c("c_in_existing_projects") else {
        return;
    };
    let cmake =
        "cmake_minimum_required(VERSION 3.10)\nproject(app CXX)\nadd_executable(app app.cpp)\n";
    let make = "CFLAGS = -Wall\n\nall: app\n\napp: app.cpp\n\t$(CXX) -o $@ app.cpp\n";
    for (file, text) in [("CMakeLists.txt", cmake), ("Makefile", make)] {
        let folder = bench.work().join(file.to_lowercase());
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(file), text).unwrap();
        std::fs::write(folder.join("app.cpp"), "int main() {}\n").unwrap();
        let program = built(&bench, &folder, &["--transport", "native"]);
        let run = run(&bench, &folder, &program, &sandbox(), &[]);
        assert!(
            run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
            "{file}: {run}"
        );
    }
}
