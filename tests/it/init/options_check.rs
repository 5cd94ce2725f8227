//! `--check` and `--lock`: whether the project and its lock files are as `init` leaves them, and refreshing lock files.

use std::fs;
use std::path::Path;

use crate::support::program::{Program, TestContext};
use crate::support::tree::tree;
use insta::assert_snapshot;
use taos_sandbox::server::{Listen, Options, Sandbox};

const SUMS: &str = "github.com/taosdata/driver-go/v3 v3.8.2 h1:a=\ngithub.com/taosdata/driver-go/v3 v3.8.2/go.mod h1:b=\n";

/// A module with the connector in it and its example; go.sum as it is given.
fn module(sums: Option<&str>) -> TestContext {
    let context = TestContext::new();
    fs::write(context.work().join("go.mod"), "module a\n\ngo 1.21\n").unwrap();
    let run = context.program(["init"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    if let Some(sums) = sums {
        fs::write(context.work().join("go.sum"), sums).unwrap();
    }
    context
}

#[test]
fn as_init_leaves_it() {
    for sums in [None, Some(SUMS)] {
        let context = module(sums);
        let before = tree(&context.work());
        let run = context.program(["init", "--check"]).run();
        insta::allow_duplicates!(assert_snapshot!(run, @"
        exit 0
        --- stdout
        --- stderr
        note: nothing would change
        note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
        "));
        assert_eq!(tree(&context.work()), before);
    }
}

#[test]
fn made_for_a_server_that_is_not_named_again() {
    for language in ["go", "java", "node"] {
        let context = TestContext::new();
        let made = ["init", "--lang", language, "--server", "3.3.7.5"];
        let run = context.program(made).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let before = tree(&context.work());
        for again in [&["init", "--check"][..], &["init"]] {
            let run = context.program(again).run();
            assert_eq!(run.exit, Some(0), "{run}");
            assert_eq!(tree(&context.work()), before);
        }
        let refusing = Sandbox::start(Options {
            adapter: Listen::Refused,
            native: Listen::Refused,
            ..Options::default()
        })
        .unwrap();
        let run = context
            .program(["init", "--check"])
            .env("TAOS_HOST", refusing.adapter().to_string())
            .run();
        assert_eq!(run.exit, Some(0), "a server that does not answer: {run}");
    }
}

#[test]
fn project_without_connector_differs() {
    let context = TestContext::new();
    fs::write(context.work().join("requirements.txt"), "requests\n").unwrap();
    let before = tree(&context.work());
    let run = context.program(["init", "--check", "--quiet"]).run();
    assert_eq!(run.exit, Some(7));
    let manifest = run.stdout.split("--- /dev/null").next().unwrap();
    assert_snapshot!(manifest, @"
    --- a/requirements.txt
    +++ b/requirements.txt
    @@ -1 +1,2 @@
     requests
    +taos-ws-py==0.7.0
    ");
    assert_eq!(run.stderr, "");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn stale_lock_file_is_reported() {
    let stale = SUMS.replace("v3.8.2 h1", "v3.8.1 h1");
    let context = module(Some(&stale));
    assert_snapshot!(context.program(["init", "--check"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    note: the project is unchanged, but a lock file is stale; init --lock refreshes it
    note: go.sum no longer matches; refresh it: go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    let json = context.program(["init", "--check", "--json"]).run();
    assert_eq!(json.exit, Some(7));
    let data = json.json();
    assert_eq!(data["ok"], false);
    assert_eq!(data["data"]["check"], true);
    assert_eq!(
        data["data"]["projects"][0]["stale_locks"],
        serde_json::json!(["go.sum"])
    );
    assert_eq!(
        fs::read_to_string(context.work().join("go.sum")).unwrap(),
        stale
    );
}

#[test]
fn another_version_is_a_conflict() {
    let context = module(None);
    let run = context
        .program(["init", "--check", "--server", "3.3.7.5"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    --- stderr
    note: nothing would change
    ");
    let run = context
        .program([
            "init",
            "--check",
            "--server",
            "3.3.7.5",
            "--upgrade",
            "--quiet",
        ])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    --- stderr
    ");
}

#[test]
fn lock_files_of_node() {
    let context = TestContext::new();
    let package = "{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"@tdengine/websocket\": \"3.1.0\"\n  }\n}\n";
    fs::write(context.work().join("package.json"), package).unwrap();
    let run = context.program(["init", "-q"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let npm = |version: &str| {
        format!(
            r#"{{"lockfileVersion": 3, "packages": {{"": {{"dependencies": {{"@tdengine/websocket": "{version}"}}}}, "node_modules/@tdengine/websocket": {{"version": "{version}"}}}}}}"#
        )
    };
    let yarn =
        |version: &str| format!("\"@tdengine/websocket@{version}\":\n  version \"{version}\"\n");
    let pnpm = |version: &str| {
        format!(
            "importers:\n  .:\n    dependencies:\n      '@tdengine/websocket':\n        specifier: {version}\n"
        )
    };
    let bun = |version: &str| {
        format!(
            "{{\n  \"workspaces\": {{ \"\": {{ \"dependencies\": {{ \"@tdengine/websocket\": \"{version}\" }} }} }},\n}}\n"
        )
    };
    let check = || context.program(["init", "--check", "-q", "--json"]).run();
    for (file, fresh, stale) in [
        ("package-lock.json", npm("3.1.0"), npm("3.0.4")),
        ("yarn.lock", yarn("3.1.0"), yarn("3.0.4")),
        ("pnpm-lock.yaml", pnpm("3.1.0"), pnpm("3.0.4")),
        ("bun.lock", bun("3.1.0"), bun("3.0.4")),
    ] {
        let path = context.work().join(file);
        fs::write(&path, fresh).unwrap();
        let run = check();
        assert_eq!(run.exit, Some(0), "{file}: {run}");
        fs::write(&path, stale).unwrap();
        let run = check();
        assert_eq!(run.exit, Some(7), "{file}: {run}");
        assert_eq!(
            run.json()["data"]["projects"][0]["stale_locks"],
            serde_json::json!([file])
        );
        fs::remove_file(&path).unwrap();
    }
}

/// A folder with a program `go` that runs `script`, alone on PATH beside the shell.
#[cfg(unix)]
pub fn tool(context: &TestContext, name: &str, script: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let folder = context.root().join("tools");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn lock<'a>(context: &'a TestContext, path: &Path) -> Program<'a> {
    context.program(["init", "--lock"]).env("PATH", path)
}

#[cfg(unix)]
#[test]
fn refresh_command_runs() {
    let context = module(Some(""));
    let script = format!(
        "echo \"go $*\"; echo printed >&2; printf '{}' > go.sum",
        SUMS.replace('\n', "\\n")
    );
    let path = tool(&context, "go", &script);
    assert_snapshot!(lock(&context, &path).run(), @"
    exit 0
    --- stdout
    unchanged go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    --- stderr
    note: running go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    printed
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    assert_eq!(
        fs::read_to_string(context.work().join("go.sum")).unwrap(),
        SUMS
    );
    // Nothing is stale then, so nothing is run.
    fs::remove_file(path.join("go")).unwrap();
    let run = lock(&context, &path).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[cfg(unix)]
#[test]
fn failing_refresh_command_is_reported() {
    let context = TestContext::new();
    fs::write(context.work().join("go.mod"), "module a\n\ngo 1.21\n").unwrap();
    fs::write(context.work().join("go.sum"), "").unwrap();
    let path = tool(&context, "go", "echo no network >&2; exit 3");
    assert_snapshot!(lock(&context, &path).run(), @"
    exit 8
    --- stdout
    --- stderr
    note: running go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    no network
    error[lock-failed]: could not update go.sum with `go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2`
      it ended with exit code 3; changes made by init are kept
      next: go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    ");
    let manifest = fs::read_to_string(context.work().join("go.mod")).unwrap();
    assert!(manifest.contains("driver-go/v3 v3.8.2"), "{manifest}");
    // It did its work and the lock file is still stale: that is said.
    let path = tool(&context, "go", "exit 0");
    assert_snapshot!(lock(&context, &path).run(), @"
    exit 8
    --- stdout
    --- stderr
    note: running go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    error[lock-failed]: could not update go.sum with `go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2`
      the command succeeded, but the file still does not match the manifest; changes made by init are kept
      next: check whether the project's settings override the connector version
    ");
}

#[test]
fn missing_refresh_tool_is_reported() {
    let context = module(Some(""));
    assert_snapshot!(lock(&context, context.root()).run(), @"
    exit 8
    --- stdout
    --- stderr
    note: running go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    error[lock-failed]: could not update go.sum with `go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2`
      program go is not on PATH; changes made by init are kept
      next: go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    ");
}

#[test]
fn nothing_is_run_for_a_look() {
    let context = module(Some(""));
    assert_snapshot!(context.program(["init", "--lock", "--check"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error: the argument '--lock' cannot be used with '--check'

    Usage: taos-setup init --lock

    For more information, try '--help'.
    ");
}
