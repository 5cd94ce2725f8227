//! `taos-setup lock`.

use super::{SETUP, context, read, two_projects, write};
use crate::support::served::Served;
use insta::assert_snapshot;
use taos_sandbox::server::Options;

#[test]
fn projects_are_locked_offline() {
    let context = two_projects();
    assert_snapshot!(context.program(["lock", "--offline"]).run(), @"
    exit 0
    --- stdout
    + server: 3.3.7.0
    + a (go, ws): github.com/taosdata/driver-go/v3 v3.8.2
    + b (python, ws): taos-ws-py 0.7.0
    ok created taos-setup.lock
    --- stderr
    ");
    assert_snapshot!(read(&context, "taos-setup.lock"), @r#"
    # Written by taos-setup. Commit it with taos-setup.toml; `taos-setup lock` updates it.
    schema = 1

    server = [
        { version = "3.3.7.0" },
    ]

    package = [
    ]

    connector = [
        { dir = "a", lang = "go", transport = "ws", package = "github.com/taosdata/driver-go/v3", version = "v3.8.2" },
        { dir = "b", lang = "python", transport = "ws", package = "taos-ws-py", version = "0.7.0" },
    ]
    "#);
    assert_snapshot!(context.program(["lock", "--offline"]).run(), @"
    exit 0
    --- stdout
    ok taos-setup.lock is up to date
    --- stderr
    ");
    assert_eq!(read(&context, "taos-setup.toml"), SETUP);
}

#[test]
fn release_of_the_project_is_kept_until_upgraded() {
    let context = two_projects();
    let manifest = "module a\n\ngo 1.24\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n";
    write(&context, &[("a/go.mod", manifest)]);
    assert_snapshot!(context.program(["lock"]).run(), @"
    exit 0
    --- stdout
    + server: 3.3.7.0
    + a (go, ws): github.com/taosdata/driver-go/v3 v3.7.8
    + b (python, ws): taos-ws-py 0.7.0
    ok created taos-setup.lock
    --- stderr
    ");
    assert_snapshot!(context.program(["lock", "--upgrade", "a"]).run(), @"
    exit 0
    --- stdout
    ~ a (go, ws): github.com/taosdata/driver-go/v3 v3.7.8 -> github.com/taosdata/driver-go/v3 v3.8.2
    ok updated taos-setup.lock
    --- stderr
    ");
    assert_snapshot!(context.program(["lock", "--upgrade", "c"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not upgrade `c`
      taos-setup.toml has nothing of that name
      next: pass one of client, server, a, b, or the package of a locked connector
    ");
}

#[test]
fn digest_of_the_project_is_locked() {
    let context = two_projects();
    let sum = "github.com/taosdata/driver-go/v3 v3.7.8 h1:AbC+/=\n\
               github.com/taosdata/driver-go/v3 v3.7.8/go.mod h1:DeF=\n";
    let manifest = "module a\n\ngo 1.24\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n";
    write(&context, &[("a/go.mod", manifest)]);
    assert_eq!(context.program(["lock"]).run().exit, Some(0));
    write(&context, &[("a/go.sum", sum)]);
    assert_snapshot!(context.program(["lock", "--check"]).run(), @"
    exit 7
    --- stdout
    ~ a (go, ws): github.com/taosdata/driver-go/v3 v3.7.8 -> github.com/taosdata/driver-go/v3 v3.7.8 (h1:AbC+/=)
    --- stderr
    note: taos-setup.lock would change
    next: taos-setup lock
    ");
    assert_snapshot!(context.program(["lock"]).run(), @"
    exit 0
    --- stdout
    ~ a (go, ws): github.com/taosdata/driver-go/v3 v3.7.8 -> github.com/taosdata/driver-go/v3 v3.7.8 (h1:AbC+/=)
    ok updated taos-setup.lock
    --- stderr
    ");
    let run = context.program(["lock", "--check"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn check_reports_what_is_not_locked() {
    let context = two_projects();
    assert_snapshot!(context.program(["lock", "--check"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    note: the version of the server is not locked
    note: the connector of a (go) is not locked
    note: the connector of b (python) is not locked
    next: taos-setup lock
    ");
    assert!(!context.work().join("taos-setup.lock").exists());
    assert_eq!(context.program(["lock"]).run().exit, Some(0));
    let more = format!("{SETUP}\n[client]\nversion = \"3.4.1.0\"\nplatforms = [\"windows-x64\"]\n");
    write(&context, &[("taos-setup.toml", &more)]);
    assert_snapshot!(context.program(["lock", "--check", "--json"]).run(), @r#"
    exit 7
    --- stdout
    {
      "schema": 1,
      "command": "lock",
      "ok": false,
      "data": {
        "lock": "taos-setup.lock",
        "check": true,
        "differs": true,
        "files": [],
        "changes": [],
        "differences": [
          "the client for windows-x64 is not locked"
        ],
        "notes": []
      },
      "findings": [],
      "error": null
    }
    --- stderr
    note: the client for windows-x64 is not locked
    next: taos-setup lock
    "#);
}

/// The catalog knows the digest of this one, so that nothing is downloaded.
#[test]
fn known_packages_and_more_platforms_are_locked() {
    let setup = "[client] # ours\nversion = \"3.0.4.2\"\nplatforms = [\"windows-x64\"] # laptops\n";
    let context = context(&[("taos-setup.toml", setup)]);
    assert_snapshot!(context.program(["lock", "--offline"]).run(), @"
    exit 0
    --- stdout
    + client for windows-x64: 3.0.4.2 (oss)
    ok created taos-setup.lock
    --- stderr
    ");
    let run = context
        .program(["lock", "--offline", "--platform", "linux-x64"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    + client for linux-x64: 3.0.4.2 (oss)
    ok updated taos-setup.toml
    ok updated taos-setup.lock
    --- stderr
    ");
    assert_snapshot!(read(&context, "taos-setup.toml"), @r#"
    [client] # ours
    version = "3.0.4.2"
    platforms = ["windows-x64", "linux-x64"] # laptops
    "#);
    assert_snapshot!(read(&context, "taos-setup.lock"), @r#"
    # Written by taos-setup. Commit it with taos-setup.toml; `taos-setup lock` updates it.
    schema = 1

    server = [
    ]

    package = [
        { platform = "linux-x64", version = "3.0.4.2", edition = "oss", file = "TDengine-client-3.0.4.2-Linux-x64.tar.gz", sha256 = "eeab216e338a17d7c7a5a4fb50d01495000cb5687504dfc64b029edbf937545d", known = "catalog" },
        { platform = "windows-x64", version = "3.0.4.2", edition = "oss", file = "TDengine-client-3.0.4.2-Windows-x64.exe", sha256 = "f118d177f210db7bd0bb87e1375ec60681dfe68052d63811b1b3fb8f99b9f6c3", known = "catalog" },
    ]

    connector = [
    ]
    "#);
}

#[test]
fn server_is_asked_once() {
    let served = Served::new(Options {
        version: "3.3.7.5".into(),
        ..Options::default()
    });
    let (context, adapter) = (&served.context, served.sandbox.adapter());
    let setup =
        format!("[server]\nhost = \"{adapter}\"\n[[project]]\ndir = \"a\"\nlang = \"go\"\n");
    write(context, &[("taos-setup.toml", &setup), ("a/go.mod", GO)]);
    let run = context.program(["lock", "--offline"]).run();
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    --- stderr
    error[lock-stale]: could not determine the version of the server
      it is not locked, and --offline forbids asking
      next: run the command without --offline, or set server.version in taos-setup.toml
    ");
    let run = context
        .program(["lock"])
        .showing(adapter.port(), "PORT")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    + server: 3.3.7.5 (oss)
    + a (go, ws): github.com/taosdata/driver-go/v3 v3.8.2
    ok created taos-setup.lock
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    ");
    let lock = read(context, "taos-setup.lock");
    assert!(!lock.contains("127.0.0.1"), "{lock}");
    let dead = setup.replace(&adapter.to_string(), "192.0.2.1:6041");
    write(context, &[("taos-setup.toml", &dead)]);
    let run = context.program(["lock"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(read(context, "taos-setup.lock"), lock);
}

use super::GO;

#[test]
fn merge_conflicts_are_named_and_resolved() {
    let context = two_projects();
    assert_eq!(context.program(["lock"]).run().exit, Some(0));
    let lock = read(&context, "taos-setup.lock");
    let entry = lock
        .lines()
        .find(|line| line.contains("dir = \"a\""))
        .unwrap();
    let other = entry.replace("dir = \"a\"", "dir = \"c\"");
    let conflict = format!("<<<<<<< HEAD\n{entry}\n=======\n{other}\n>>>>>>> feature");
    write(
        &context,
        &[("taos-setup.lock", &lock.replace(entry, &conflict))],
    );
    assert_snapshot!(context.program(["sync", "--locked"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read taos-setup.lock
      line 12: a git merge left conflict markers here
      next: taos-setup lock
    ");
    assert_snapshot!(context.program(["lock"]).run(), @"
    exit 0
    --- stdout
    - c (go, ws): github.com/taosdata/driver-go/v3 v3.8.2
    ok updated taos-setup.lock
    --- stderr
    note: taos-setup.lock was merged: entries of both sides are kept, contradicting ones are resolved again
    ");
    assert_eq!(read(&context, "taos-setup.lock"), lock);
    write(&context, &[("taos-setup.lock", "schema = 2\n")]);
    assert_snapshot!(context.program(["lock"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not read taos-setup.lock
      line 1: schema 2 was written by a newer taos-setup; this one reads schema 1
      next: update taos-setup
    ");
}

/// Each of two branches adds a project, and git merges them without help.
#[test]
fn branches_that_add_projects_merge() {
    let context = two_projects();
    let rust = "[package]\nname = \"c\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let git = |words: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@b.example"];
        let run = context.start("git", who.iter().chain(words)).run();
        assert_eq!(run.exit, Some(0), "{words:?} {run}");
    };
    let run = |words: &[&str]| {
        let run = context.program(words).run();
        assert_eq!(run.exit, Some(0), "{words:?} {run}");
    };
    let commit = || {
        git(&["add", "."]);
        git(&["commit", "-qm", "a"]);
    };
    git(&["init", "-qb", "main"]);
    write(
        &context,
        &[(".gitattributes", "taos-setup.lock merge=union\n")],
    );
    run(&["lock"]);
    commit();
    git(&["checkout", "-qb", "ours"]);
    write(&context, &[("c/Cargo.toml", rust)]);
    run(&["init", "--dir", "c"]);
    run(&["lock"]);
    commit();
    git(&["checkout", "-qb", "theirs", "main"]);
    let project = "[[project]]\ndir = \"d\"\nlang = \"go\"\n\n[[project]]\ndir = \"a\"";
    let setup = SETUP.replace("[[project]]\ndir = \"a\"", project);
    write(&context, &[("taos-setup.toml", &setup), ("d/go.mod", GO)]);
    run(&["lock"]);
    commit();
    git(&["merge", "-q", "ours"]);
    let lock = read(&context, "taos-setup.lock");
    for dir in ["a", "b", "c", "d"] {
        assert!(lock.contains(&format!("dir = \"{dir}\"")), "{lock}");
    }
    run(&["lock", "--check"]);
    run(&["sync", "--locked"]);
    assert!(read(&context, "d/go.mod").contains("driver-go"));
}

#[test]
fn new_file_lists_what_is_there() {
    let context = context(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".gitattributes", "*.png binary"),
        (
            "services/a/go.mod",
            "module a\n\ngo 1.24\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8\n",
        ),
        (
            "services/b/pyproject.toml",
            "[project]\nname = \"b\"\ndependencies = [\"taos-ws-py==0.6.2\"]\n",
        ),
        (
            "services/c/package.json",
            "{\"dependencies\": {\"left-pad\": \"1.0.0\"}}\n",
        ),
    ]);
    assert_snapshot!(context.program(["lock", "--init"]).run(), @"
    exit 0
    --- stdout
    + services/a (go, ws): github.com/taosdata/driver-go/v3 v3.7.8
    + services/b (python, ws): taos-ws-py 0.6.2
    ok created taos-setup.toml
    ok updated .gitattributes
    ok created taos-setup.lock
    --- stderr
    ");
    assert_snapshot!(read(&context, "taos-setup.toml"), @r#"
    # The TDengine server, client, and projects of this directory; `taos-setup lock` resolves them.

    [[project]]
    dir = "services/a"
    lang = "go"
    transport = "ws"

    [[project]]
    dir = "services/b"
    lang = "python"
    transport = "ws"
    "#);
    assert_eq!(
        read(&context, ".gitattributes"),
        "*.png binary\ntaos-setup.lock merge=union\n"
    );
    assert_snapshot!(context.program(["lock", "--init"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not create taos-setup.toml
      a file of that name exists with other content
      next: taos-setup lock
    ");
}

#[test]
fn faults_are_named_in_chinese() {
    let context = context(&[("taos-setup.toml", "[client]\nplatform = []\n")]);
    let run = context.program(["lock"]).env("TAOS_SETUP_LANG", "zh").run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    错误[file-unparsable]：无法读取 taos-setup.toml
      第 2 行：未知的键 `platform`；是否应为 `platforms`？
      下一步：修改 taos-setup.toml
    ");
    write(&context, &[("taos-setup.toml", SETUP)]);
    let run = context
        .program(["sync", "--locked"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @"
    exit 7
    --- stdout
    --- stderr
    错误[lock-stale]：无法按 taos-setup.lock 同步
      该文件不存在
      下一步：taos-setup lock
    ");
}
