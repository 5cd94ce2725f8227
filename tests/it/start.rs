//! `start`: the steps from a server to the first rows.
#![cfg(unix)]

use crate::init::options_check::tool;
use crate::support::program::{Program, TestContext};
use crate::support::served::Served;
use insta::assert_snapshot;
use taos_sandbox::server::Options;

/// `go build -o PROGRAM .` makes a program that prints where it connects.
const BUILDS: &str = "[ \"$1\" != build ] || { mkdir -p bin; \
printf '#!/bin/sh\\necho rows of $TAOS_HOST\\n' >\"$3\"; chmod +x \"$3\"; }";

fn start<'a>(context: &'a TestContext, args: &[&str]) -> Program<'a> {
    context.program(["start"].iter().chain(args))
}

#[test]
fn steps_lead_to_first_rows() {
    let served = Served::new(Options::default());
    let tools = tool(&served.context, "go", BUILDS);
    let target = served.sandbox.adapter().to_string();
    let run = start(
        &served.context,
        &[
            &target,
            "--lang",
            "go",
            "--transport",
            "ws",
            "--dir",
            "hello",
        ],
    )
    .env("PATH", format!("{}:/usr/bin:/bin", tools.display()))
    .env("TAOS_PASSWORD", "taosdata")
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
    for line in [
        format!("step: taos-setup verify {target} --transport ws"),
        format!("--dir hello --server {target} --run"),
        "rows of 127.0.0.1".to_owned(),
    ] {
        assert!(run.stderr.contains(&line), "{line}\n{run}");
    }
    assert!(served.context.work().join("hello/main.go").exists());
}

#[test]
fn failing_step_ends_it() {
    let served = Served::new(Options::default());
    let target = served.sandbox.adapter().to_string();
    let run = start(
        &served.context,
        &[
            &target,
            "--lang",
            "go",
            "--transport",
            "ws",
            "--dir",
            "hello",
        ],
    )
    .env("TAOS_PASSWORD", "wrong")
    .run();
    assert_eq!(run.exit, Some(11), "{run}");
    assert!(!served.context.work().join("hello").exists());
}

#[test]
fn nothing_is_asked_without_terminal() {
    let context = TestContext::new();
    assert_snapshot!(start(&context, &["db", "--lang", "go"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not start a project
      without a terminal, a server, --lang, --transport, and --dir are required
      next: taos-setup start HOST --lang python --transport ws --dir hello
    ");
    assert_snapshot!(start(&context, &["--json"]).run(), @r#"
    exit 2
    --- stdout
    {
      "schema": 1,
      "command": "start",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "usage",
        "exit": 2,
        "tried": "start a project",
        "observed": "start prints the results of other commands, which have JSON forms of their own",
        "next": "taos-setup start HOST --lang python --transport ws --dir hello"
      }
    }
    --- stderr
    "#);
    // `init` in an empty directory, too.
    assert_eq!(context.program(["init"]).run().exit, Some(2));
}

/// What a person sees who types `keys` at a terminal in front of `taos-setup ARGS`.
#[cfg(target_os = "linux")]
fn typed(context: &TestContext, args: &str, keys: &str) -> String {
    let program = context.program(std::iter::empty::<&str>()).into_command();
    let line = format!("{} {args}", program.get_program().to_string_lossy());
    typed_to(context, &line, keys)
}

/// [`typed`] in front of a whole command line.
#[cfg(target_os = "linux")]
fn typed_to(context: &TestContext, line: &str, keys: &str) -> String {
    use std::io::Write;
    use std::process::Stdio;
    let program = context.program(std::iter::empty::<&str>()).into_command();
    let mut script = std::process::Command::new("script");
    script.args(["-qec", line, "/dev/null"]);
    script.env_clear().env("TERM", "xterm");
    for (name, value) in program.get_envs() {
        script.env(name, value.unwrap_or_default());
    }
    script.env_remove("CI").current_dir(context.work());
    script.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = script.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for key in keys.chars() {
        // A terminal's program discards what was typed before it asks.
        std::thread::sleep(std::time::Duration::from_millis(500));
        let _ = write!(stdin, "{key}");
    }
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every answer is the suggested one; the server is that of TAOS_HOST.
#[cfg(target_os = "linux")]
#[test]
fn everything_missing_is_asked_at_a_terminal() {
    let context = TestContext::new();
    let program = context.program(["start"]).into_command();
    let line = format!(
        "env TAOS_HOST=127.0.0.1:1 {} start",
        program.get_program().to_string_lossy()
    );
    let seen = typed_to(&context, &line, "\r\r\r\r");
    for part in [
        "Server (HOST or HOST:PORT)",
        "127.0.0.1:1",
        "Language",
        "Transport",
        "WebSocket: all features, needs no client driver",
        "Directory of the project",
        "hello-tdengine",
        "step: taos-setup verify 127.0.0.1:1 --transport",
        // A taosd of this machine makes it another finding.
        "127.0.0.1:1 refused the connection",
    ] {
        assert!(seen.contains(part), "{part}\n{seen}");
    }
    assert!(!context.work().join("hello-tdengine").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn missing_language_is_asked_at_a_terminal() {
    let context = TestContext::new();
    // Enter alone takes the language whose tool is here, its preferred transport, and no server.
    let tools = tool(&context, "php", BUILDS);
    let program = context.program(std::iter::empty::<&str>()).into_command();
    let program = program.get_program().to_string_lossy().into_owned();
    let line = format!("env PATH={} {program} init", tools.display());
    let seen = typed_to(&context, &line, "\r\r\r");
    for part in ["Language", "Transport", "Server", "created"] {
        assert!(seen.contains(part), "{part}\n{seen}");
    }
    let readme = std::fs::read_to_string(context.work().join("README.md")).unwrap();
    assert!(readme.contains("over REST"), "{readme}");

    // What is said is not asked.
    let said = TestContext::new();
    let line = format!(
        "env PATH={} TAOS_HOST=127.0.0.1:1 {program} init --transport rest",
        tools.display()
    );
    let seen = typed_to(&said, &line, "\r");
    assert!(
        !seen.contains("Transport") && !seen.contains("Server ("),
        "{seen}"
    );
    assert!(seen.contains("created"), "{seen}");

    let other = TestContext::new();
    let seen = typed(&other, "init --no-input", "");
    assert!(!seen.contains("created"), "{seen}");
}
