//! `taos-setup sync`: connectors of projects.

use std::process::Stdio;

use super::{SETUP, read, two_projects, write};
use crate::support::client_package::tree;
use insta::assert_snapshot;

#[test]
fn all_projects_are_brought_to_the_lock() {
    let context = two_projects();
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[lock-stale]: could not sync with taos-setup.lock
      the file does not exist
      next: taos-setup lock
    ");
    assert_snapshot!(context.program(["sync"]).run(), @"
    exit 0
    --- stdout
    + server: 3.3.7.0
    + a (go, ws): github.com/taosdata/driver-go/v3 v3.8.2
    + b (python, ws): taos-ws-py 0.7.0
    edited a/go.mod: github.com/taosdata/driver-go/v3 v3.8.2
    edited b/requirements.txt: taos-ws-py 0.7.0
    ok the client and the projects match taos-setup.lock
    --- stderr
    ");
    // The mirror is that of the client, which no project here has, and of jars.
    let before = tree(&context.work());
    for words in [
        &["sync", "--locked"][..],
        &["sync", "--locked", "--mirror", ".", "--offline"],
    ] {
        let run = context.program(words).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert_eq!(tree(&context.work()), before);
    }
    // A newer release makes way, too: the lock decides.
    let newer = read(&context, "a/go.mod").replace("v3.8.2", "v3.99.0");
    let older = read(&context, "b/requirements.txt").replace("==0.7.0", "==0.6.2");
    write(
        &context,
        &[("a/go.mod", &newer), ("b/requirements.txt", &older)],
    );
    assert_snapshot!(context.program(["sync", "--locked", "--check"]).run(), @"
    exit 7
    --- stdout
    would edit a/go.mod: github.com/taosdata/driver-go/v3 v3.8.2
    would edit b/requirements.txt: taos-ws-py 0.7.0
    --- stderr
    note: this machine differs from taos-setup.lock
    next: taos-setup sync
    ");
    assert_snapshot!(context.program(["sync", "--locked", "--json"]).run(), @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "sync",
      "ok": true,
      "data": {
        "check": false,
        "differs": false,
        "client": null,
        "projects": [
          {
            "dir": "a",
            "language": "go",
            "transport": "ws",
            "package": "github.com/taosdata/driver-go/v3",
            "version": "v3.8.2",
            "changes": [
              {
                "path": "a/go.mod",
                "action": "edit"
              }
            ],
            "stale_locks": []
          },
          {
            "dir": "b",
            "language": "python",
            "transport": "ws",
            "package": "taos-ws-py",
            "version": "0.7.0",
            "changes": [
              {
                "path": "b/requirements.txt",
                "action": "edit"
              }
            ],
            "stale_locks": []
          }
        ],
        "added": [],
        "notes": []
      },
      "findings": [],
      "error": null
    }
    --- stderr
    "#);
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn one_refused_project_leaves_all_unchanged() {
    let context = two_projects();
    assert_eq!(context.program(["lock"]).run().exit, Some(0));
    write(
        &context,
        &[("b/requirements.txt", "<<<<<<< HEAD\nrequests\n")],
    );
    let before = tree(&context.work());
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not add taos-ws-py 0.7.0 to b/requirements.txt
      b/requirements.txt:1: `<<<<<<< HEAD` is not a version requirement
      next: fix that line and run the command again
    ");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn unlocked_sync_only_adds() {
    let context = two_projects();
    assert_eq!(context.program(["sync"]).run().exit, Some(0));
    let more = format!("{SETUP}\n[[project]]\ndir = \"c\"\nlang = \"rust\"\n");
    let manifest = "[package]\nname = \"c\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    write(
        &context,
        &[("taos-setup.toml", &more), ("c/Cargo.toml", manifest)],
    );
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[lock-stale]: could not sync with taos-setup.lock
      the connector of c (rust) is not locked
      next: taos-setup lock
    ");
    assert_snapshot!(context.program(["sync"]).run(), @"
    exit 0
    --- stdout
    + c (rust, ws): taos 0.12.3
    edited c/Cargo.toml: taos 0.12.3
    ok the client and the projects match taos-setup.lock
    --- stderr
    ");
    // The lock has more than is asked for.
    write(&context, &[("taos-setup.toml", SETUP)]);
    assert_snapshot!(context.program(["sync"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[lock-stale]: could not sync with taos-setup.lock
      a connector is locked for c (rust), and taos-setup.toml does not list that project
      next: taos-setup lock
    ");
}

#[test]
fn other_digest_is_refused() {
    let context = two_projects();
    let sum = |hash: &str| {
        format!(
            "github.com/taosdata/driver-go/v3 v3.8.2 {hash}\n\
             github.com/taosdata/driver-go/v3 v3.8.2/go.mod h1:DeF=\n"
        )
    };
    write(&context, &[("a/go.sum", &sum("h1:AbC="))]);
    assert_eq!(context.program(["sync"]).run().exit, Some(0));
    write(&context, &[("a/go.sum", &sum("h1:XyZ="))]);
    let before = tree(&context.work());
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not bring a to github.com/taosdata/driver-go/v3 v3.8.2
      the lock has h1:AbC=, the project's own lock file h1:XyZ=
      next: taos-setup lock --upgrade a
    ");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn missing_project_is_named() {
    let context = two_projects();
    std::fs::remove_file(context.work().join("b/requirements.txt")).unwrap();
    assert_snapshot!(context.program(["lock"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read b/requirements.txt
      no such file or directory
      next: taos-setup init --lang python --transport ws --dir b
    ");
    assert!(!context.work().join("taos-setup.lock").exists());
}

#[test]
fn several_at_once_end_in_one_state() {
    let context = two_projects();
    let started: Vec<_> = (0..6)
        .map(|_| {
            let mut command = context.program(["sync"]).into_command();
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    let mut done = 0;
    for child in started {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // Another one is at it, or was.
        assert!(matches!(output.status.code(), Some(0 | 6 | 7)), "{said}");
        done += usize::from(output.status.success());
    }
    assert!(done > 0);
    let run = context.program(["sync", "--locked", "--check"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let names = tree(&context.work());
    let left = names
        .keys()
        .find(|path| path.to_string_lossy().contains(".taos-setup-"));
    assert_eq!(left, None);
}
