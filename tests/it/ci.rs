//! `ci`: pieces of pipelines, printed, written, and checked.

use insta::assert_snapshot;
use taos_sandbox::server::{Options, Sandbox};

use crate::support::program::TestContext;
use crate::support::tree::write_files;

const GO: &[(&str, &str)] = &[("go.mod", "module example.com/meter\n\ngo 1.24\n")];

#[test]
fn github_workflow_of_a_go_module_is_printed() {
    let context = TestContext::new();
    write_files(&context.work(), GO);
    let run = context.program(["ci", "github", "--version", "3.3.7.5"]);
    let run = run.showing(env!("CARGO_PKG_VERSION"), "VERSION").run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    # Made by `taos-setup ci github`: the connection is verified before the tests run.
    name: tdengine

    on:
      push:
      pull_request:

    permissions:
      contents: read

    jobs:
      test:
        runs-on: ubuntu-latest
        timeout-minutes: 30
        services:
          tdengine:
            image: tdengine/tdengine:3.3.7.5
            env:
              # What native clients are redirected to; the image's own FQDN is the id of its container.
              TAOS_FQDN: tdengine
            options: --hostname tdengine
            ports: ["6030:6030", "6041:6041"]
        env:
          TAOS_HOST: localhost
          # The password of a new server; nothing outside this job reaches it.
          TAOS_PASSWORD: taosdata
        steps:
          - uses: actions/checkout@v4
          - uses: actions/setup-go@v5
            with:
              go-version: "stable"
          - name: Get taos-setup
            run: pipx install taos-setup==[VERSION]
          - name: Cache the client
            uses: actions/cache@v4
            with:
              path: ~/.local/share/taos-setup
              key: taos-setup-${{ runner.os }}-${{ runner.arch }}-3.3.7.5
          - name: Install the client
            run: |
              taos-setup install 3.3.7.5
              taos-setup env --shell github >> "$GITHUB_ENV"
          - name: Check the connectors
            run: |
              taos-setup init --lang go --transport ws --check
          - name: Verify the connection
            run: taos-setup verify --transport ws,rest --wait 120s
          - name: Test
            run: |
              go test ./...
    --- stderr
    note: it belongs into .github/workflows/tdengine.yml; --write puts it there
    "#);
}

#[test]
fn gitlab_jobs_of_two_languages_use_the_host() {
    let context = TestContext::new();
    let args = [
        "ci",
        "gitlab",
        "--lang",
        "java,python",
        "--host",
        "db.example",
    ];
    let run = context.program(args);
    let run = run.showing(env!("CARGO_PKG_VERSION"), "VERSION").run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    # Made by `taos-setup ci gitlab`: the connection is verified before the tests run.

    test-java:
      image: maven:3-eclipse-temurin-17
      variables:
        # TAOS_USER and TAOS_PASSWORD are masked variables of the project: Settings, CI/CD.
        TAOS_HOST: db.example
        TAOS_SETUP_HOME: $CI_PROJECT_DIR/.taos-setup
      before_script:
        - apt-get update -q
        - apt-get install -y -q --no-install-recommends pipx ca-certificates
        - pipx install taos-setup==[VERSION]
        - export PATH=$HOME/.local/bin:$PATH
        - taos-setup init --lang java --transport ws --check
        - taos-setup verify --transport ws,rest --wait 120s
      script:
        - mvn --batch-mode verify

    test-python:
      image: python:3.12-slim
      variables:
        # TAOS_USER and TAOS_PASSWORD are masked variables of the project: Settings, CI/CD.
        TAOS_HOST: db.example
        TAOS_SETUP_HOME: $CI_PROJECT_DIR/.taos-setup
      before_script:
        - python -m pip install taos-setup==[VERSION]
        - taos-setup init --lang python --transport ws --check
        - taos-setup verify --transport ws,rest --wait 120s
      script:
        - python -m pip install .
        - python -m unittest discover
    --- stderr
    note: it belongs into .gitlab/tdengine.yml; --write puts it there
    next: add to .gitlab-ci.yml: include: [{ local: .gitlab/tdengine.yml }]
    ");
}

#[test]
fn native_workflow_resolves_the_server() {
    let context = TestContext::new();
    let args = [
        "ci",
        "github",
        "--lang",
        "c",
        "--transport",
        "native",
        "--version",
        "3.3.7.5",
    ];
    let run = context.program(args).run();
    for line in [
        "TAOS_FQDN: tdengine",
        "127.0.0.1 tdengine",
        "taos-setup install 3.3.7.5",
        "taos-setup env --shell github >> \"$GITHUB_ENV\"",
        "verify --transport ws,rest,native --wait",
    ] {
        assert!(run.stdout.contains(line), "{line}: {run}");
    }
    let run = context
        .program(["ci", "github", "--transport", "native"])
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not make a pipeline for github
      a native connection needs the client of the server's version, and no version is given
      next: taos-setup ci github --transport native --version 3.3.7.5
    ");
}

#[test]
fn written_file_is_kept_and_checked() {
    let context = TestContext::new();
    write_files(&context.work(), GO);
    let ci = |more: &[&str]| {
        let mut args = vec!["ci", "gitlab"];
        args.extend(more);
        context.program(args).run()
    };
    let check = ci(&["--check"]);
    assert_eq!(check.exit, Some(7), "{check}");
    assert!(check.stdout.starts_with("--- /dev/null"), "{check}");
    assert_snapshot!(ci(&["--write"]), @"
    exit 0
    --- stdout
    created   .gitlab/tdengine.yml
    --- stderr
    next: add to .gitlab-ci.yml: include: [{ local: .gitlab/tdengine.yml }]
    ");
    // The user's own file names it now, so nothing is left to do.
    write_files(
        &context.work(),
        &[(
            ".gitlab-ci.yml",
            "include:\n  - local: .gitlab/tdengine.yml\n",
        )],
    );
    assert_snapshot!(ci(&["--write"]), @"
    exit 0
    --- stdout
    unchanged .gitlab/tdengine.yml
    --- stderr
    ");
    let check = ci(&["--check"]);
    assert_eq!(check.exit, Some(0), "{check}");
    assert_snapshot!(ci(&["--write", "--version", "3.3.7.5"]), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not write .gitlab/tdengine.yml
      the file exists and differs
      next: taos-setup ci gitlab --dry-run    # .gitlab/tdengine.yml
    ");
}

#[test]
fn matched_server_gives_version_and_host() {
    let context = TestContext::new();
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let target = sandbox.adapter().to_string();
    let run = context.program(["ci", "compose", "--match", &target]).run();
    assert!(run.stdout.contains("image: tdengine/tdengine:3."), "{run}");
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn unknown_words_are_usage_errors() {
    let context = TestContext::new();
    let mut shown = String::new();
    for args in [
        &["ci", "travis"][..],
        &["ci", "github", "--lang", "odbc"],
        &["ci", "dockerfile"],
        &["ci", "github", "--host", "a b"],
    ] {
        let run = context.program(args).run();
        assert_eq!(run.exit, Some(2), "{run}");
        shown += &format!("$ {}\n{}\n", args.join(" "), run.stderr);
    }
    assert_snapshot!(shown, @"
    $ ci travis
    error: invalid value 'travis' for '<SYSTEM>'
      [possible values: github, gitlab, jenkins, dockerfile, compose, k8s, devcontainer, systemd]

    For more information, try '--help'.

    $ ci github --lang odbc
    error[usage]: could not make a pipeline for odbc
      pipelines are known for java, python, go, rust, node, c, csharp, php, lua, r
      next: taos-setup ci --help

    $ ci dockerfile
    error[usage]: could not make a pipeline for dockerfile
      no manifest in the directory shows the language of the project
      next: taos-setup ci dockerfile --lang go

    $ ci github --host a b
    error: invalid value 'a b' for '--host <HOST>': expected a host name or an address

    For more information, try '--help'.
    ");
}
