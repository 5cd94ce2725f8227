//! Which language `init` takes where none is named, and which release for which server.

use std::fs;

use crate::support::program::{Program, TestContext};
use crate::support::served::Served;
use crate::support::tree::tree;
use crate::support::unused_address::unused_address;
use insta::assert_snapshot;
use taos_sandbox::server::Options;

#[test]
fn single_manifest_selects_the_language() {
    let context = TestContext::new();
    fs::write(context.work().join("requirements.txt"), "requests\n").unwrap();
    assert_snapshot!(context.program(["init", "--server", "3.3.7.5"]).run(), @"
    exit 0
    --- stdout
    edited    requirements.txt

    Build it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
    --- stderr
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    ");
}

#[test]
fn several_manifests_are_listed() {
    let context = TestContext::new();
    fs::write(context.work().join("requirements.txt"), "").unwrap();
    fs::write(context.work().join("go.mod"), "module a\n").unwrap();
    assert_snapshot!(context.program(["init"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up a project
      no language is given, and . contains go.mod, requirements.txt
      next: taos-setup init --lang go
      next: taos-setup init --lang python
    ");
    assert_snapshot!(context.program(["init", "--json", "--check"]).run(), @r#"
    exit 2
    --- stdout
    {
      "schema": 1,
      "command": "init",
      "ok": false,
      "data": null,
      "findings": [],
      "error": {
        "id": "usage",
        "exit": 2,
        "tried": "set up a project",
        "observed": "no language is given, and . contains go.mod, requirements.txt",
        "next": "taos-setup init --lang go\ntaos-setup init --lang python"
      }
    }
    --- stderr
    "#);
}

#[test]
fn makefile_next_to_manifest() {
    let context = TestContext::new();
    fs::write(context.work().join("Makefile"), "all:\n\ttrue\n").unwrap();
    fs::write(context.work().join("go.mod"), "module a\n\ngo 1.21\n").unwrap();
    let run = context.program(["init", "--json"]).run();
    assert_eq!(run.json()["data"]["projects"][0]["language"], "go", "{run}");
}

#[test]
fn missing_manifest_is_reported() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--dir", "hello"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up a project
      no language is given, and hello contains none of CMakeLists.txt, Makefile, *.csproj, *.fsproj, *.vbproj, app.cs, go.mod, pom.xml, build.gradle, build.gradle.kts, *.rockspec, package.json, odbc.ini, composer.json, requirements.txt, pyproject.toml, DESCRIPTION, script.R, Cargo.toml
      next: taos-setup init --lang c
      next: taos-setup init --lang csharp
      next: taos-setup init --lang go
      next: taos-setup init --lang java
      next: taos-setup init --lang lua
      next: taos-setup init --lang node
      next: taos-setup init --lang odbc
      next: taos-setup init --lang php
      next: taos-setup init --lang python
      next: taos-setup init --lang r
      next: taos-setup init --lang rust
    ");
    assert_eq!(tree(&context.work()), "");
}

/// `init --dry-run ARGS…`: the lines of the manifest and the notes that name the release.
fn chosen(context: &TestContext, arguments: &[&str]) -> String {
    let mut all = vec!["init", "--dir", "hello", "--dry-run"];
    all.extend(arguments);
    let run = context.program(all).run();
    let line = |line: &&str| {
        let words = ["+require", "<version>", "@tdengine/websocket\":", "+taos"];
        line.starts_with('+') && words.iter().any(|word| line.contains(word))
    };
    let lines: Vec<_> = run.stdout.lines().filter(line).map(str::trim_end).collect();
    format!(
        "exit {:?}\n{}\n{}",
        run.exit.unwrap(),
        lines.join("\n"),
        run.stderr
    )
}

#[test]
fn release_fits_the_server() {
    let context = TestContext::new();
    let mut all = String::new();
    for language in ["go", "java", "node", "python"] {
        for server in ["3.4.1", "3.3.5.2", "3.2.2.2"] {
            all += &format!("== {language} {server}\n");
            all += &chosen(&context, &["--lang", language, "--server", server]);
        }
    }
    assert_snapshot!(all, @r#"
    == go 3.4.1
    exit 0
    +require github.com/taosdata/driver-go/v3 v3.8.2
    == go 3.3.5.2
    exit 0
    +require github.com/taosdata/driver-go/v3 v3.5.5
    note: driver-go v3.5.5 does not report why a login was rejected; taos-setup verify does
    == go 3.2.2.2
    exit 0
    +require github.com/taosdata/driver-go/v3 v3.5.5
    note: driver-go v3.5.5 does not report why a login was rejected; taos-setup verify does
    == java 3.4.1
    exit 0
    +  <version>1.0-SNAPSHOT</version>
    +      <version>2.0.17</version>
    +      <version>3.7.9</version>
    +        <version>3.14.0</version>
    +        <version>3.4.2</version>
    +        <version>3.8.1</version>
    == java 3.3.5.2
    exit 0
    +  <version>1.0-SNAPSHOT</version>
    +      <version>2.0.17</version>
    +      <version>3.5.3</version>
    +        <version>3.14.0</version>
    +        <version>3.4.2</version>
    +        <version>3.8.1</version>
    == java 3.2.2.2
    exit 0
    +  <version>1.0-SNAPSHOT</version>
    +      <version>2.0.17</version>
    +      <version>3.2.8</version>
    +        <version>3.14.0</version>
    +        <version>3.4.2</version>
    +        <version>3.8.1</version>
    == node 3.4.1
    exit 0
    +    "@tdengine/websocket": "3.2.1"
    note: @tdengine/websocket writes a log into the directory logs
    == node 3.3.5.2
    exit 0
    +    "@tdengine/websocket": "3.2.1"
    note: @tdengine/websocket writes a log into the directory logs
    == node 3.2.2.2
    exit 0
    +    "@tdengine/websocket": "3.1.0"
    note: @tdengine/websocket 3.1.0 does not decode passwords in URLs, so the example rejects a password with a character that URLs escape; --transport rest accepts any
    note: @tdengine/websocket 3.1.0 does not report why a login was rejected; taos-setup verify does
    note: @tdengine/websocket writes a log into the directory logs
    == python 3.4.1
    exit 0
    +taos-ws-py==0.7.0
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    == python 3.3.5.2
    exit 0
    +taos-ws-py==0.7.0
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    == python 3.2.2.2
    exit 0
    +taos-ws-py==0.7.0
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    "#);
}

#[test]
fn server_older_than_all_releases() {
    let context = TestContext::new();
    for language in ["go", "java", "node", "python"] {
        let run = context
            .program(["init", "--lang", language, "--server", "3.1.0.3"])
            .run();
        assert_eq!(run.exit, Some(3), "{run}");
        assert!(run.stderr.contains(" --transport rest\n"), "{run}");
    }
    assert_snapshot!(context.program(["init", "--lang", "go", "--server", "3.1.0.3"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Go over WebSocket with server 3.1.0.3
      its connectors require server 3.2.2.0 or later for that transport, and this server is 3.1.0.3
      next: taos-setup init --lang go --transport rest
    ");
    assert_snapshot!(context.program(["init", "--lang", "java", "--server", "2.6"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Java over WebSocket with server 2.6.0.0
      its connectors require server 3.2.2.0 or later for that transport, and this server is 2.6.0.0
      next: upgrade the server to 3.2.2.0 or later
    ");
    assert_snapshot!(context.program(["init", "--lang", "go", "--server", "3.1", "--needs", "tmq"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Go over WebSocket with server 3.1.0.0
      its connectors require server 3.2.2.0 or later for that transport, and this server is 3.1.0.0
      next: upgrade the server to 3.2.2.0 or later
    ");
    assert_eq!(tree(&context.work()), "");
}

/// `init --lang go --dry-run --quiet` for the sandbox, without its diff.
fn asked(served: &Served) -> Program<'_> {
    let adapter = served.sandbox.adapter();
    served
        .context
        .program(["init", "--lang", "go", "--server", &adapter.to_string()])
        .showing(adapter.port(), "ADAPTER")
}

#[test]
fn server_is_asked() {
    let served = Served::healthy();
    assert_snapshot!(asked(&served).run(), @"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/work .
      ./bin/work
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: 127.0.0.1:[ADAPTER] runs 3.3.7.5
    ");
    let old = Served::new(Options {
        version: "3.2.2.2".into(),
        ..Options::default()
    });
    let run = asked(&old).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let manifest = fs::read_to_string(old.context.work().join("go.mod")).unwrap();
    assert!(manifest.contains("driver-go/v3 v3.5.5\n"), "{manifest}");
}

#[test]
fn unreachable_server_is_reported() {
    let Some(address) = unused_address("init: server that cannot be asked") else {
        return;
    };
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "go", "--server", &address.to_string()])
        .showing(format!("'{address}'"), "ADDRESS")
        .showing(address, "ADDRESS")
        .run();
    assert_snapshot!(run, @"
    exit 10
    --- stdout
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    error[tcp-refused]: could not ask [ADDRESS] for its version
      no program listens on [ADDRESS]: [ADDRESS] refused the connection
      next: pass its version: --server VERSION, for example --server 3.3.6.0
      next: taos-setup verify [ADDRESS]
    ");
    assert_eq!(tree(&context.work()), "");
    let wrong = Served::healthy();
    let run = asked(&wrong).env("TAOS_PASSWORD", "wrong").run();
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    --- stderr
    error[auth-failed]: could not ask 127.0.0.1:[ADAPTER] for its version
      the server rejected the password of root: Authentication failure [0x0357]
      next: pass its version: --server VERSION, for example --server 3.3.6.0
      next: taos-setup verify 127.0.0.1:[ADAPTER]
    ");
    assert_eq!(wrong.sandbox.logins().refused, 1);
}

#[test]
fn taos_host_is_asked() {
    let served = Served::healthy();
    let adapter = served.sandbox.adapter();
    let run = served
        .context
        .program(["init", "--lang", "go"])
        .env("TAOS_HOST", adapter.to_string())
        .showing(adapter.port(), "ADAPTER")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/work .
      ./bin/work
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: 127.0.0.1:[ADAPTER] (TAOS_HOST) runs 3.3.7.5
    ");
    // The port of the examples is that of the server, too.
    let with_port = |port: &str| {
        served
            .context
            .program(["init", "--lang", "go", "--dry-run", "--dir", "port"])
            .env("TAOS_HOST", adapter.ip().to_string())
            .env("TAOS_PORT", port)
            .run()
    };
    let run = with_port(&adapter.port().to_string());
    let asked = format!("note: {adapter} (TAOS_HOST) runs 3.3.7.5");
    assert!(run.stderr.contains(&asked), "{run}");
    let run = with_port("x");
    let ignored =
        "did not report its version (invalid port `x`: expected a number from 1 to 65535)";
    assert!(run.stderr.contains(ignored), "{run}");
    let Some(address) = unused_address("init: TAOS_HOST that cannot be asked") else {
        return;
    };
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "go"])
        .env("TAOS_HOST", address.to_string())
        .showing(format!("'{address}'"), "ADDRESS")
        .showing(address, "ADDRESS")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore

    Build it and run it:
      go mod tidy
      go build -o bin/work .
      ./bin/work
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    note: the server in TAOS_HOST did not report its version (no program listens on [ADDRESS]: [ADDRESS] refused the connection); --server VERSION sets it
    note: no server given; github.com/taosdata/driver-go/v3 v3.8.2 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    ");
    // What the command line says is used first: no server is asked.
    let run = context
        .program([
            "init", "--lang", "go", "--server", "3.2.2.2", "--dir", "other",
        ])
        .env("TAOS_HOST", address.to_string())
        .run();
    assert!(!run.stderr.contains("TAOS_HOST"), "{run}");
    let run = context
        .program(["init", "--lang", "go", "--cloud", "--dir", "cloud"])
        .env("TAOS_HOST", address.to_string())
        .run();
    assert!(!run.stderr.contains("TAOS_HOST"), "{run}");
}
