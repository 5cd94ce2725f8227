//! `init` in an empty folder. The trees that it makes stand in `init_new_go` and `init_new_python`.

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

/// Runs `init` for the folder `hello` and gives what it printed and made.
pub fn made(arguments: &[&str]) -> String {
    let context = TestContext::new();
    let mut all = vec!["init", "--dir", "hello"];
    all.extend(arguments);
    let run = context.program(&all).run();
    let first = tree(&context.work().join("hello"));
    let again = context.program(&all).run();
    assert_eq!(again.exit, Some(0), "{again}");
    assert!(
        !again.stdout.contains("created") && !again.stdout.contains("edited"),
        "{again}"
    );
    assert_eq!(tree(&context.work().join("hello")), first);
    format!("{run}{first}")
}

#[test]
fn new_project_is_reported_as_json() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "go", "--json"]).run(), @r#"
    exit 0
    --- stdout
    {
      "schema": 1,
      "command": "init",
      "ok": true,
      "data": {
        "dry_run": false,
        "check": false,
        "ran": false,
        "projects": [
          {
            "language": "go",
            "transport": "ws",
            "server": null,
            "dir": ".",
            "changes": [
              {
                "path": "go.mod",
                "action": "create"
              },
              {
                "path": "main.go",
                "action": "create"
              },
              {
                "path": "README.md",
                "action": "create"
              },
              {
                "path": ".gitignore",
                "action": "create"
              }
            ],
            "build": [
              "go mod tidy",
              "go build -o bin/work ."
            ],
            "run": [
              "./bin/work"
            ],
            "settings": [],
            "module_build": [],
            "php": [],
            "stale_locks": [],
            "notes": [
              "no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one"
            ]
          }
        ]
      },
      "findings": [],
      "error": null
    }
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    "#);
}

#[test]
fn dry_run_of_new_project_writes_nothing() {
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "python", "--dir", "a/b", "--dry-run"])
        .run();
    assert!(!context.work().join("a").exists());
    let head: Vec<_> = run.stdout.lines().take(4).collect();
    assert_eq!(
        head,
        [
            "--- /dev/null",
            "+++ b/requirements.txt",
            "@@ -0,0 +1 @@",
            "+taos-ws-py==0.7.0"
        ]
    );
    assert_eq!(run.stdout.matches("--- /dev/null").count(), 4);
}

#[test]
fn directory_names_the_project() {
    let context = TestContext::new();
    let folder = context.work().join("My Project (1)");
    context
        .program(
            ["init", "--lang", "go", "--dir"]
                .map(Into::into)
                .into_iter()
                .chain([folder.clone().into_os_string()]),
        )
        .run();
    let go_mod = std::fs::read_to_string(folder.join("go.mod")).unwrap();
    assert!(go_mod.starts_with("module my-project-1\n"), "{go_mod}");
}

#[test]
fn name_of_existing_project_is_unused() {
    let context = TestContext::new();
    context.program(["init", "--lang", "go"]).run();
    let run = context
        .program(["init", "--lang", "go", "--name", "other"])
        .run();
    assert!(
        run.stderr
            .ends_with("note: --name is for new projects; this one already has go.mod\n"),
        "{run}"
    );
}

#[test]
fn edited_program_stays() {
    let context = TestContext::new();
    context.program(["init", "--lang", "go"]).run();
    let main = context.work().join("main.go");
    let edited = std::fs::read_to_string(&main)
        .unwrap()
        .replace("readings", "values");
    std::fs::write(&main, &edited).unwrap();
    std::fs::remove_file(context.work().join("README.md")).unwrap();
    let before = tree(&context.work());
    assert_snapshot!(context.program(["init", "--lang", "go"]).run(), @"
    exit 0
    --- stdout
    unchanged go.mod
    unchanged main.go
    unchanged .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/work .
      ./bin/work
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn language_in_any_case() {
    let context = TestContext::new();
    let run = context.program(["init", "--lang", "Go", "--quiet"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let again = context.program(["init", "--lang", "GO", "--check"]).run();
    assert_eq!(again.exit, Some(0), "{again}");
}
