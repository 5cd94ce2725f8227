//! `ci`: pieces of pipelines, printed, written, and checked.

mod found;

use insta::assert_snapshot;

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
      tdengine:
        runs-on: ubuntu-latest
        timeout-minutes: 30
        permissions:
          contents: read
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
          # A mirror for runners without internet; empty is none.
          TAOS_SETUP_MIRROR: ${{ vars.TAOS_SETUP_MIRROR }}
        steps:
          - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
            with:
              persist-credentials: false
          - uses: actions/setup-go@7a3fe6cf4cb3a834922a1244abfce67bcef6a0c5 # v6.2.0
            with:
              go-version: "stable"
          - name: Get taos-setup
            run: pipx install taos-setup==[VERSION]
          - name: Cache the client
            uses: actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5
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
            run: taos-setup verify --transport ws,rest --wait 120s --format github
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
        - taos-setup verify --transport ws,rest --wait 120s --report taos-setup.xml
      script:
        - mvn --batch-mode verify
      artifacts:
        when: always
        reports:
          junit: taos-setup.xml

    test-python:
      image: python:3.12-slim
      variables:
        # TAOS_USER and TAOS_PASSWORD are masked variables of the project: Settings, CI/CD.
        TAOS_HOST: db.example
        TAOS_SETUP_HOME: $CI_PROJECT_DIR/.taos-setup
      before_script:
        - python -m pip install taos-setup==[VERSION]
        - taos-setup init --lang python --transport ws --check
        - taos-setup verify --transport ws,rest --wait 120s --report taos-setup.xml
      script:
        - python -m pip install .
        - python -m unittest discover
      artifacts:
        when: always
        reports:
          junit: taos-setup.xml
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
    let include = "include:\n  - local: .gitlab/tdengine.yml\n";
    write_files(&context.work(), &[(".gitlab-ci.yml", include)]);
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
fn piece_goes_into_the_project_s_own_file_once() {
    let context = TestContext::new();
    let own = "# Our pipeline.\r\nstages: [build, test]\r\n\r\nbuild: # all\r\n    stage: build\r\n    script: [make]\r\n";
    write_files(&context.work(), GO);
    write_files(&context.work(), &[(".gitlab-ci.yml", own)]);
    let ci = |more: &[&str]| {
        let mut args = vec!["ci", "gitlab"];
        args.extend(more);
        let run = context.program(args);
        run.showing(env!("CARGO_PKG_VERSION"), "VERSION").run()
    };
    let read = || std::fs::read_to_string(context.work().join(".gitlab-ci.yml")).unwrap();
    let check = ci(&["--check"]);
    assert_eq!(check.exit, Some(7), "{check}");
    assert_snapshot!(ci(&["--dry-run"]), @"
    exit 0
    --- stdout
    --- a/.gitlab-ci.yml
    +++ b/.gitlab-ci.yml
    @@ -4,3 +4,30 @@
     build: # all
         stage: build
         script: [make]
    +
    +test-go:
    +  image: golang:1
    +  services:
    +    - name: tdengine/tdengine:latest
    +      alias: tdengine
    +      variables:
    +        # What native clients are redirected to; the image's own FQDN is the id of its container.
    +        TAOS_FQDN: tdengine
    +  variables:
    +    TAOS_HOST: tdengine
    +    # The password of a new server; nothing outside this job reaches it.
    +    TAOS_PASSWORD: taosdata
    +    TAOS_SETUP_HOME: $CI_PROJECT_DIR/.taos-setup
    +  before_script:
    +    - apt-get update -q
    +    - apt-get install -y -q --no-install-recommends pipx ca-certificates
    +    - pipx install taos-setup==[VERSION]
    +    - export PATH=$HOME/.local/bin:$PATH
    +    - taos-setup init --lang go --transport ws --check
    +    - taos-setup verify --transport ws,rest --wait 120s --report taos-setup.xml
    +  script:
    +    - go test ./...
    +  artifacts:
    +    when: always
    +    reports:
    +      junit: taos-setup.xml
    --- stderr
    ");
    assert_eq!(read(), own);
    assert_snapshot!(ci(&["--write"]), @"
    exit 0
    --- stdout
    edited    .gitlab-ci.yml
    --- stderr
    ");
    let written = read();
    assert!(written.starts_with(own), "{written:?}");
    assert!(!written.replace("\r\n", "").contains('\n'), "{written:?}");
    assert_snapshot!(ci(&["--write"]), @"
    exit 0
    --- stdout
    unchanged .gitlab-ci.yml
    --- stderr
    ");
    assert_eq!(read(), written);
    assert_eq!(ci(&["--check"]).exit, Some(0));
    // The job of another client has the same name.
    assert_snapshot!(ci(&["--write", "--host", "db.example"]), @"
    exit 7
    --- stdout
    test-go:
      image: golang:1
      variables:
        # TAOS_USER and TAOS_PASSWORD are masked variables of the project: Settings, CI/CD.
        TAOS_HOST: db.example
        TAOS_SETUP_HOME: $CI_PROJECT_DIR/.taos-setup
      before_script:
        - apt-get update -q
        - apt-get install -y -q --no-install-recommends pipx ca-certificates
        - pipx install taos-setup==[VERSION]
        - export PATH=$HOME/.local/bin:$PATH
        - taos-setup init --lang go --transport ws --check
        - taos-setup verify --transport ws,rest --wait 120s --report taos-setup.xml
      script:
        - go test ./...
      artifacts:
        when: always
        reports:
          junit: taos-setup.xml
    --- stderr
    error[would-overwrite]: could not put the piece into .gitlab-ci.yml
      line 8: `test-go` is there with other content
      next: rename or remove `test-go`, or pass --separate for a file of its own
    ");
    assert_eq!(read(), written);
    let separate = ci(&["--write", "--separate"]);
    assert_eq!(separate.exit, Some(0), "{separate}");
    assert!(context.work().join(".gitlab/tdengine.yml").is_file());
}

#[test]
fn file_that_leaves_no_safe_place_is_refused_with_the_piece() {
    let context = TestContext::new();
    let workflow = "on: push\njobs: { build: { runs-on: ubuntu-latest, steps: [] } }\n";
    write_files(
        &context.work(),
        &[(".github/workflows/build.yml", workflow)],
    );
    let into = [
        "ci",
        "github",
        "--into",
        ".github/workflows/build.yml",
        "--write",
    ];
    let run = context.program(into);
    let run = run.showing(env!("CARGO_PKG_VERSION"), "VERSION").run();
    assert_snapshot!(run, @r#"
    exit 7
    --- stdout
    jobs:
      tdengine:
        runs-on: ubuntu-latest
        timeout-minutes: 30
        permissions:
          contents: read
        services:
          tdengine:
            image: tdengine/tdengine:latest
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
          - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
            with:
              persist-credentials: false
          - name: Get taos-setup
            run: pipx install taos-setup==[VERSION]
          - name: Verify the connection
            run: taos-setup verify --transport ws,rest --wait 120s --format github
    --- stderr
    error[would-overwrite]: could not put the piece into .github/workflows/build.yml
      line 2: `jobs` is written in braces
      next: add the piece manually, or pass --separate for a file of its own
    "#);
    let json = context.program(into.iter().chain(&["--json"])).run();
    assert!(
        json.stdout.contains("\"refused\": \"would-overwrite\""),
        "{json}"
    );
    let mut shown = String::new();
    for args in [
        &["ci", "github", "--into", "../build.yml"][..],
        &["ci", "github", "--into", "missing.yml"],
        &["ci", "systemd", "--into", "a.service"],
        &["ci", "github", "--mirror", "https://a:b@mirror.example"],
    ] {
        let run = context.program(args).run();
        assert_eq!(run.exit, Some(2), "{run}");
        shown += &format!("$ {}\n{}\n", args.join(" "), run.stderr);
    }
    assert_snapshot!(shown, @"
    $ ci github --into ../build.yml
    error[usage]: could not put the piece into ../build.yml
      the file is not in the project's directory
      next: taos-setup ci github --write

    $ ci github --into missing.yml
    error[usage]: could not put the piece into missing.yml
      no such file or directory
      next: taos-setup ci github --write

    $ ci systemd --into a.service
    error[usage]: could not put the piece into a.service
      this system has a file of its own for each service
      next: taos-setup ci systemd --write

    $ ci github --mirror https://a:b@mirror.example
    error: invalid value 'https://a:***@mirror.example' for '--mirror <URL|DIR>': expected an address without a login, or a directory, in plain characters

    For more information, try '--help'.
    ");
}

#[test]
fn setup_files_decide_if_no_option_does() {
    let context = TestContext::new();
    let setup = "[server]\nhost = \"https://db.example:443\"\n\n[client]\nversion = \"3.3.7.5\"\n\n[[project]]\ndir = \"services/collector\"\nlang = \"go\"\ntransport = \"native\"\n";
    write_files(&context.work(), &[("taos-setup.toml", setup)]);
    let run = context.program(["ci", "jenkins"]);
    let run = run.showing(env!("CARGO_PKG_VERSION"), "VERSION").run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    // Made by `taos-setup ci jenkins`: the connection is verified before the tests run.
    pipeline {
        agent any
        options {
            timeout(time: 30, unit: 'MINUTES')
        }
        stages {
            stage('tdengine') {
                environment {
                    // The server that the tests use; the credential is a user name with a password.
                    TAOS_HOST = 'db.example'
                    TAOS_LOGIN = credentials('taos-password')
                    TAOS_USER = "${TAOS_LOGIN_USR}"
                    TAOS_PASSWORD = "${TAOS_LOGIN_PSW}"
                    PATH = "${HOME}/.local/bin:${PATH}"
                }
                steps {
                    sh 'pipx install taos-setup==[VERSION]'
                    sh 'taos-setup install 3.3.7.5'
                    sh 'taos-setup init --lang go --transport native --dir services/collector --check'
                    sh 'taos-setup verify https://db.example:443 --transport ws,rest,native --wait 120s --report taos-setup.xml'
                }
                post {
                    always {
                        junit allowEmptyResults: true, testResults: 'taos-setup.xml'
                    }
                }
            }
            stage('test-go') {
                environment {
                    // The server that the tests use; the credential is a user name with a password.
                    TAOS_HOST = 'db.example'
                    TAOS_LOGIN = credentials('taos-password')
                    TAOS_USER = "${TAOS_LOGIN_USR}"
                    TAOS_PASSWORD = "${TAOS_LOGIN_PSW}"
                    PATH = "${HOME}/.local/bin:${PATH}"
                }
                steps {
                    sh '(cd services/collector && taos-setup run -- go test ./...)'
                }
            }
        }
    }
    --- stderr
    note: it belongs into Jenkinsfile.tdengine; --write puts it there
    next: create a credential with the id taos-password; for Jenkinsfile.tdengine, a pipeline job with that script path
    "#);
    let lock = format!(
        "schema = 1\npackage = [\n    {{ platform = \"linux-x64\", version = \"3.3.7.4\", edition = \"oss\", file = \"a.tar.gz\", sha256 = \"{}\", known = \"given\" }},\n]\n",
        "0".repeat(64)
    );
    write_files(&context.work(), &[("taos-setup.lock", lock.as_str())]);
    let run = context.program(["ci", "github"]).run();
    for line in [
        "taos-setup sync --locked\n",
        "taos-setup env --shell github",
        "hashFiles('taos-setup.lock')",
        "TAOS_HOST: db.example\n",
        "verify https://db.example:443 --transport ws,rest,native --wait 120s --format github",
        "(cd services/collector && go test ./...)",
        "vars.TAOS_SETUP_MIRROR",
    ] {
        assert!(run.stdout.contains(line), "{line}: {run}");
    }
    // A version on the command line decides first.
    let run = context
        .program(["ci", "github", "--version", "3.3.6.0"])
        .run();
    assert!(run.stdout.contains("taos-setup install 3.3.6.0\n"), "{run}");
    assert!(!run.stdout.contains("sync --locked"), "{run}");
}

#[test]
fn playbook_names_client_and_server() {
    let context = TestContext::new();
    let words = ["--host", "db.example", "--mirror", "https://mirror.example"];
    let args = [&["ci", "ansible", "--version", "3.3.7.5"], &words[..]].concat();
    assert_snapshot!(context.program(args).run(), @r#"
    exit 0
    --- stdout
    # Made by `taos-setup ci ansible`: the same client on every machine of the group tdengine_clients, verified from each. Needs the collection
    # taos_setup.tdengine, and the program for each kind of machine in files/taos-setup (linux-x64/taos-setup, …).
    ---
    - name: TDengine clients
      hosts: tdengine_clients
      gather_facts: false
      serial: ["10%", "100%"]
      max_fail_percentage: 10
      tasks:
        - name: Install and verify
          ansible.builtin.include_role:
            name: taos_setup.tdengine.taos_setup
          vars:
            taos_setup_binaries: files/taos-setup
            taos_setup_version: "3.3.7.5"
            taos_setup_mirror: "https://mirror.example"
            taos_setup_targets: ["db.example"]
            taos_setup_transports: [ws, rest]
            taos_setup_wait: 60s
            taos_setup_user: "{{ taos_user | default('root') }}"
            taos_setup_password: "{{ vault_taos_password }}"

        - name: One report over all machines
          taos_setup.tdengine.report:
            dest: "{{ playbook_dir }}/tdengine{{ item }}"
          loop: [.html, .xml]
          run_once: true
    --- stderr
    note: it belongs into tdengine-ansible.yml; --write puts it there
    next: put the machines into the group tdengine_clients, set vault_taos_password, and tdengine_host if the file names no server; then: ansible-playbook tdengine-ansible.yml
    "#);
    let run = context.program(["ci", "ansible"]).run();
    let server = "taos_setup_targets: [\"{{ tdengine_host }}\"]";
    assert!(run.stdout.contains(server), "{run}");
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
      [possible values: github, gitlab, jenkins, dockerfile, compose, k8s, devcontainer, ansible, systemd]

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

#[test]
fn options_without_effect_are_named() {
    let context = TestContext::new();
    let all = [
        "--lang",
        "go",
        "--transport",
        "native",
        "--version",
        "3.3.7.5",
        "--host",
        "db.example",
        "--mirror",
        "https://mirror.example/tdengine",
    ];
    let mut found = Vec::new();
    for system in [
        "github",
        "gitlab",
        "jenkins",
        "dockerfile",
        "compose",
        "k8s",
        "devcontainer",
        "ansible",
        "systemd",
    ] {
        let args = [&["ci", system, "--json"], &all[..]].concat();
        let unused = context.program(args).run().json()["data"]["unused"].take();
        found.push(format!("{system}: {unused}"));
    }
    assert_snapshot!(found.join("\n"), @r#"
    github: []
    gitlab: []
    jenkins: []
    dockerfile: ["--transport","--host"]
    compose: ["--lang","--transport","--host","--mirror"]
    k8s: ["--lang"]
    devcontainer: []
    ansible: ["--lang"]
    systemd: ["--lang","--version","--host","--mirror"]
    "#);
    // Without a native connection, a job needs no client.
    let args = ["ci", "k8s", "--host", "db", "--mirror", "/srv/tdengine"];
    let run = context
        .program(args)
        .showing(env!("CARGO_PKG_VERSION"), "VERSION")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    # Made by `taos-setup ci k8s`: a job that ends when a real query succeeds, or says why it does not.
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: taos-setup-verify
    spec:
      backoffLimit: 0
      ttlSecondsAfterFinished: 86400
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: taos-setup
              image: python:3.12-slim
              command: ["sh", "-ec"]
              args:
                - |
                  pip install --quiet --disable-pip-version-check taos-setup==[VERSION]
                  taos-setup verify --transport ws,rest --wait 300s
              env:
                - name: TAOS_HOST
                  value: db
              envFrom:
                - secretRef:
                    name: tdengine
              securityContext:
                allowPrivilegeEscalation: false
              resources:
                limits:
                  memory: 256Mi
    --- stderr
    note: no effect on k8s: --mirror
    note: it belongs into tdengine-verify.yaml; --write puts it there
    next: kubectl create secret generic tdengine --from-literal=TAOS_USER=root --from-literal=TAOS_PASSWORD=PASSWORD
    "#);
}

#[test]
fn job_of_a_native_connection_installs_the_client() {
    let context = TestContext::new();
    let native = ["ci", "k8s", "--transport", "native", "--version", "3.3.7.5"];
    let args = [&native[..], &["--mirror", "/srv/tdengine", "--quiet"]].concat();
    let run = context.program(args).run();
    assert!(run.stdout.contains("taos-setup install 3.3.7.5\n"), "{run}");
    assert!(run.stdout.contains("value: \"/srv/tdengine\"\n"), "{run}");
    assert!(run.stdout.contains("--transport ws,rest,native "), "{run}");
}

#[test]
fn units_of_systemd_wait_and_check_regularly() {
    let context = TestContext::new();
    let printed = context
        .program(["ci", "systemd", "--transport", "ws", "--quiet"])
        .run();
    assert_snapshot!(printed, @"
    exit 0
    --- stdout
    # taos-setup-verify.service
    # Made by `taos-setup ci systemd`: services that need TDengine start after a real query has succeeded.
    # Requires=taos-setup-verify.service and After=taos-setup-verify.service in their units make them wait.
    [Unit]
    Description=Wait for TDengine
    Wants=network-online.target
    After=network-online.target

    [Service]
    Type=oneshot
    RemainAfterExit=yes
    # TAOS_HOST, TAOS_USER, and TAOS_PASSWORD; readable by root only.
    EnvironmentFile=/etc/taos-setup/verify.env
    ExecStart=/usr/local/bin/taos-setup verify --transport ws,rest --wait 300s
    DynamicUser=yes
    TimeoutStartSec=330

    [Install]
    WantedBy=multi-user.target

    # taos-setup-check.service
    # Made by `taos-setup ci systemd`: verifies the connections of this machine, and leaves the result for Prometheus' node exporter.
    # taos-setup-check.timer starts it.
    [Unit]
    Description=Verify the connections to TDengine
    Wants=network-online.target
    After=network-online.target

    [Service]
    Type=oneshot
    # TAOS_HOST, TAOS_USER, and TAOS_PASSWORD; readable by root only.
    EnvironmentFile=/etc/taos-setup/verify.env
    ExecStartPre=+/usr/bin/install -d /var/lib/prometheus/node-exporter
    ExecStart=/usr/local/bin/taos-setup verify --transport ws,rest --report /var/lib/prometheus/node-exporter/tdengine.prom
    ProtectSystem=strict
    ReadWritePaths=/var/lib/prometheus/node-exporter
    PrivateTmp=yes
    NoNewPrivileges=yes
    TimeoutStartSec=120

    # taos-setup-check.timer
    # Made by `taos-setup ci systemd`: verifies the connections every five minutes, not on all machines at the same second.
    [Unit]
    Description=Verify the connections to TDengine regularly

    [Timer]
    OnBootSec=1min
    OnUnitActiveSec=5min
    RandomizedDelaySec=30

    [Install]
    WantedBy=timers.target
    --- stderr
    ");
    let words = ["ci", "systemd", "--transport", "ws"];
    let run = |more: &[&str]| context.program([&words[..], more].concat()).run();
    assert_snapshot!(run(&["--write"]), @"
    exit 0
    --- stdout
    created   taos-setup-verify.service
    created   taos-setup-check.service
    created   taos-setup-check.timer
    --- stderr
    next: sudo install -d -m 700 /etc/taos-setup, write TAOS_HOST, TAOS_USER, and TAOS_PASSWORD into /etc/taos-setup/verify.env (NAME=VALUE), then: sudo cp taos-setup-verify.service taos-setup-check.* /etc/systemd/system/ && sudo systemctl enable --now taos-setup-verify.service taos-setup-check.timer
    ");
    assert_eq!(run(&["--check"]).exit, Some(0));
    assert_snapshot!(run(&["--write"]), @"
    exit 0
    --- stdout
    unchanged taos-setup-verify.service
    unchanged taos-setup-check.service
    unchanged taos-setup-check.timer
    --- stderr
    next: sudo install -d -m 700 /etc/taos-setup, write TAOS_HOST, TAOS_USER, and TAOS_PASSWORD into /etc/taos-setup/verify.env (NAME=VALUE), then: sudo cp taos-setup-verify.service taos-setup-check.* /etc/systemd/system/ && sudo systemctl enable --now taos-setup-verify.service taos-setup-check.timer
    ");
    // A file that a person changed stays.
    let timer = context.work().join("taos-setup-check.timer");
    std::fs::write(&timer, "[Timer]\n").unwrap();
    assert_eq!(run(&["--check"]).exit, Some(7));
    assert_snapshot!(run(&["--write"]), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not write taos-setup-check.timer
      the file exists and differs
      next: taos-setup ci systemd --dry-run    # taos-setup-check.timer
    ");
    assert_eq!(std::fs::read_to_string(&timer).unwrap(), "[Timer]\n");
}
