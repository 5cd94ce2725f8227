//! `init --run`: the printed commands are run.
#![cfg(unix)]

use std::path::Path;

use super::options_check::tool;
use crate::support::program::{Program, TestContext};
use insta::assert_snapshot;

/// `init --run` for a new Go project, with the programs of `toolchain` first on PATH.
fn init<'a>(context: &'a TestContext, toolchain: &Path, more: &[&str]) -> Program<'a> {
    let args = ["init", "--lang", "go", "--name", "meters", "--run"];
    context
        .program(args.iter().chain(more))
        .env("PATH", format!("{}:/usr/bin:/bin", toolchain.display()))
}

/// `go build -o PROGRAM .` makes a program that prints a row.
const BUILDS: &str = "echo \"go $*\" >&2
[ \"$1\" != build ] || { mkdir -p bin; printf '#!/bin/sh\\necho 3 rows\\n' >\"$3\"; chmod +x \"$3\"; }";

#[test]
fn project_is_built_and_run() {
    let context = TestContext::new();
    let toolchain = tool(&context, "go", BUILDS);
    assert_snapshot!(init(&context, &toolchain, &[]).run(), @"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore
    --- stderr
    note: running go mod tidy
    go mod tidy
    note: running go build -o bin/meters .
    go build -o bin/meters .
    note: running ./bin/meters
    3 rows
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    let again = init(&context, &toolchain, &["--json"]).run();
    assert_eq!(again.exit, Some(0), "{again}");
    assert_eq!(again.json()["data"]["ran"], true);
    assert!(again.stderr.contains("3 rows"), "{again}");
}

#[test]
fn known_failure_is_explained() {
    let context = TestContext::new();
    let words = "dial tcp 127.0.0.1:6041: connect: connection refused";
    let toolchain = tool(&context, "go", &format!("echo '{words}' >&2; exit 1"));
    assert_snapshot!(init(&context, &toolchain, &[]).run(), @"
    exit 15
    --- stdout
    --- stderr
    note: running go mod tidy
    dial tcp 127.0.0.1:6041: connect: connection refused
    error[program-failed]: could not run `go mod tidy`
      it ended with exit code 1: nothing listens on 127.0.0.1:6041
      next: taos-setup explain nothing-listens
    ");
}

#[test]
fn other_failure_names_the_command() {
    let context = TestContext::new();
    let toolchain = tool(&context, "go", "echo unexpected; exit 3");
    assert_snapshot!(init(&context, &toolchain, &["--quiet"]).run(), @"
    exit 15
    --- stdout
    --- stderr
    unexpected
    error[program-failed]: could not run `go mod tidy`
      it ended with exit code 3
      next: correct what its output names, and run the command again: go mod tidy
    ");
    let missing = init(&context, &context.root().join("nowhere"), &[])
        .env("PATH", "/nowhere")
        .run();
    assert_eq!(missing.exit, Some(15), "{missing}");
    assert!(missing.stderr.contains("go is not on PATH"), "{missing}");
}

#[test]
fn nothing_is_run_with_a_dry_run() {
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "go", "--run", "--dry-run"])
        .run();
    assert_eq!(run.exit, Some(2), "{run}");
}
