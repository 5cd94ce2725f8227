//! `init` in a folder with a `go.mod`.

use crate::support::program::TestContext;
use crate::support::tree::visible;
use insta::assert_snapshot;

/// The `go.mod` that `init` makes of `text`; a second run must change nothing.
fn edited(text: &str) -> String {
    let context = TestContext::new();
    let path = context.work().join("go.mod");
    std::fs::write(&path, text).unwrap();
    let run = context.program(["init", "--lang", "go"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let first = std::fs::read_to_string(&path).unwrap();
    let again = context
        .program(["init", "--lang", "go", "--json"])
        .run()
        .json();
    for change in again["data"]["projects"][0]["changes"].as_array().unwrap() {
        assert_eq!(change["action"], "none", "{again}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
    visible(&first)
}

#[test]
fn file_without_requirements_gets_one() {
    assert_snapshot!(edited("module example.com/app\n\ngo 1.21\n"), @"
    module example.com/app

    go 1.21

    require github.com/taosdata/driver-go/v3 v3.8.2
    ");
}

#[test]
fn single_line_gets_another() {
    assert_snapshot!(edited("module example.com/app\n\ngo 1.21\n\nrequire github.com/google/uuid v1.6.0 // for ids\n"), @"
    module example.com/app

    go 1.21

    require github.com/google/uuid v1.6.0 // for ids
    require github.com/taosdata/driver-go/v3 v3.8.2
    ");
}

#[test]
fn sorted_block_with_comments() {
    assert_snapshot!(edited(
        "// The app.\nmodule example.com/app // main\n\ngo 1.21\n\nrequire (\n\tgithub.com/google/uuid v1.6.0 // for ids\n\n\t// for text\n\tgolang.org/x/text v0.14.0\n)\n\nrequire (\n\tgithub.com/a/a v1.0.0 // indirect\n)\n\nreplace github.com/a/a => ../a\n"
    ), @"
    // The app.
    module example.com/app // main

    go 1.21

    require (
    →github.com/google/uuid v1.6.0 // for ids
    →github.com/taosdata/driver-go/v3 v3.8.2

    →// for text
    →golang.org/x/text v0.14.0
    )

    require (
    →github.com/a/a v1.0.0 // indirect
    )

    replace github.com/a/a => ../a
    ");
}

#[test]
fn carriage_returns_and_a_byte_order_mark() {
    assert_snapshot!(edited("\u{feff}module example.com/app\r\n\r\ngo 1.21\r\n\r\nrequire (\r\n    github.com/google/uuid v1.6.0\r\n)\r\n"), @"
    [BOM]module example.com/app␍
    ␍
    go 1.21␍
    ␍
    require (␍
        github.com/google/uuid v1.6.0␍
        github.com/taosdata/driver-go/v3 v3.8.2␍
    )␍
    ");
}

#[test]
fn missing_final_line_break() {
    assert_snapshot!(edited("module example.com/app\n\ngo 1.21\n\nrequire github.com/google/uuid v1.6.0"), @"
    module example.com/app

    go 1.21

    require github.com/google/uuid v1.6.0
    require github.com/taosdata/driver-go/v3 v3.8.2(no final line break)
    ");
}

#[test]
fn example_is_added_to_existing_project() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("go.mod"),
        "module example.com/app\n\ngo 1.13\n",
    )
    .unwrap();
    std::fs::write(context.work().join("go.sum"), "").unwrap();
    std::fs::write(
        context.work().join("main.go"),
        "package main\n\nfunc main() {}\n",
    )
    .unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go", "--example", "basic", "--json"]).run(), @r#"
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
                "action": "edit"
              },
              {
                "path": "_taos-example/main.go",
                "action": "create"
              }
            ],
            "build": [
              "go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2",
              "go build -o bin/taos-example ./_taos-example"
            ],
            "run": [
              "./bin/taos-example"
            ],
            "settings": [],
            "module_build": [],
            "php": [],
            "stale_locks": [
              "go.sum"
            ],
            "notes": [
              "no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one",
              "go.mod:3 says go 1.13; github.com/taosdata/driver-go/v3 requires Go 1.14 or later"
            ]
          }
        ]
      },
      "findings": [],
      "error": null
    }
    --- stderr
    note: go.sum no longer matches; refresh it: go get github.com/taosdata/driver-go/v3/taosWS@v3.8.2
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: go.mod:3 says go 1.13; github.com/taosdata/driver-go/v3 requires Go 1.14 or later
    "#);
    assert!(context.work().join("_taos-example/main.go").exists());
}

#[test]
fn stale_sums_are_told_to_people_too() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("go.mod"),
        "module example.com/app\n\ngo 1.21\n",
    )
    .unwrap();
    std::fs::write(context.work().join("go.sum"), "").unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go", "--transport", "rest"]).run(), @"
    exit 0
    --- stdout
    edited    go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosRestful@v3.8.2
    --- stderr
    note: go.sum no longer matches; refresh it: go get github.com/taosdata/driver-go/v3/taosRestful@v3.8.2
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Go on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.0.0.0 on
    ");
}

#[test]
fn dry_run_shows_the_diff() {
    let context = TestContext::new();
    let text = "module example.com/app\n\ngo 1.21\n\nrequire (\n\tgithub.com/google/uuid v1.6.0\n\tgolang.org/x/text v0.14.0\n)\n";
    std::fs::write(context.work().join("go.mod"), text).unwrap();
    let run = context.program(["init", "--lang", "go", "--dry-run"]).run();
    assert_snapshot!(run.stdout, @"
    --- a/go.mod
    +++ b/go.mod
    @@ -4,5 +4,6 @@
     
     require (
     	github.com/google/uuid v1.6.0
    +	github.com/taosdata/driver-go/v3 v3.8.2
     	golang.org/x/text v0.14.0
     )
    ");
    assert_eq!(
        std::fs::read_to_string(context.work().join("go.mod")).unwrap(),
        text
    );
    assert!(!context.work().join("cmd").exists());
}

#[test]
fn dry_run_without_changes() {
    let context = TestContext::new();
    context.program(["init", "--lang", "go"]).run();
    assert_snapshot!(context.program(["init", "--lang", "go", "--dry-run"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    note: nothing would change
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
}

#[test]
fn another_version_stays() {
    let context = TestContext::new();
    let text =
        "module example.com/app\n\ngo 1.21\n\nrequire github.com/taosdata/driver-go/v3 v3.0.0\n";
    std::fs::write(context.work().join("go.mod"), text).unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go"]).run(), @"
    exit 0
    --- stdout
    unchanged go.mod

    Build it:
      go get github.com/taosdata/driver-go/v3/taosWS@v3.0.0
    --- stderr
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: go.mod:5 asks for github.com/taosdata/driver-go/v3 v3.0.0, which is unchanged; --upgrade writes v3.8.2
    ");
    assert_eq!(
        std::fs::read_to_string(context.work().join("go.mod")).unwrap(),
        text
    );
    assert!(!context.work().join("cmd").exists());
}

#[test]
fn it_does_not_parse() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("go.mod"),
        "module example.com/app\n\nrequire (\n\ta v1\n",
    )
    .unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go", "--dir", "."]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not add github.com/taosdata/driver-go/v3 v3.8.2 to go.mod
      go.mod:3: the require block that opens here is not closed
      next: fix that line and run the command again
    ");
    std::fs::write(context.work().join("go.mod"), b"module \xff\n").unwrap();
    assert_snapshot!(context.program(["init", "--lang", "go", "--json"]).run(), @r#"
    exit 8
    --- stdout
    {
      "schema": 1,
      "command": "init",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "file-unparsable",
        "exit": 8,
        "tried": "add github.com/taosdata/driver-go/v3 v3.8.2 to go.mod",
        "observed": "go.mod:1: it is not UTF-8 text",
        "next": "fix that line and run the command again"
      }
    }
    --- stderr
    "#);
}
