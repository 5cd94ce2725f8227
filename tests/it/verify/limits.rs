//! A machine that gives this user no thread, memory or descriptor, and the environment of the driver's process.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::program::{Run, TestContext};
use crate::support::served::{Served, install_driver};
use insta::assert_snapshot;

/// A user that limits hold for, if this one is root.
const NOBODY: u32 = 65_534;

/// Leaves this user no further thread: in dash the option is `-p`.
const NO_THREADS: &str = "{ ulimit -u 1 2>/dev/null || ulimit -p 1; }";

/// Runs `args` in a shell after `limit`, as an unprivileged user.
fn limited(context: &TestContext, limit: &str, args: &[&str]) -> Run {
    let program = env!("CARGO_BIN_EXE_taos-setup");
    let script = format!("{limit} && exec \"$0\" \"$@\"");
    let words = ["-c", &script, program]
        .into_iter()
        .chain(args.iter().copied());
    let open = std::fs::Permissions::from_mode(0o777);
    for directory in [context.root(), &context.work()] {
        std::fs::set_permissions(directory, open.clone()).unwrap();
    }
    let program = context.start("sh", words).env("TAOS_PASSWORD", "taosdata");
    program.unprivileged(NOBODY).run()
}

#[test]
fn missing_threads_are_reported() {
    let context = TestContext::new();
    for args in [
        ["verify", "localhost", "--transport", "ws"].as_slice(),
        &["verify", "127.0.0.1:1", "--json"],
        &["install", "--match", "localhost"],
        &["install", "3.3.7.5", "--mirror", "http://127.0.0.1:1"],
        &["init", "--lang", "python", "--server", "localhost"],
    ] {
        let run = limited(&context, NO_THREADS, args);
        assert_eq!(run.exit, Some(1), "{run}");
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(shown.contains("ulimit -u 4096"), "{run}");
        assert!(!shown.contains("panicked"), "{run}");
    }
    assert_snapshot!(limited(&context, NO_THREADS, &["verify", "localhost"]), @"
    exit 1
    --- stdout
    --- stderr
    error[unexpected]: could not start
      no further thread can be started: Resource temporarily unavailable
      next: raise the limits of this shell or container: ulimit -u 4096, ulimit -v unlimited, or --pids-limit
    ");
}

#[test]
fn missing_memory_is_reported() {
    let context = TestContext::new();
    for kib in [60_000, 80_000, 100_000] {
        let run = limited(
            &context,
            &format!("ulimit -v {kib}"),
            &["verify", "127.0.0.1:1"],
        );
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(!shown.contains("panicked"), "{kib}: {run}");
        assert_ne!(run.exit, Some(101), "{kib}: {run}");
        assert!(run.exit.is_some(), "{kib}: {run}");
    }
}

#[test]
fn missing_descriptors_are_reported() {
    let context = TestContext::new();
    for count in 3..24 {
        let run = limited(
            &context,
            &format!("ulimit -n {count}"),
            &["verify", "127.0.0.1:1", "--native-port", "2"],
        );
        let shown = format!("{}{}", run.stdout, run.stderr);
        assert!(!shown.contains("panicked"), "{count}: {run}");
        assert!(
            matches!(run.exit, Some(1 | 2 | 10 | 13 | 127)),
            "{count}: {run}"
        );
    }
}

#[test]
fn driver_process_without_threads_ends_with_a_fact() {
    let served = Served::healthy();
    let library = install_driver(&served.context, "3.3.7.5").join("libtaos.so");
    let facts = served.context.work().join("facts");
    std::fs::write(&facts, "").unwrap();
    std::fs::set_permissions(&facts, std::fs::Permissions::from_mode(0o666)).unwrap();
    std::fs::set_permissions(
        served.context.root(),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let program = env!("CARGO_BIN_EXE_taos-setup");
    let script = format!("{NO_THREADS} && exec \"$0\" native-probe");
    let words = ["-c", &script, program];
    let program = served.context.start("sh", words).unprivileged(NOBODY);
    let mut command: Command = program.into_command();
    command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let task = serde_json::json!({ "library": library, "facts": facts });
    writeln!(child.stdin.as_mut().unwrap(), "{task}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_snapshot!(std::fs::read_to_string(&facts).unwrap(), @r#"{"fact":"unstarted","errno":11}"#);
}

#[test]
fn driver_process_gets_no_secrets() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let mut command = served
        .verify_adapter(&["--transport", "native", "--timeout", "5s"])
        .env("TAOS_PASSWORD", "hunter2-taos")
        .env("TDENGINE_CLOUD_TOKEN", "hunter2-cloud")
        .env("HTTPS_PROXY", "http://u:hunter2-proxy@127.0.0.1:1")
        .env("NO_PROXY", "*")
        .env("AWS_SECRET_ACCESS_KEY", "hunter2-aws")
        .env("TAOS_DSN", "taos://root:hunter2-dsn@h:6030")
        .env("LD_LIBRARY_PATH", folder)
        .env("TAOS_SANDBOX_DRIVER_FAULT", "hang-on-load")
        .into_command();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut parent = command.spawn().unwrap();
    let begun = Instant::now();
    let environment = loop {
        if let Some(text) = child_environment(parent.id()) {
            break text;
        }
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    };
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert!(
        environment.contains("TAOS_SANDBOX_DRIVER_FAULT"),
        "{environment}"
    );
    assert!(!environment.contains("hunter2"), "{environment}");
}

/// The environment of the driver's process that `parent` started, once it runs.
fn child_environment(parent: u32) -> Option<String> {
    let children =
        std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    let child = children.split_whitespace().next()?;
    let line = std::fs::read_to_string(format!("/proc/{child}/cmdline")).ok()?;
    if !line.contains("native-probe") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut file = std::fs::File::open(format!("/proc/{child}/environ")).ok()?;
    file.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).replace('\0', "\n");
    text.contains("native")
        .then_some(text.clone())
        .or(Some(text))
}
