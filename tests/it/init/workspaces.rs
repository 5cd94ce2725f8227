//! `init` in projects that stand in a workspace: of Cargo, of Go, of npm, yarn, pnpm and Bun. Its root is looked at, and never changed.

use std::fs;

use crate::support::program::{Run, TestContext};
use crate::support::tree::write_files;
use insta::{allow_duplicates, assert_snapshot};

/// A context with `files`, each a path and a text.
fn context(files: &[(&str, &str)]) -> TestContext {
    let context = TestContext::new();
    write_files(&context.work(), files);
    context
}

/// `init` with `arguments` in `folder`.
fn init(context: &TestContext, folder: &str, arguments: &[&str]) -> Run {
    let all = [&["init", "--dir", folder][..], arguments].concat();
    context.program(&all).run()
}

/// How `run` ended, what is stale and how it is built: its lines about workspaces.
fn stderr_of(run: &Run) -> String {
    let words = [
        "workspace",
        "go.work",
        "matches",
        "holds",
        "  cd ",
        "install",
        "  node",
        "  yarn",
        "refresh",
        "running",
    ];
    let lines = run.stdout.lines().chain(run.stderr.lines());
    let lines = lines.filter(|line| words.iter().any(|word| line.contains(word)));
    let lines: Vec<_> = lines.collect();
    format!("exit {}\n{}", run.exit.unwrap_or(-1), lines.join("\n"))
}

const NODE_ROOT: &str = r#"{"name": "root", "private": true, "workspaces": ["packages/*"]}"#;
const NODE_MEMBER: &str = "{\n  \"name\": \"m\",\n  \"version\": \"1.0.0\"\n}\n";

/// The lock file of an npm workspace, in which `a` has the connector and `b` has `b`.
fn npm_lock(b: &str) -> String {
    format!(
        r#"{{"lockfileVersion": 3, "packages": {{"": {{}}, "packages/a": {{"dependencies": {{"@tdengine/websocket": "3.2.1"}}}}, "packages/b": {{{b}}}, "node_modules/@tdengine/websocket": {{}}}}}}"#
    )
}

#[test]
fn lock_file_of_an_npm_workspace_is_refreshed() {
    let context = context(&[
        ("package.json", NODE_ROOT),
        ("packages/b/package.json", NODE_MEMBER),
        ("package-lock.json", &npm_lock("")),
        ("apps/c/package.json", NODE_MEMBER),
    ]);
    assert_snapshot!(stderr_of(&init(&context, "packages/b", &["--lang", "node"])), @"
    exit 0
      cd packages/b
      npm install
    note: ../../package-lock.json no longer matches; refresh it: npm install --package-lock-only
    ");
    // That another member has it does not make the lock file fresh.
    assert_eq!(init(&context, "packages/b", &["--check"]).exit, Some(7));
    let locked = npm_lock(r#""dependencies": {"@tdengine/websocket": "3.2.1"}"#);
    fs::write(context.work().join("package-lock.json"), locked).unwrap();
    assert_eq!(init(&context, "packages/b", &["--check"]).exit, Some(0));
    // A package that the root does not name has a lock file of its own.
    let apart = init(&context, "apps/c", &[]);
    assert_eq!(apart.exit, Some(0));
    assert!(!apart.stderr.contains("package-lock"), "{apart}");
}

#[test]
fn lock_file_of_a_pnpm_workspace_is_refreshed() {
    let lock = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  packages/a:\n    dependencies:\n      '@tdengine/websocket':\n        specifier: 3.2.1\n        version: 3.2.1\n\n  packages/b: {}\n";
    let context = context(&[
        ("package.json", "{\"name\": \"root\"}"),
        (
            "pnpm-workspace.yaml",
            "packages:\n  - 'packages/*'\n  - '!**/old'\n",
        ),
        ("pnpm-lock.yaml", lock),
        ("packages/b/package.json", NODE_MEMBER),
    ]);
    for folder in ["packages/b", "packages/new"] {
        let arguments = ["--lang", "node", "--example", "basic"];
        let run = init(&context, folder, &arguments);
        allow_duplicates!(
            assert_snapshot!(stderr_of(&run).replace(folder, "[folder]").replace("main.js", "taos-example.mjs"), @"
            exit 0
              cd [folder]
              pnpm install
              node taos-example.mjs
            note: ../../pnpm-lock.yaml no longer matches; refresh it: pnpm install --lockfile-only
            ")
        );
    }
    let readme = fs::read_to_string(context.work().join("packages/new/README.md")).unwrap();
    assert!(readme.contains("    pnpm install\n"), "{readme}");
    let apart = init(&context, "packages/old", &["--lang", "node"]);
    assert!(
        apart.stdout.contains("npm install") && !apart.stdout.contains("pnpm"),
        "{apart}"
    );
}

/// Without a lock file, the manifest names the program.
#[test]
fn named_package_manager_is_used() {
    for (manager, expected) in [
        ("pnpm@9.1.0", "pnpm install"),
        ("yarn@4.1.0+sha224.ab", "yarn install"),
        ("bun@1.2.0", "bun install"),
        ("npm@11.0.0", "npm install"),
        ("other@1.0.0", "npm install"),
    ] {
        let package = format!("{{\n  \"name\": \"m\",\n  \"packageManager\": \"{manager}\"\n}}\n");
        let own = context(&[("a/package.json", &package)]);
        let root = package.replace("\"name\"", "\"workspaces\": [\"*\"],\n  \"name\"");
        let of_root = context(&[("package.json", &root), ("a/package.json", NODE_MEMBER)]);
        for context in [own, of_root] {
            let run = init(&context, "a", &[]);
            assert!(
                run.stdout.contains(&format!("\n  {expected}\n")),
                "{manager}\n{run}"
            );
        }
    }
}

/// yarn without node_modules: only yarn's own node finds packages, and one command makes both files.
#[cfg(unix)]
#[test]
fn of_yarn_with_plug_n_play() {
    use std::os::unix::fs::PermissionsExt;
    let context = context(&[
        ("package.json", NODE_ROOT),
        ("yarn.lock", ""),
        (".pnp.cjs", ""),
        ("packages/b/package.json", NODE_MEMBER),
    ]);
    let tools = context.root().join("tools");
    fs::create_dir_all(&tools).unwrap();
    let script = "#!/bin/sh\necho \"yarn $*\" >> runs\nprintf '\"@tdengine/websocket@npm:3.2.1\":\\n' > ../../yarn.lock\n";
    fs::write(tools.join("yarn"), script).unwrap();
    fs::set_permissions(tools.join("yarn"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = context
        .program(["init", "--dir", "packages/b", "--lock"])
        .env("PATH", &tools)
        .run();
    assert_snapshot!(stderr_of(&run), @"
    exit 0
      cd packages/b
      yarn install
    note: running yarn install
    ");
    let runs = fs::read_to_string(context.work().join("packages/b/runs")).unwrap();
    assert_eq!(runs, "yarn install\n");
}

const CARGO_ROOT: &str = "[workspace]\nresolver = \"2\"\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n\n[workspace.dependencies]\ntaos = \"0.5\"\n";
const CARGO_LOCK: &str = "version = 4\n\n[[package]]\nname = \"tokio\"\nversion = \"1.54.1\"\n";

#[test]
fn new_cargo_package_joins_its_workspace() {
    let context = context(&[("Cargo.toml", CARGO_ROOT), ("Cargo.lock", CARGO_LOCK)]);
    assert_snapshot!(stderr_of(&init(&context, "tools/new", &["--lang", "rust"])), @r#"
    exit 0
      cd tools/new
    note: ../../Cargo.toml:1 is the root of a workspace without this package, which Cargo then refuses to build: add "tools/new" to its members or to its exclude
    "#);
    assert_snapshot!(stderr_of(&init(&context, "crates/new", &["--lang", "rust"])), @"
    exit 0
      cd crates/new
    note: ../../Cargo.lock no longer matches; refresh it: cargo update --workspace
    ");
    assert_snapshot!(stderr_of(&init(&context, "crates/old", &["--lang", "rust"])), @"
    exit 0
      cd crates/old
    ");
}

/// Neither a workspace that excludes a package nor a package above it has a say in it.
#[test]
fn package_outside_the_workspace() {
    let package = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let context = context(&[
        ("Cargo.toml", CARGO_ROOT),
        ("Cargo.lock", CARGO_LOCK),
        ("crates/old/Cargo.toml", package),
        ("apart/Cargo.toml", package),
        ("apart/Cargo.lock", CARGO_LOCK),
        ("apart/xtask/Cargo.toml", &format!("{package}[workspace]\n")),
    ]);
    fs::create_dir(context.work().join("apart/below")).unwrap();
    fs::rename(
        context.work().join("Cargo.toml"),
        context.work().join("root.toml"),
    )
    .unwrap();
    fs::write(context.work().join("apart/below/Cargo.toml"), package).unwrap();
    let below = init(&context, "apart/below", &[]);
    assert_eq!(
        (stderr_of(&below).as_str(), below.exit),
        ("exit 0\n  cd apart/below", Some(0))
    );
    fs::rename(
        context.work().join("root.toml"),
        context.work().join("Cargo.toml"),
    )
    .unwrap();
    for folder in ["crates/old", "apart/xtask"] {
        let run = init(&context, folder, &[]);
        assert_eq!(stderr_of(&run), format!("exit 0\n  cd {folder}"));
        let manifest = fs::read_to_string(context.work().join(folder).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("taos = { version = \"0.12.3\""),
            "{manifest}"
        );
    }
}

/// The manifest has the connector already, and what does not work with it; the lock file has both.
#[test]
fn broken_companion_in_lock_file() {
    let package = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\ntaos = \"0.12.3\"\ntokio = \"1\"\n";
    let lock = format!(
        "{CARGO_LOCK}\n[[package]]\nname = \"taos\"\nversion = \"0.12.3\"\nsource = \"registry\"\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\n \"taos\",\n \"tokio\",\n]\n"
    );
    let context = context(&[("a/Cargo.toml", package), ("a/Cargo.lock", &lock)]);
    for arguments in [&[][..], &["--check"]] {
        let run = init(&context, "a", arguments);
        assert_eq!(
            run.exit,
            Some(if arguments.is_empty() { 0 } else { 7 }),
            "{run}"
        );
        assert!(
            run.stderr
                .contains("Cargo.lock no longer matches; refresh it: cargo update --workspace")
                && run.stderr.contains("Cargo.lock contains tokio 1.54.1"),
            "{run}"
        );
    }
    fs::write(
        context.work().join("a/Cargo.lock"),
        lock.replace("1.54.1", "1.53.3"),
    )
    .unwrap();
    assert_eq!(init(&context, "a", &["--check"]).exit, Some(0));
    // That another package needs the connector does not lock it for this one.
    let other = lock
        .replace("1.54.1", "1.53.3")
        .replace("name = \"a\"", "name = \"b\"");
    fs::write(context.work().join("a/Cargo.lock"), other).unwrap();
    assert_eq!(init(&context, "a", &["--check"]).exit, Some(7));
}

#[test]
fn workspace_of_go_without_the_module_is_reported() {
    let work = "go 1.22\n\nuse (\n\t./a // ours\n\t\"./b\"\n)\n";
    let module = "module example.com/m\n\ngo 1.22\n";
    let context = context(&[
        ("go.work", work),
        ("a/go.mod", module),
        ("b/go.mod", module),
        ("c/d/go.mod", module),
    ]);
    for used in ["a", "b"] {
        let run = init(&context, used, &["--lang", "go"]);
        assert_eq!(stderr_of(&run), format!("exit 0\n  cd {used}"));
    }
    for (folder, path) in [("c/d", "../../go.work"), ("new", "../go.work")] {
        let run = init(&context, folder, &["--lang", "go"]);
        allow_duplicates!(
            assert_snapshot!(stderr_of(&run).replace(folder, "[folder]").replace(path, "[path]"), @"
            exit 0
              cd [folder]
            note: [path] does not use this module, so the go command refuses to build it: `go work use .` adds it, and GOWORK=off ignores the workspace
            ")
        );
    }
}

/// A module may be used by a link to it.
#[cfg(unix)]
#[test]
fn of_go_by_a_link() {
    let context = context(&[
        ("go.work", "go 1.22\n\nuse ./link\n"),
        ("real/go.mod", "module example.com/m\n\ngo 1.22\n"),
    ]);
    std::os::unix::fs::symlink("real", context.work().join("link")).unwrap();
    for folder in ["real", "link"] {
        let run = init(&context, folder, &[]);
        assert_eq!(stderr_of(&run), format!("exit 0\n  cd {folder}"));
    }
}

/// Go builds from the folder vendor what is in it, so the commands fill it again.
#[test]
fn vendored_module_is_refreshed() {
    let context = context(&[
        ("a/go.mod", "module example.com/a\n\ngo 1.22\n"),
        ("a/vendor/modules.txt", "# example.com/x v1.0.0\n"),
    ]);
    let run = init(&context, "a", &[]);
    assert!(
        run.stdout.contains("taosWS@v3.8.2 && go mod vendor\n")
            && run
                .stderr
                .contains("vendor/modules.txt no longer matches; refresh it: go mod vendor"),
        "{run}"
    );
}

/// What a dry run prints is what `git apply` and `patch` take: the byte order mark is part of the first line.
#[test]
fn byte_order_mark_in_diff() {
    let context = context(&[("a/package.json", "\u{feff}{\r\n  \"name\": \"a\"\r\n}\r\n")]);
    let run = init(&context, "a", &["--dry-run"]);
    assert!(run.stdout.contains("\n \u{feff}{\r\n"), "{run}");
}
